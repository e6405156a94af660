import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { bollingerUpdate, bollingerUpdateMany, bollingerReset } = functions

/** Window of the bands, and how many deviations they lie from the middle: 2 where nothing is said. */
export interface BollingerSettings {
  readonly period: number
  readonly deviations?: number
}

/** Where a batch writes the bands; any may be left out. */
export interface BandColumns {
  readonly middle?: Float64Array
  readonly upper?: Float64Array
  readonly lower?: Float64Array
}

/**
 * Bollinger bands: the mean of the last `period` values, and so many standard deviations above and below it.
 *
 * The deviation is divided by n. Warm-up: `period` values; until then all three read NaN. A number that is not finite,
 * or beyond ±1e140, changes nothing. Cost: as `RollingStd`.
 * Source: J. Bollinger, "Bollinger on Bollinger Bands" (2001): 20 values, 2 deviations.
 *
 * ```ts
 * const bands = new BollingerBands({ period: 2 })
 * bands.update(61_798) // NaN
 * bands.update(61_802) // 61 800, the middle
 * bands.upper // 61 804
 * bands.lower // 61 796
 * ```
 */
export class BollingerBands extends Indicator {
  #upper = Number.NaN
  #lower = Number.NaN

  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: BollingerSettings) {
    super('bollinger', settings)
  }

  /** Takes the next x and returns the middle, NaN during the warm-up; the others are read from the object. */
  update(x: number): number {
    const { handle } = this
    if (handle === 0 || typeof x !== 'number') throw this.refusal('update', x)
    cells[HANDLE] = handle
    cells[ARGS] = x
    bollingerUpdate()
    this.last = cells[RESULTS] as number
    this.#upper = cells[RESULTS + 1] as number
    this.#lower = cells[RESULTS + 2] as number
    return this.last
  }

  /** The mean of the last values. */
  get middle(): number {
    return this.value
  }

  /** So many deviations above the middle. */
  get upper(): number {
    return this.#open(this.#upper)
  }

  /** So many deviations below the middle. */
  get lower(): number {
    return this.#open(this.#lower)
  }

  /**
   * Takes xs in order, writes what comes after each into the columns of `out` that are there, and returns the last
   * middle. Throws `E_INDICATOR_COLUMNS`, with nothing taken, if the lengths differ.
   */
  updateMany(xs: Float64Array, out?: BandColumns): number {
    this.batch(() => native(() => bollingerUpdateMany(xs, out?.middle, out?.upper, out?.lower)))
    this.#upper = cells[RESULTS + 1] as number
    this.#lower = cells[RESULTS + 2] as number
    return this.last
  }

  /** Forgets every x. */
  reset(): void {
    this.forget(() => native(bollingerReset))
    this.#upper = Number.NaN
    this.#lower = Number.NaN
  }

  #open(value: number): number {
    if (this.handle === 0) throw this.refusal('get')
    return value
  }
}
