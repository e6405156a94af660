/** What is traded. */
export const INSTRUMENT_KINDS = ['spot', 'linear_perpetual', 'inverse_perpetual', 'future', 'equity', 'fx'] as const
export type InstrumentKind = (typeof INSTRUMENT_KINDS)[number]

/** An instrument as written in files: every number a decimal string. */
export interface InstrumentSpec {
  /** `[A-Za-z0-9._-]{1,64}`, unique in a tape or engine. */
  readonly id: string
  readonly venue: string
  /** The venue's own name for it, as in its messages. */
  readonly symbol: string
  readonly kind: InstrumentKind
  readonly tick_size: string
  readonly lot_size: string
  readonly min_size: string
  readonly min_notional: string
  /** Value of one unit of size per unit of price. */
  readonly multiplier: string
  readonly base: string
  readonly quote: string
  /** Asset in which profit, fees and funding are paid. */
  readonly settlement: string
  /** Fraction of the value: 0.0002 = 2 bps; negative is a rebate. */
  readonly maker_fee: string
  readonly taker_fee: string
  /** Ignored for spot. */
  readonly max_leverage: string
  readonly maintenance_margin_rate?: string
  /** RFC 3339. */
  readonly expiry?: string
  /** Hours between funding payments. */
  readonly funding_interval?: string
  readonly feed_px_decimals?: number
  readonly feed_qty_decimals?: number
}
