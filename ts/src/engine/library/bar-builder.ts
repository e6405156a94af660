import { native } from '../addon.js'
import { barInCells, completedBars, NO_BARS, type TimeBar } from './bar.js'
import { ARGS, cells, functions, HANDLE, NativeObject, RESULTS } from './native.js'

const {
  barsOnTrade,
  barsOnTrades,
  barsOnMid,
  barsOnMids,
  barsApplyTicks,
  barsOnTime,
  barsNext,
  barsCurrent,
  barsFlush,
  barsRefused,
} = functions

/** What ends a bar: one of these. */
export type BarBuilderSettings =
  | {
      /** Length of a bar in milliseconds: whole seconds, 1 000 to 86 400 000. Bars are aligned to the Unix epoch. */
      readonly intervalMs: number
      /** Fills up to so many spans in a row without a trade by flat bars of the last close. Default 0: none. */
      readonly maxGapBars?: number
    }
  /** So many prices, trades and mids alike. */
  | { readonly ticks: number }
  /** So many lots traded. */
  | { readonly volumeLots: number }
  /** So much money traded, in ticks × lots. */
  | { readonly notionalTickLots: number }

/**
 * Builds bars from trades or mids, in whole numbers.
 *
 * A bar by time is complete when the first price of a later span arrives (`onTrade`, `onMid`) or when the clock passes
 * its end (`onTime`). A bar by ticks, volume or notional is complete with the price that fills it, which belongs to it
 * whole: a large trade makes one large bar. Each is handed out once. Mids have no size and fill no bar by volume or
 * notional. A price before the current bar is refused and counted in `refused`.
 *
 * Cost: one call into native code a trade; plain JavaScript takes less for one series. `onTrades`, `onMids` and
 * `applyTicks` take whole columns or blocks of a tape at some ns a price.
 *
 * ```ts
 * const bars = new BarBuilder({ intervalMs: 60_000 })
 * bars.onTrade(60_000_000, 618_000, 5) // []
 * bars.onTrade(119_000_000, 618_010, 2) // []
 * bars.onTrade(120_000_000, 617_990, 1) // [the minute from 60 s: open 618 000, close 618 010, 7 lots]
 *
 * const large = new BarBuilder({ volumeLots: 6 })
 * large.onTrade(1, 618_000, 5) // []
 * large.onTrade(2, 618_010, 4) // [9 lots from 1 to 2 µs]
 * ```
 */
export class BarBuilder extends NativeObject {
  /** Throws `E_INDICATOR_SETTING` for a length out of range and `E_ARGUMENT` for a setting of another type or name. */
  constructor(settings: BarBuilderSettings) {
    super('bars', settings)
  }

  /** Takes a trade at `tsUs` (whole µs since the Unix epoch) and returns the bars that are complete before it. */
  onTrade(tsUs: number, priceTicks: number, sizeLots: number): readonly TimeBar[] {
    const { handle } = this
    if (
      handle === 0 ||
      !Number.isSafeInteger(tsUs) ||
      !Number.isSafeInteger(priceTicks) ||
      !Number.isSafeInteger(sizeLots)
    ) {
      throw this.refusal('onTrade', tsUs, priceTicks, sizeLots)
    }
    cells[HANDLE] = handle
    cells[ARGS] = tsUs
    cells[ARGS + 1] = priceTicks
    cells[ARGS + 2] = sizeLots
    barsOnTrade()
    return cells[RESULTS] === 0 ? NO_BARS : this.#completed()
  }

  /** Takes trades in order, column by column, and returns the bars completed. Nothing is taken if it throws. */
  onTrades(tsUs: Float64Array, priceTicks: Float64Array, sizeLots: Float64Array): readonly TimeBar[] {
    cells[HANDLE] = this.handle
    native(() => barsOnTrades(tsUs, priceTicks, sizeLots))
    return this.#completed()
  }

  /** Takes a mid, in ticks or, throughout, in half ticks (bid + ask), and returns the bars completed. */
  onMid(tsUs: number, priceTicks: number): readonly TimeBar[] {
    const { handle } = this
    if (handle === 0 || !Number.isSafeInteger(tsUs) || !Number.isSafeInteger(priceTicks)) {
      throw this.refusal('onMid', tsUs, priceTicks)
    }
    cells[HANDLE] = handle
    cells[ARGS] = tsUs
    cells[ARGS + 1] = priceTicks
    barsOnMid()
    return cells[RESULTS] === 0 ? NO_BARS : this.#completed()
  }

  /** Takes mids in order, column by column, and returns the bars completed. Nothing is taken if it throws. */
  onMids(tsUs: Float64Array, priceTicks: Float64Array): readonly TimeBar[] {
    cells[HANDLE] = this.handle
    native(() => barsOnMids(tsUs, priceTicks))
    return this.#completed()
  }

  /** Takes the trades of one instrument out of whole 48-byte records, by receive time, and returns the bars completed. */
  applyTicks(ticks: Uint8Array, instrument = 0): readonly TimeBar[] {
    if (!Number.isSafeInteger(instrument)) throw this.refusal('applyTicks', ticks, instrument)
    cells[HANDLE] = this.handle
    cells[ARGS] = instrument
    native(() => barsApplyTicks(ticks))
    return this.#completed()
  }

  /** Takes the time of the clock and returns the bars that are over by then, trade or no trade. */
  onTime(tsUs: number): readonly TimeBar[] {
    if (!Number.isSafeInteger(tsUs)) throw this.refusal('onTime', tsUs)
    cells[HANDLE] = this.handle
    cells[ARGS] = tsUs
    native(barsOnTime)
    return this.#completed()
  }

  /** The bar under construction, one by time with the end that its span will have; `null` if there is none. */
  get current(): TimeBar | null {
    cells[HANDLE] = this.handle
    native(barsCurrent)
    return barInCells()
  }

  /** Hands out the unfinished bar; of bars by time, prices of the same span are refused from then on. */
  flush(): TimeBar | null {
    cells[HANDLE] = this.handle
    native(barsFlush)
    return barInCells()
  }

  /** Prices refused so far: they came too late, or with a negative size. */
  get refused(): number {
    cells[HANDLE] = this.handle
    native(barsRefused)
    return cells[RESULTS] as number
  }

  #completed(): readonly TimeBar[] {
    return completedBars(barsNext)
  }
}
