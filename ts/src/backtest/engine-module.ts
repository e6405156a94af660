import type { InstrumentSpec, Strategy } from '../domain/index.js'
import type { EngineConfig, LedgerReport, RunOptions, RunResult } from '../engine/types.js'

/** What a backtest asks of an engine. The façade of `ts/src/engine` is one; tests bring their own. */
export interface BacktestEngine {
  loadTapes(paths: readonly string[], options?: { readonly cacheDir?: string | null }): void
  readonly tickCount: number
  run(strategy: Strategy, options?: RunOptions): RunResult
  ledger(): LedgerReport
  close(): void
}

/** What a backtest asks of the module that makes engines. Handed in, so that only who runs something loads the addon. */
export interface EngineModule {
  readonly Engine: new (config: EngineConfig) => BacktestEngine
  readonly tape: { info(path: string): { readonly instruments: readonly InstrumentSpec[] } }
}
