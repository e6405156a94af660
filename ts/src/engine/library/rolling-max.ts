import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { maxUpdate, maxUpdateMany, maxReset } = functions

/**
 * The largest of the last `period` values, exactly.
 *
 * Warm-up: `period` values; until then it reads NaN. A number that is not finite, or beyond ±1e140, changes nothing.
 * Cost: as `Ema`, on average: a value above many that wait costs a step for each of them, once.
 *
 * ```ts
 * const max = new RollingMax({ period: 2 })
 * max.update(61_804) // NaN
 * max.update(61_801) // 61 804
 * max.update(61_802) // 61 802
 * ```
 */
export class RollingMax extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: { readonly period: number }) {
    super('max', settings)
  }

  /** Takes the next x and returns the maximum, NaN during the warm-up. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    maxUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes xs in order, writes the maximum after each into `out` and returns the last; see `Ema.updateMany`. */
  updateMany(xs: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => maxUpdateMany(xs, out)))
  }

  /** Forgets every x. */
  reset(): void {
    this.forget(() => native(maxReset))
  }
}
