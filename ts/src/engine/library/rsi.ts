import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { rsiUpdate, rsiUpdateMany, rsiReset } = functions

/**
 * Wilder's relative strength index, 0 to 100: `100 · gains / (gains + losses)`, both averaged by `1 / period`.
 *
 * Warm-up: `period + 1` prices, the first averages being plain means; until then it reads NaN. 50 where nothing moved.
 * A number that is not finite, or beyond ±1e140, changes nothing. Cost: as `Ema`.
 * Source: J. W. Wilder, "New Concepts in Technical Trading Systems" (1978): 14 prices.
 *
 * ```ts
 * const rsi = new Rsi({ period: 2 })
 * rsi.update(61_800) // NaN
 * rsi.update(61_803) // NaN
 * rsi.update(61_802) // 75: 3 up, 1 down
 * ```
 */
export class Rsi extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: { readonly period: number }) {
    super('rsi', settings)
  }

  /** Takes the next price and returns the index, NaN during the warm-up. */
  update(price: number): number {
    const { handle } = this
    if (handle === 0 || typeof price !== 'number') throw this.refusal('update', price)
    cells[HANDLE] = handle
    cells[ARGS] = price
    rsiUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes prices in order, writes the index after each into `out` and returns the last; see `Ema.updateMany`. */
  updateMany(prices: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => rsiUpdateMany(prices, out)))
  }

  /** Forgets every price. */
  reset(): void {
    this.forget(() => native(rsiReset))
  }
}
