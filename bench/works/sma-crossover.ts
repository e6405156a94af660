import { Sma } from '../../ts/src/engine/index.js'
import { BAR_FIELDS } from '../inputs/bars.js'
import { type CrossoverAnswer, FAST, SLOW } from '../plain-js/crossover.js'

const CLOSE = 3
/** A block of bars is a call of its own, so that a long loop is not compiled while it runs. */
const BLOCK = 1000

/** W3 with the averages of the library, each asked at each bar; position and profit are kept beside them. */
export function crossBarsBySma(bars: Float64Array): CrossoverAnswer {
  using fast = new Sma({ period: FAST })
  using slow = new Sma({ period: SLOW })
  const position = new Position()
  const count = bars.length / BAR_FIELDS
  for (let from = 0; from < count; from += BLOCK) {
    barByBar(bars, from, Math.min(from + BLOCK, count), fast, slow, position)
  }
  return position.answerAt(bars[(count - 1) * BAR_FIELDS + CLOSE]!)
}

/** The same with the averages of a block of bars from one call; what they say is still looked at bar by bar. */
export function crossBarsBySmaColumns(bars: Float64Array): CrossoverAnswer {
  using fast = new Sma({ period: FAST })
  using slow = new Sma({ period: SLOW })
  const position = new Position()
  const [closes, fasts, slows] = [new Float64Array(BLOCK), new Float64Array(BLOCK), new Float64Array(BLOCK)]
  const count = bars.length / BAR_FIELDS
  for (let from = 0; from < count; from += BLOCK) {
    const size = Math.min(BLOCK, count - from)
    copyCloses(bars, from, size, closes)
    fast.updateMany(closes.subarray(0, size), fasts.subarray(0, size))
    slow.updateMany(closes.subarray(0, size), slows.subarray(0, size))
    for (let n = 0; n < size; n += 1) position.onBar(fasts[n]! - slows[n]!, closes[n]!)
  }
  return position.answerAt(bars[(count - 1) * BAR_FIELDS + CLOSE]!)
}

function barByBar(bars: Float64Array, from: number, to: number, fast: Sma, slow: Sma, position: Position): void {
  for (let at = from * BAR_FIELDS + CLOSE; at < to * BAR_FIELDS; at += BAR_FIELDS) {
    const close = bars[at]!
    position.onBar(fast.update(close) - slow.update(close), close)
  }
}

function copyCloses(bars: Float64Array, from: number, count: number, closes: Float64Array): void {
  for (let n = 0; n < count; n += 1) closes[n] = bars[(from + n) * BAR_FIELDS + CLOSE]!
}

/** What is held, and what came of it. */
class Position {
  /** fast − slow of the bar before: in an array, so that it is never boxed. */
  readonly #before = new Float64Array([Number.NaN])
  #position = 0
  #entry = 0
  #profit = 0
  #trades = 0

  onBar(above: number, close: number): void {
    // Not a number before both averages are ready; equal averages are on neither side.
    if (this.#before[0]! * above < 0) this.#turn(above > 0 ? 1 : -1, close)
    this.#before[0] = above
  }

  answerAt(price: number): CrossoverAnswer {
    const profit = this.#profit + (price - this.#entry) * this.#position
    return { trades: this.#trades, profit, endPosition: this.#position }
  }

  #turn(position: number, close: number): void {
    if (this.#position !== 0) this.#trades += 1
    this.#profit += (close - this.#entry) * this.#position
    this.#position = position
    this.#entry = close
  }
}
