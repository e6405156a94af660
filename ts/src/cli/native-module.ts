import type { EngineModule } from '../backtest/index.js'
import type {
  ConvertOptions,
  ConvertReport,
  MergeOptions,
  ReaderInfo,
  ReplayOptions,
  ReplayReport,
  SliceOptions,
  TapeInfo,
  TapeRow,
  VerifyReport,
  Watched,
} from '../engine/tape-types.js'

export type {
  ConvertReport,
  Finding,
  ReaderInfo,
  ReadingOptions,
  ReplayReport,
  TapeInfo,
  TapeProgress,
  TapeRow,
  VerifyReport,
} from '../engine/tape-types.js'

/** What the command line asks of the engine's module. Loaded only by the commands that need it. */
export interface NativeModule extends EngineModule {
  readonly tape: {
    convert(options: ConvertOptions): ConvertReport
    readers(): readonly ReaderInfo[]
    info(path: string): TapeInfo
    /** Up to `limit` records from record number `offset` on. */
    cat(path: string, options: { readonly offset: number; readonly limit: number }): readonly TapeRow[]
    slice(options: SliceOptions): TapeInfo
    merge(options: MergeOptions): TapeInfo
    verify(path: string, options?: Watched): VerifyReport
    replay(options: ReplayOptions): ReplayReport
  }
}
