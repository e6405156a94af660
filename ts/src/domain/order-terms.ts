/** What an order can say beyond price, size and type. All of it may be left out. */
export interface OrderTerms {
  /** Price that sets a stop off; for a trailing stop the price from which on it trails (at once if left out). */
  readonly triggerTicks?: number
  /** Which price sets a stop off: a trade (default), or the price the order would take. */
  readonly triggerBy?: 'trade' | 'touch'
  /** Never trades more than the position has against it; ends when nothing is left to reduce. */
  readonly reduceOnly?: boolean
  /** Ends when the venue's day ends. */
  readonly day?: boolean
  /** Good till this venue time, µs since the Unix epoch: from then on it fills no more. */
  readonly untilUs?: number
  /** Id of the order whose fills bring this one in: it fills at most its share of them. */
  readonly parent?: number
  /** `'new'` to start a group, or the id of the group's first order. */
  readonly group?: number | 'new'
  /** What a fill of another order of the group does to this one: ends it (default), or takes as many lots off it. */
  readonly groupRule?: 'cancel' | 'reduce'
}
