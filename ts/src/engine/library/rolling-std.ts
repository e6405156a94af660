import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { stdUpdate, stdUpdateMany, stdReset } = functions

/** Window of a standard deviation, and whether its squares are divided by n (population) or n − 1 (sample). */
export interface RollingStdSettings {
  readonly period: number
  readonly divisor?: 'population' | 'sample'
}

/**
 * Standard deviation of the last `period` values, from sums of 32 digits that neither drift nor cancel.
 *
 * Warm-up: `period` values; until then it reads NaN. A number that is not finite, or beyond ±1e140, changes nothing.
 * Cost: as `Ema`, and some ns more for the sums.
 *
 * ```ts
 * const std = new RollingStd({ period: 2 })
 * std.update(61_800) // NaN
 * std.update(61_804) // 2
 * ```
 */
export class RollingStd extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a period out of range and `E_ARGUMENT` for a setting of another type. */
  constructor(settings: RollingStdSettings) {
    super('std', settings)
  }

  /** Takes the next value and returns the deviation, NaN during the warm-up. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    stdUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes values in order, writes the deviation after each into `out` and returns the last; see `Ema.updateMany`. */
  updateMany(xs: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => stdUpdateMany(xs, out)))
  }

  /** Forgets every value. */
  reset(): void {
    this.forget(() => native(stdReset))
  }
}
