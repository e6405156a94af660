import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { macdUpdate, macdUpdateMany, macdReset } = functions

/** Periods in values: 12, 26 and 9 where nothing is said. */
export interface MacdSettings {
  readonly fast?: number
  readonly slow?: number
  readonly signal?: number
}

/** Where a batch writes the three; any may be left out. */
export interface MacdColumns {
  readonly line?: Float64Array
  readonly signal?: Float64Array
  readonly histogram?: Float64Array
}

/**
 * Moving average convergence and divergence: a fast `Ema` less a slow one, and an `Ema` of that.
 *
 * Each average starts from its first value, the signal's from the line after `slow` values. Warm-up:
 * `slow + signal − 1` values; until then all three read NaN. A number that is not finite, or beyond ±1e140, changes
 * nothing. Cost: as `Ema`, and some ns more for three averages.
 * Source: G. Appel, "The Moving Average Convergence Divergence Trading Method" (1979).
 *
 * ```ts
 * const macd = new Macd({ fast: 1, slow: 3, signal: 1 }) // the price less an average of alpha 0.5
 * macd.update(61_800) // NaN
 * macd.update(61_800) // NaN
 * macd.update(61_804) // 2, the line
 * macd.histogram // 0
 * ```
 */
export class Macd extends Indicator {
  #signal = Number.NaN
  #histogram = Number.NaN

  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: MacdSettings = {}) {
    super('macd', settings)
  }

  /** Takes the next x and returns the line, NaN during the warm-up; the others are read from the object. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    macdUpdate()
    this.last = cells[RESULTS] as number
    this.#signal = cells[RESULTS + 1] as number
    this.#histogram = cells[RESULTS + 2] as number
    return this.last
  }

  /** The fast average less the slow one. */
  get line(): number {
    return this.value
  }

  /** The average of the line. */
  get signal(): number {
    return this.#open(this.#signal)
  }

  /** The line less the signal. */
  get histogram(): number {
    return this.#open(this.#histogram)
  }

  /**
   * Takes xs in order, writes what comes after each into the columns of `out` that are there, and returns the last
   * line. Throws `E_INDICATOR_COLUMNS`, with nothing taken, if the lengths differ.
   */
  updateMany(xs: Float64Array, out?: MacdColumns): number {
    this.batch(() => native(() => macdUpdateMany(xs, out?.line, out?.signal, out?.histogram)))
    this.#signal = cells[RESULTS + 1] as number
    this.#histogram = cells[RESULTS + 2] as number
    return this.last
  }

  /** Forgets every x. */
  reset(): void {
    this.forget(() => native(macdReset))
    this.#signal = Number.NaN
    this.#histogram = Number.NaN
  }

  #open(value: number): number {
    if (this.handle === 0) throw this.refusal('get')
    return value
  }
}
