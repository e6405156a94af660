/** Buying or selling, as the number that crosses the boundary. */
export const Side = { Buy: 0, Sell: 1 } as const
export type Side = (typeof Side)[keyof typeof Side]

/** How an order may trade, as the number that crosses the boundary. */
export const OrderType = {
  /** Rests at its price; the part that crosses on arrival takes. */
  Limit: 0,
  /** Rests at its price or is rejected (`would_cross`). */
  PostOnly: 1,
  /** Takes what it can at its price or better; the rest expires. */
  Ioc: 2,
  /** Takes what it can at any price; the rest expires. */
  Market: 3,
  /** Fill or kill: takes all of its size at its price or better, or expires untouched. */
  Fok: 4,
  /** Waits for `triggerTicks`, then takes at any price. */
  StopMarket: 5,
  /** Waits for `triggerTicks`, then is a limit order. */
  StopLimit: 6,
  /** A stop-market whose trigger follows the best price; its price is the distance in ticks. */
  TrailingStop: 7,
} as const
export type OrderType = (typeof OrderType)[keyof typeof OrderType]

/** Where an order stands as far as we know, as the number that crosses the boundary. */
export const OrderState = {
  None: 0,
  PendingNew: 1,
  Open: 2,
  PartiallyFilled: 3,
  Filled: 4,
  PendingAmend: 5,
  PendingCancel: 6,
  Cancelled: 7,
  Rejected: 8,
  Expired: 9,
  Unknown: 10,
} as const
export type OrderState = (typeof OrderState)[keyof typeof OrderState]

/** What happened to one of our orders, as the number that crosses the boundary. */
export const OrderEventKind = {
  Accepted: 1,
  Rejected: 2,
  Fill: 3,
  Cancelled: 4,
  Expired: 5,
  Amended: 6,
  AmendRejected: 7,
  CancelRejected: 8,
  Funding: 9,
  /** A stop was set off, or a parent's fill brought its child in. */
  Triggered: 10,
  /** No answer came in time: the order may be live or not. Ask with `query`. */
  Unanswered: 11,
  /** How a live order stands, because we asked. */
  Status: 12,
} as const
export type OrderEventKind = (typeof OrderEventKind)[keyof typeof OrderEventKind]

/** Names of the kinds in files, for example `accepted`. */
export const ORDER_EVENT_NAMES: Readonly<Record<OrderEventKind, string>> = {
  1: 'accepted',
  2: 'rejected',
  3: 'fill',
  4: 'cancelled',
  5: 'expired',
  6: 'amended',
  7: 'amend_rejected',
  8: 'cancel_rejected',
  9: 'funding',
  10: 'triggered',
  11: 'unanswered',
  12: 'status',
}
