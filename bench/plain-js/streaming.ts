import { BAR_FIELDS } from '../inputs/bars.js'

const EMA_ALPHA = 2 / 15
const ATR_PERIOD = 14
const ATR_ALPHA = 1 / ATR_PERIOD

/** Running EMA(14) of the close and Wilder's ATR(14), as W4 defines them; floats that are never boxed. */
class PlainIndicators {
  readonly ema = new Float64Array(1)
  readonly atr = new Float64Array(1)
  readonly #lastClose = new Float64Array(1)
  #bars = 0
  #rangeSum = 0

  update(high: number, low: number, close: number): void {
    const before = this.#bars === 0 ? close : this.#lastClose[0]!
    const range = this.#bars === 0 ? high - low : Math.max(high, before) - Math.min(low, before)
    this.#bars += 1
    if (this.#bars === 1) this.ema[0] = close
    else this.ema[0]! += (close - this.ema[0]!) * EMA_ALPHA
    if (this.#bars > ATR_PERIOD) this.atr[0]! += (range - this.atr[0]!) * ATR_ALPHA
    else {
      // Wilder's seed is the plain average of the first ranges.
      this.#rangeSum += range
      this.atr[0] = this.#rangeSum / this.#bars
    }
    this.#lastClose[0] = close
  }
}

/** W4: both are read after each bar. */
export function streamBars(bars: Float64Array): { readonly ema: number; readonly atr: number } {
  const indicators = new PlainIndicators()
  const count = bars.length / BAR_FIELDS
  let seen = 0
  for (let from = 0; from < count; from += 1000) {
    seen += streamBlock(bars, indicators, from, Math.min(from + 1000, count))
  }
  if (Number.isNaN(seen)) throw new RangeError('a bar is not a number')
  return { ema: indicators.ema[0]!, atr: indicators.atr[0]! }
}

function streamBlock(bars: Float64Array, indicators: PlainIndicators, from: number, to: number): number {
  let seen = 0
  for (let at = from * BAR_FIELDS; at < to * BAR_FIELDS; at += BAR_FIELDS) {
    indicators.update(bars[at + 1]!, bars[at + 2]!, bars[at + 3]!)
    seen += indicators.ema[0]! + indicators.atr[0]!
  }
  return seen
}
