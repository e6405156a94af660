/** The native engine as TypeScript sees it. This folder alone imports the addon. */
export { Engine } from './engine.js'
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
