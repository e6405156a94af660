/** The native engine as TypeScript sees it. This folder alone imports the addon. */
export {
  type Commands,
  type Frame,
  type InstrumentSpec,
  type Interests,
  OrderEventKind,
  type OrderRequest,
  OrderState,
  type OrderTable,
  type OrderTerms,
  OrderType,
  Side,
  type Strategy,
  submitBracket,
  submitOneCancelsOther,
  TickwrightError,
} from '../domain/index.js'
export { Engine } from './engine.js'
export type { BarConfig, IndicatorConfig } from './indicator-config.js'
export * from './library/index.js'
export { type LiveOptions, type LiveReport, LiveRun } from './live-run.js'
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
  BarPath,
  BookStates,
  EngineConfig,
  Fault,
  FaultKind,
  FeedFault,
  FeedFaultKind,
  FillRules,
  Latency,
  LedgerReport,
  LoadOptions,
  Markout,
  OwnEvent,
  QueueReport,
  RateLimit,
  RunMode,
  RunObserver,
  RunOptions,
  RunResult,
  Sample,
} from './types.js'
