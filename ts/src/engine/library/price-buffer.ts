import { native } from '../addon.js'
import { ARGS, cells, functions, HANDLE, NativeObject, RESULTS } from './native.js'

const { bufferOnMid, bufferBootstrap, bufferReset } = functions

/** All may be left out; the defaults stand beside them. */
export interface PriceBufferSettings {
  /** Length of a sample period in seconds: 10. */
  readonly sampleS?: number
  /** Samples a bar: 1. */
  readonly barSamples?: number
  /** Bars of the average of closes: 50. */
  readonly emaPeriod?: number
  /** Bars of the band's average true range: 14. */
  readonly bandPeriod?: number
  /** Window of the drift in seconds: 30. */
  readonly driftWindowS?: number
  /** Weight of each new sample in the smoothed drift: 0.2. */
  readonly driftAlpha?: number
  /** Most samples in a row that repeat the mid in force before the buffer starts afresh: 360. */
  readonly maxCarrySamples?: number
}

/**
 * What a market maker knows of the recent price: average, band and drift of the mid, sampled on a grid of time.
 *
 * The first mid of each sample period counts; a silent period repeats the mid in force. Everything reads NaN until its
 * warm-up is over: `ema` after `emaPeriod` bars, `atr` and `bandPct` after `bandPeriod + 1`, `drift` after two samples.
 * A mid that is not finite or not above 0, or that comes too late, changes nothing.
 *
 * ```ts
 * const buffer = new PriceBuffer()
 * buffer.onMid(1_700_000_000_000_000, 61_800)
 * buffer.onMid(1_700_000_010_000_000, 61_861.8) // true: a sample was taken
 * buffer.drift // 0.001: 10 bps
 * ```
 */
export class PriceBuffer extends NativeObject {
  #ema = Number.NaN
  #atr = Number.NaN
  #bandPct = Number.NaN
  #drift = Number.NaN
  #smoothedDrift = Number.NaN

  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type or name. */
  constructor(settings: PriceBufferSettings = {}) {
    super('buffer', settings)
  }

  /** Takes the mid in force from `tsUs` on (whole µs since the Unix epoch); whether samples were taken. */
  onMid(tsUs: number, mid: number): boolean {
    const { handle } = this
    if (handle === 0 || !Number.isSafeInteger(tsUs) || typeof mid !== 'number') throw this.refusal('onMid', tsUs, mid)
    cells[HANDLE] = handle
    cells[ARGS] = tsUs
    cells[ARGS + 1] = mid
    bufferOnMid()
    if (cells[RESULTS] === 0) return false
    this.#read()
    return true
  }

  /** Starts afresh from recorded mids in order of time. Throws `E_INDICATOR_COLUMNS` if the lengths differ. */
  bootstrap(tsUs: Float64Array, mids: Float64Array): void {
    cells[HANDLE] = this.handle
    native(() => bufferBootstrap(tsUs, mids))
    this.#read()
  }

  /** Average of the bars' closes, in the unit of the mids. */
  get ema(): number {
    return this.#open(this.#ema)
  }

  /** Average true range of the bars, in the unit of the mids. */
  get atr(): number {
    return this.#open(this.#atr)
  }

  /** `atr` over the last close: 0.004 is 40 bps. */
  get bandPct(): number {
    return this.#open(this.#bandPct)
  }

  /** Signed move over the window, as a fraction of where it began. */
  get drift(): number {
    return this.#open(this.#drift)
  }

  /** Magnitude of the drift, smoothed. */
  get smoothedDrift(): number {
    return this.#open(this.#smoothedDrift)
  }

  /** Forgets every mid. */
  reset(): void {
    cells[HANDLE] = this.handle
    native(bufferReset)
    this.#read()
  }

  #read(): void {
    this.#ema = cells[RESULTS + 1] as number
    this.#atr = cells[RESULTS + 2] as number
    this.#bandPct = cells[RESULTS + 3] as number
    this.#drift = cells[RESULTS + 4] as number
    this.#smoothedDrift = cells[RESULTS + 5] as number
  }

  #open(value: number): number {
    if (this.handle === 0) throw this.refusal('get')
    return value
  }
}
