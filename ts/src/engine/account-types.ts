/** How many positions an instrument can have at one time; `docs/accounts.md` explains both. */
export type PositionMode = 'one_way' | 'hedge'

/** What answers for the losses of a position. */
export type MarginMode = 'cross' | 'isolated'

/** What an account says otherwise about one instrument. */
export interface InstrumentMargin {
  readonly margin_mode?: MarginMode
  /** A decimal string; the instrument's `max_leverage` still caps it. */
  readonly leverage?: string
}

/** One position; amounts are decimal strings of the settlement asset, exact. */
interface PositionReport {
  readonly side: 'net' | 'long' | 'short'
  /** Negative when short. */
  readonly lots: string
  /** In ticks × lots, or for an inverse contract in 1e-12 of the settlement asset; positive on both sides. */
  readonly basis: string
  /** What that is in money. */
  readonly entry_value: string
  /** Rounded for reading; '' when flat. */
  readonly avg_entry: string
  readonly avg_entry_with_fees: string
  readonly realized: string
  readonly unrealized: string
  readonly fees: string
  readonly funding: string
  /** Set aside for an isolated position. */
  readonly margin: string
  readonly maintenance_margin: string
  /** If all else stays as it is; '' where there is none. */
  readonly liquidation_price: string
}

/** The account as the controller knows it; all amounts decimal strings, exact. */
export interface LedgerReport {
  readonly instruments: readonly {
    readonly id: string
    /** Lots that were deposited and not bought, and what they count as having cost, in ticks × lots. */
    readonly opening_lots: string
    readonly opening_basis_tick_lots: string
    /** Of the instrument's size unit. */
    readonly position: string
    readonly position_lots: string
    /** Cost basis of the position in ticks × lots; '' for an inverse contract and in hedge mode, see `positions`. */
    readonly basis_tick_lots: string
    /** Excluding fees; rounded for reading; '' in hedge mode. */
    readonly avg_entry: string
    /** In half ticks (bid + ask), so that a mid is exact. */
    readonly mark_half_ticks: string
    readonly realized: string
    readonly unrealized: string
    readonly fees: string
    readonly funding: string
    readonly fills: number
    readonly volume: string
    /** The position, or in hedge mode the long and the short. */
    readonly positions: readonly PositionReport[]
  }[]
  readonly assets: readonly {
    /** The venue whose account this is. */
    readonly venue: string
    readonly asset: string
    readonly deposits: string
    readonly realized: string
    readonly unrealized: string
    readonly fees: string
    readonly funding: string
    /** deposits + realized + unrealized − fees + funding. */
    readonly equity: string
    /** Initial margin of the positions, and maintenance margin of the cross ones. */
    readonly margin: string
    readonly maintenance_margin: string
    /** Maintenance margin over what stands behind it: liquidated at 1. '' without cross positions. */
    readonly margin_ratio: string
  }[]
}
