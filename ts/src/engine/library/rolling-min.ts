import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { minUpdate, minUpdateMany, minReset } = functions

/**
 * The smallest of the last `period` values, exactly; everything else as `RollingMax`.
 *
 * ```ts
 * const min = new RollingMin({ period: 2 })
 * min.update(61_804) // NaN
 * min.update(61_801) // 61 801
 * ```
 */
export class RollingMin extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: { readonly period: number }) {
    super('min', settings)
  }

  /** Takes the next x and returns the minimum, NaN during the warm-up. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    minUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes xs in order, writes the minimum after each into `out` and returns the last; see `Ema.updateMany`. */
  updateMany(xs: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => minUpdateMany(xs, out)))
  }

  /** Forgets every x. */
  reset(): void {
    this.forget(() => native(minReset))
  }
}
