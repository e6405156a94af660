import type { OrderEventKind, OrderState, OrderType, Side } from './order.js'
import type { OrderTerms } from './order-terms.js'

/** Everything that a controller may read at one tick. Valid during the call only: copy what you keep. */
export interface Frame {
  /** Receive time, µs since the Unix epoch. */
  readonly tsUs: number
  /** Receive time, ns since the Unix epoch. Allocates a BigInt: not for every tick. */
  readonly tsNs: bigint
  /** Venue time, ns since the Unix epoch. Allocates a BigInt: not for every tick. */
  readonly exchTsNs: bigint
  /** Index of the instrument this tick is of, in the engine's order. */
  readonly instrument: number
  /** Kind of the record, see `TickKind`. */
  readonly kind: number
  /** 0 bid or buying aggressor, 1 ask or selling aggressor, 2 none. */
  readonly side: number
  /** Whether the record ends a venue message: only then is the book whole. */
  readonly isLast: boolean
  /** Price of the record in ticks. */
  readonly priceTicks: number
  /** Size of the record in lots. */
  readonly sizeLots: number

  /** Best bid in ticks, NaN when the side is empty. */
  readonly bidTicks: number
  /** Best ask in ticks, NaN when the side is empty. */
  readonly askTicks: number
  /** Size at the best bid in lots. */
  readonly bidLots: number
  /** Size at the best ask in lots. */
  readonly askLots: number
  /** Best bid as a price, for reading. */
  readonly bid: number
  /** Best ask as a price, for reading. */
  readonly ask: number
  /** (bid + ask) / 2 as a price, for reading. */
  readonly mid: number
  /** ask − bid in ticks. */
  readonly spreadTicks: number
  /** Whether the book is LIVE: both sides there, no gap, not crossed, not silent. */
  readonly isLive: boolean

  /** Output of indicator `index` of the config, NaN until it is ready. */
  indicator(index: number): number

  /** Position of the current instrument in lots, as far as we know; negative is short. */
  readonly positionLots: number
  /** The same in units of the instrument. */
  readonly position: number
  /** How many of our orders we know to be live or on their way. */
  readonly openOrders: number
  /** Equity of the account in the settlement asset at the current mid, for reading. */
  readonly equity: number
}

/** The way down: each call puts one command into a ring and allocates nothing. Usable at action points only. */
export interface Commands {
  /**
   * Sends an order; returns its id (above 0). Terms make stops, dated, reduce-only and linked orders; they are checked and
   * take a second place in the ring.
   * Throws `E_COMMAND_RING_FULL`, `E_TOO_MANY_ORDERS`, `E_NOT_AN_ACTION_POINT`, `E_ARGUMENT`.
   */
  submit(
    side: Side,
    priceTicks: number,
    sizeLots: number,
    type?: OrderType,
    instrument?: number,
    terms?: OrderTerms,
  ): number
  /** The same by decimal text or number; what is off the grid is `E_OFF_GRID`. Slower: parses. */
  submitDecimal(
    side: Side,
    price: string | number,
    size: string | number,
    type?: OrderType,
    instrument?: number,
  ): number
  /**
   * Asks for a new price and a new whole size, in which what is filled already counts; it must be more than that. The same
   * price and no larger size keep the place in the queue.
   */
  amend(orderId: number, priceTicks: number, sizeLots: number): void
  /** Asks for another trigger of a stop that still waits for its own. */
  moveTrigger(orderId: number, triggerTicks: number): void
  /** Asks how an order stands, after an answer that never came; the answer is news like any other. */
  query(orderId: number): void
  /** Asks to cancel; a fill may still win. */
  cancel(orderId: number): void
  /** Cancels every order that is open or may be, without a request under way; returns how many. */
  cancelAll(instrument?: number): number
  /** Our orders as far as we know. */
  readonly orders: OrderTable
}

/**
 * Our live orders as far as news has reached us: a view of shared memory, no allocation. A request is under way from the
 * moment it is written: `PendingNew`, `PendingAmend`, `PendingCancel`; a cancel hides an amendment.
 */
export interface OrderTable {
  /** How many are live or on their way. */
  readonly count: number
  /** Id of the k-th live order, oldest first. */
  idAt(k: number): number
  /** Where it stands; `None` if that id is not live. */
  state(orderId: number): OrderState
  side(orderId: number): Side
  instrument(orderId: number): number
  priceTicks(orderId: number): number
  leavesLots(orderId: number): number
}

/** A fill of one of our orders. Reused between calls: copy what you keep. */
export interface Fill {
  readonly orderId: number
  readonly instrument: number
  readonly side: Side
  readonly priceTicks: number
  readonly sizeLots: number
  /** What of the order is still open afterwards. */
  readonly leavesLots: number
  readonly isMaker: boolean
  /** Fee in the settlement asset, for reading; the ledger has it exactly. */
  readonly fee: number
  /** When we learnt of it, µs since the Unix epoch. */
  readonly tsUs: number
}

/** Any other news of one of our orders. Reused between calls: copy what you keep. */
export interface OrderUpdate {
  readonly kind: OrderEventKind
  readonly orderId: number
  readonly instrument: number
  readonly side: Side
  readonly priceTicks: number
  readonly leavesLots: number
  /** Why, for rejections: a name such as `would_cross`, else ''. */
  readonly reason: string
  readonly tsUs: number
}

/** A bar that has just closed. Reused between calls. */
export interface Bar {
  readonly instrument: number
  readonly openUs: number
  readonly closeUs: number
  readonly openTicks: number
  readonly highTicks: number
  readonly lowTicks: number
  readonly closeTicks: number
  readonly volumeLots: number
  readonly trades: number
}

/** When a controller wants to act. Several may be named; the first hit counts. Default: `{ every: 'message' }`. */
export interface Interests {
  /** `message`: at the last record of each venue message; `record`: at every record; a number: at every n-th record. */
  readonly every?: 'message' | 'record' | number
  /** At the first record at or after each multiple of this many milliseconds. */
  readonly intervalMs?: number
  /** At every trade. */
  readonly trade?: boolean
  /** When a best price changes. */
  readonly bestPrice?: boolean
  /** When the mid has moved by this many ticks since the last action point. */
  readonly midMovedTicks?: number
  /** When the best bid or ask goes from one side of one of these prices, in ticks, to it or beyond. */
  readonly crossesTicks?: readonly number[]
  /** When something happens to one of our orders. */
  readonly ownEvent?: boolean
  /** When a bar closes. */
  readonly barClose?: boolean
}

/** What the engine tells a controller before the first tick. */
export interface StartContext {
  readonly instruments: readonly {
    readonly id: string
    readonly tickSize: number
    readonly lotSize: number
  }[]
  /** Place of a named indicator for `frame.indicator`. Unknown names are `E_CONFIG`. */
  indicatorIndex(name: string): number
}

/** What both levels of strategy code share. Pure: no I/O, no timers, no wall clock, no unseeded randomness. */
export interface Hooks {
  readonly interests?: Interests
  onStart?(context: StartContext): void
  onFill?(fill: Fill): void
  onOrderUpdate?(update: OrderUpdate): void
  onBar?(bar: Bar): void
  /** Sees every record in frames mode, also between action points; must not send commands. */
  onFrame?(frame: Frame): void
  /** State as JSON-serialisable data. For whoever saves the engine: the engine itself saves no controller. */
  snapshot?(): unknown
  /** Takes up what `snapshot` gave, before the first tick. */
  restore?(state: unknown): void
}

/** Issues commands itself. */
export interface Strategy extends Hooks {
  onTick(frame: Frame, commands: Commands): void
}

/** States which orders it wants; an executor makes them so. */
export interface Controller extends Hooks {
  onTick(frame: Frame, desired: Desired): void
}

/** Preallocated slots for the orders a controller wants now. What is not stated is not wanted. */
export interface Desired {
  /** Wants a post-only buy of `sizeLots` at `priceTicks`; `level` tells one quote of a side from another. */
  bid(priceTicks: number, sizeLots: number, level?: number): void
  /** Wants a post-only sell. */
  ask(priceTicks: number, sizeLots: number, level?: number): void
  /** Keeps everything as it is: no order is placed, moved or cancelled at this action point. */
  keep(): void
}
