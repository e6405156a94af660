/** The words of the desk: orders, instruments, what a controller sees and says, and errors. Imports nothing. */
export { ERROR_CODES, type ErrorCode, TickwrightError } from './errors.js'
export { INSTRUMENT_KINDS, type InstrumentKind, type InstrumentSpec } from './instrument.js'
export {
  type Bracket,
  type Exits,
  type OrderRequest,
  submitBracket,
  submitOneCancelsOther,
} from './linked-orders.js'
export type {
  Bar,
  Commands,
  Controller,
  Desired,
  Fill,
  Frame,
  Hooks,
  Interests,
  OrderTable,
  OrderUpdate,
  StartContext,
  Strategy,
} from './market.js'
export { ORDER_EVENT_NAMES, OrderEventKind, OrderState, OrderType, Side } from './order.js'
export type { OrderTerms } from './order-terms.js'
