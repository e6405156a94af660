import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { smaUpdate, smaUpdateMany, smaReset } = functions

/**
 * Simple moving average: the mean of the last `period` values, kept in a sum of 32 digits that does not drift.
 *
 * Warm-up: `period` values; until then it reads NaN. A number that is not finite, or beyond ±1e140, changes nothing.
 * Cost: as `Ema`.
 *
 * ```ts
 * const sma = new Sma({ period: 2 })
 * sma.update(61_800) // NaN
 * sma.update(61_801) // 61 800.5
 * ```
 */
export class Sma extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a period out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: { readonly period: number }) {
    super('sma', settings)
  }

  /** Takes the next value and returns the average, NaN during the warm-up. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    smaUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes values in order, writes the average after each into `out` and returns the last; see `Ema.updateMany`. */
  updateMany(xs: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => smaUpdateMany(xs, out)))
  }

  /** Forgets every value. */
  reset(): void {
    this.forget(() => native(smaReset))
  }
}
