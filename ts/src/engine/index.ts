/** The native engine as TypeScript sees it. This folder alone imports the addon. */
export { Engine } from './engine.js'
export { tape } from './tape.js'
export type {
  ConvertOptions,
  ConvertReport,
  Finding,
  MergeOptions,
  ReadReport,
  ReplayOptions,
  ReplayReport,
  SliceOptions,
  TapeInfo,
  TapeProgress,
  TapeRow,
  VerifyReport,
  Watched,
} from './tape-types.js'
export type {
  BarConfig,
  BookStates,
  EngineConfig,
  IndicatorConfig,
  Latency,
  LedgerReport,
  LoadOptions,
  Markout,
  OwnEvent,
  QueueReport,
  RunMode,
  RunObserver,
  RunOptions,
  RunResult,
  Sample,
} from './types.js'
