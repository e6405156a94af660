import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { sessionVwapUpdate, sessionVwapUpdateMany, sessionVwapReset } = functions

export interface SessionVwapSettings {
  /** Length of a session in seconds: 86 400, a day, where nothing is said; up to a week. */
  readonly sessionS?: number
  /** When one begins, in seconds from the Unix epoch: 0. 79 200 makes days from 22:00 UTC on. */
  readonly offsetS?: number
}

/**
 * Volume-weighted average price since the session began: `Σ price · size / Σ size`.
 *
 * Sessions follow each other without a gap; the first trade of a new one starts afresh. Where sessions shift against
 * UTC, as exchanges' do in summer, call `reset` at their begin. NaN until something has traded in the session. A number
 * that is not finite or beyond ±1e140, a size below 0 or a time before the current session changes nothing.
 * Cost: as `Ema`.
 *
 * ```ts
 * const vwap = new SessionVwap()
 * vwap.update(0, 61_800, 3) // 61 800
 * vwap.update(86_399_000_000, 61_804, 1) // 61 801
 * vwap.update(86_400_000_000, 61_900, 2) // 61 900: a new day
 * ```
 */
export class SessionVwap extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: SessionVwapSettings = {}) {
    super('session_vwap', settings)
  }

  /** Takes a time (whole µs since the Unix epoch), a price and the size traded at it; returns the average price. */
  update(tsUs: number, price: number, size: number): number {
    const { handle } = this
    if (handle === 0 || !Number.isSafeInteger(tsUs) || typeof price !== 'number' || typeof size !== 'number') {
      throw this.refusal('update', tsUs, price, size)
    }
    cells[HANDLE] = handle
    cells[ARGS] = tsUs
    cells[ARGS + 1] = price
    cells[ARGS + 2] = size
    sessionVwapUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes trades in order, column by column, writes the average after each into `out` and returns the last. */
  updateMany(tsUs: Float64Array, prices: Float64Array, sizes: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => sessionVwapUpdateMany(tsUs, prices, sizes, out)))
  }

  /** Forgets every trade and every session. */
  reset(): void {
    this.forget(() => native(sessionVwapReset))
  }
}
