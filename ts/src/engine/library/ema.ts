import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { emaUpdate, emaUpdateMany, emaReset } = functions

/** Length of an average: a number of values, or the weight of each new one (above 0, up to 1). */
export type EmaSettings = { readonly period: number } | { readonly alpha: number }

/**
 * Exponential moving average: `ema += (x − ema) × alpha`, with `alpha = 2 / (period + 1)` and the first value as seed.
 *
 * Warm-up: `period` values (for an alpha, those of the period with that weight); until then it reads NaN. A number that
 * is not finite, or beyond ±1e140, changes nothing.
 *
 * Cost: `update` is one call into native code, about ten times what the same line of plain JavaScript takes. For one
 * average fed value by value plain JavaScript wins; take this one for columns (`updateMany`, a few ns a value), for the
 * same bits as the engine's own indicator, and for its warm-up and checks.
 *
 * ```ts
 * const ema = new Ema({ period: 3 })
 * ema.update(61_800) // NaN
 * ema.update(61_802) // NaN
 * ema.update(61_804) // 61 802.5
 * ```
 */
export class Ema extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: EmaSettings) {
    super('ema', settings)
  }

  /** Takes the next value and returns the average, NaN during the warm-up. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    emaUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /**
   * Takes values in order, writes the average after each into `out` (of the same length; `xs` itself will do) and
   * returns the last. Throws `E_INDICATOR_COLUMNS`, with nothing taken, if the lengths differ.
   */
  updateMany(xs: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => emaUpdateMany(xs, out)))
  }

  /** Forgets every value. */
  reset(): void {
    this.forget(() => native(emaReset))
  }
}
