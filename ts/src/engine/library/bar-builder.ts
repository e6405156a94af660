import { native } from '../addon.js'
import { ARGS, cells, functions, HANDLE, NativeObject, RESULTS } from './native.js'

const { barsOnTrade, barsOnTrades, barsApplyTicks, barsOnTime, barsNext, barsCurrent, barsFlush, barsRefused } =
  functions

const NONE: readonly TimeBar[] = Object.freeze([])

export interface BarBuilderSettings {
  /** Length of a bar in milliseconds: whole seconds, 1 000 to 86 400 000. Bars are aligned to the Unix epoch. */
  readonly intervalMs: number
  /** Fills up to so many spans in a row without a trade by flat bars of the last close. Default 0: none. */
  readonly maxGapBars?: number
}

/** What traded in one span of time: prices in ticks, sizes in lots, times in µs since the Unix epoch. */
export interface TimeBar {
  readonly openUs: number
  /** Exclusive end of the span. */
  readonly closeUs: number
  readonly openTicks: number
  readonly highTicks: number
  readonly lowTicks: number
  readonly closeTicks: number
  readonly volumeLots: number
  /** Number of trades. */
  readonly trades: number
  /** Volume-weighted average price in ticks, NaN without volume. */
  readonly vwapTicks: number
}

/**
 * Builds time bars from trades, in whole numbers.
 *
 * A bar is complete when the first trade of a later span arrives (`onTrade`) or when the clock passes its end
 * (`onTime`), and is handed out once. A trade before the current bar is refused and counted in `refused`.
 *
 * Cost: one call into native code a trade; plain JavaScript takes less for one series. `onTrades` and `applyTicks` take
 * whole columns or blocks of a tape at some ns a trade.
 *
 * ```ts
 * const bars = new BarBuilder({ intervalMs: 60_000 })
 * bars.onTrade(60_000_000, 618_000, 5) // []
 * bars.onTrade(119_000_000, 618_010, 2) // []
 * bars.onTrade(120_000_000, 617_990, 1) // [the minute from 60 s: open 618 000, close 618 010, 7 lots]
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
    return cells[RESULTS] === 0 ? NONE : this.#completed()
  }

  /** Takes trades in order, column by column, and returns the bars completed. Nothing is taken if it throws. */
  onTrades(tsUs: Float64Array, priceTicks: Float64Array, sizeLots: Float64Array): readonly TimeBar[] {
    cells[HANDLE] = this.handle
    native(() => barsOnTrades(tsUs, priceTicks, sizeLots))
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

  /** The bar under construction, with the end that its span will have; `null` if there is none. */
  get current(): TimeBar | null {
    cells[HANDLE] = this.handle
    native(barsCurrent)
    return barOf()
  }

  /** Hands out the unfinished bar; trades of the same span are refused from then on. */
  flush(): TimeBar | null {
    cells[HANDLE] = this.handle
    native(barsFlush)
    return barOf()
  }

  /** Trades refused so far: they came too late, or with a negative size. */
  get refused(): number {
    cells[HANDLE] = this.handle
    native(barsRefused)
    return cells[RESULTS] as number
  }

  /** The bar in the cells and those that wait behind it. */
  #completed(): readonly TimeBar[] {
    const bars: TimeBar[] = []
    for (let bar = barOf(); bar !== null; bar = barOf()) {
      bars.push(bar)
      barsNext()
    }
    return bars.length === 0 ? NONE : bars
  }
}

/** The bar in the cells. */
function barOf(): TimeBar | null {
  if (cells[RESULTS] === 0) return null
  const [openUs, closeUs, openTicks, highTicks, lowTicks, closeTicks, volumeLots, trades, vwapTicks] = cells.subarray(
    RESULTS + 1,
    RESULTS + 10,
  ) as unknown as readonly [number, number, number, number, number, number, number, number, number]
  return { openUs, closeUs, openTicks, highTicks, lowTicks, closeTicks, volumeLots, trades, vwapTicks }
}
