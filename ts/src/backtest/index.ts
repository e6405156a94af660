/** From a run file to a result folder: config, controller, recorder, summary, and the independent ledger. */
export { bundledFolder } from './bundled.js'
export { RUN_MODES, readRunConfig } from './config.js'
export type { EngineModule } from './engine-module.js'
export { formatSummary } from './format-summary.js'
export { bundledInstrumentIds, resolveInstruments } from './instrument-file.js'
export { checkLedger, type LedgerCheck } from './ledger-check.js'
export { runController } from './run-controller.js'
export { type RunOutcome, runFile } from './run-file.js'
