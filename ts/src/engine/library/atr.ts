import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { atrUpdate, atrUpdateMany, atrReset } = functions

/** Length in bars, and what the average starts from. */
export interface AtrSettings {
  readonly period: number
  /** `wilder`: the mean of the first `period` true ranges (default); `running`: the first true range, smoothed on. */
  readonly seed?: 'wilder' | 'running'
}

/**
 * Wilder's average true range: `max(high, close before) − min(low, close before)`, smoothed by `1 / period`.
 *
 * Warm-up: `period` bars; until then it reads NaN. A bar with a number that is not finite, or with `high` below `low`,
 * changes nothing. Unit: that of the prices. Cost: as `Ema`; plain JavaScript wins bar by bar, this one by columns.
 * Source: J. W. Wilder, "New Concepts in Technical Trading Systems" (1978).
 *
 * ```ts
 * const atr = new Atr({ period: 2 })
 * atr.update(61_810, 61_800, 61_805) // NaN; true range 10
 * atr.update(61_825, 61_815, 61_820) // 15; true range 20, from the close before
 * ```
 */
export class Atr extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a period out of range and `E_ARGUMENT` for a setting of another type. */
  constructor(settings: AtrSettings) {
    super('atr', settings)
  }

  /** Takes the next bar and returns the average true range, NaN during the warm-up. */
  update(high: number, low: number, close: number): number {
    const { handle } = this
    if (handle === 0 || typeof high !== 'number' || typeof low !== 'number' || typeof close !== 'number') {
      throw this.refusal('update', high, low, close)
    }
    cells[HANDLE] = handle
    cells[ARGS] = high
    cells[ARGS + 1] = low
    cells[ARGS + 2] = close
    atrUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /**
   * Takes bars in order, column by column, writes the value after each into `out` and returns the last. Throws
   * `E_INDICATOR_COLUMNS`, with nothing taken, if the lengths differ.
   */
  updateMany(high: Float64Array, low: Float64Array, close: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => atrUpdateMany(high, low, close, out)))
  }

  /** Forgets every bar. */
  reset(): void {
    this.forget(() => native(atrReset))
  }
}
