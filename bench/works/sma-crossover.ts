import { Sma } from '../../ts/src/engine/index.js'
import { BAR_FIELDS } from '../inputs/bars.js'
import { type CrossoverAnswer, FAST, SLOW } from '../plain-js/crossover.js'

const CLOSE = 3
/** A block of bars is a call of its own, so that a long loop is not compiled while it runs. */
const BLOCK = 1000

/** W3 with the averages of the library, asked at each bar; position and profit are kept beside them. */
export function crossBarsBySma(bars: Float64Array): CrossoverAnswer {
  const run = new SmaCrossover()
  const count = bars.length / BAR_FIELDS
  for (let from = 0; from < count; from += BLOCK) run.block(bars, from, Math.min(from + BLOCK, count))
  return run.close(bars[(count - 1) * BAR_FIELDS + CLOSE]!)
}

class SmaCrossover {
  readonly #fast = new Sma({ period: FAST })
  readonly #slow = new Sma({ period: SLOW })
  #before = Number.NaN
  #position = 0
  #entry = 0
  #profit = 0
  #trades = 0

  block(bars: Float64Array, from: number, to: number): void {
    let before = this.#before
    for (let at = from * BAR_FIELDS + CLOSE; at < to * BAR_FIELDS; at += BAR_FIELDS) {
      const close = bars[at]!
      const above = this.#fast.update(close) - this.#slow.update(close)
      // Not a number before both averages are ready; equal averages are on neither side.
      if (before * above < 0) this.#turn(above > 0 ? 1 : -1, close)
      before = above
    }
    this.#before = before
  }

  /** The answer at the last price; both averages are freed. */
  close(price: number): CrossoverAnswer {
    this.#fast.close()
    this.#slow.close()
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
