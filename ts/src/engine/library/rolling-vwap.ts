import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { vwapUpdate, vwapUpdateMany, vwapReset } = functions

/**
 * Volume-weighted average price of the last `period` trades or bars: `Σ price · size / Σ size`.
 *
 * Products are exact and sums have 32 digits. Warm-up: `period` updates, of which one at least has a size; until then,
 * and where nothing traded, it reads NaN. A number that is not finite or beyond ±1e140, or a size below 0, changes
 * nothing. Cost: as `Ema`, and some ns more for the sums.
 *
 * ```ts
 * const vwap = new RollingVwap({ period: 2 })
 * vwap.update(61_800, 3) // NaN
 * vwap.update(61_804, 1) // 61 801
 * ```
 */
export class RollingVwap extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: { readonly period: number }) {
    super('vwap', settings)
  }

  /** Takes the next price and the size traded at it, and returns the average price, NaN during the warm-up. */
  update(price: number, size: number): number {
    const { handle } = this
    if (handle === 0 || typeof price !== 'number' || typeof size !== 'number') throw this.refusal('update', price, size)
    cells[HANDLE] = handle
    cells[ARGS] = price
    cells[ARGS + 1] = size
    vwapUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes prices and sizes in order, writes the average after each into `out` and returns the last. */
  updateMany(prices: Float64Array, sizes: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => vwapUpdateMany(prices, sizes, out)))
  }

  /** Forgets every trade. */
  reset(): void {
    this.forget(() => native(vwapReset))
  }
}
