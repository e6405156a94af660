import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { zScoreUpdate, zScoreUpdateMany, zScoreReset } = functions

/**
 * How many standard deviations a value lies from the mean of the last `period`, itself among them.
 *
 * The deviation is divided by n; where all values are equal the score is 0. Warm-up: `period` values; until then it
 * reads NaN. A number that is not finite, or beyond ±1e140, changes nothing. Cost: as `RollingStd`.
 *
 * ```ts
 * const z = new ZScore({ period: 2 })
 * z.update(61_798) // NaN
 * z.update(61_802) // 1: 2 above the mean, and the deviation is 2
 * ```
 */
export class ZScore extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: { readonly period: number }) {
    super('z_score', settings)
  }

  /** Takes the next x and returns the score, NaN during the warm-up. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    zScoreUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes xs in order, writes the score after each into `out` and returns the last; see `Ema.updateMany`. */
  updateMany(xs: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => zScoreUpdateMany(xs, out)))
  }

  /** Forgets every x. */
  reset(): void {
    this.forget(() => native(zScoreReset))
  }
}
