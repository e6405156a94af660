import { BAR_FIELDS } from '../inputs/bars.js'

/** Bars of the fast and of the slow average. */
export const FAST = 10
export const SLOW = 50
const CLOSE = 3
/** A block of bars is a call of its own, so that a long loop is not compiled while it runs. */
const BLOCK = 1000

/** What W3 is asked for. */
export interface CrossoverAnswer {
  readonly trades: number
  readonly profit: number
  readonly endPosition: number
}

/** W3: long one unit on a cross up, short one on a cross down, filled at that bar's close. */
export function crossBars(bars: Float64Array): CrossoverAnswer {
  const run = new PlainCrossover()
  const count = bars.length / BAR_FIELDS
  for (let from = 0; from < count; from += BLOCK) run.block(bars, from, Math.min(from + BLOCK, count))
  return { trades: run.trades, profit: run.profitAt(closeOf(bars, count - 1)), endPosition: run.position }
}

class PlainCrossover {
  #fastSum = 0
  #slowSum = 0
  /** fast − slow of the bar before; 0 before both are ready. */
  #before = 0
  #entry = 0
  #profit = 0
  position = 0
  trades = 0

  /** Of the closed trades and of the open one at this price. */
  profitAt(close: number): number {
    return this.#profit + (close - this.#entry) * this.position
  }

  block(bars: Float64Array, from: number, to: number): void {
    let [fastSum, slowSum, before] = [this.#fastSum, this.#slowSum, this.#before]
    for (let n = from; n < to; n += 1) {
      const close = closeOf(bars, n)
      fastSum += close - (n < FAST ? 0 : closeOf(bars, n - FAST))
      slowSum += close - (n < SLOW ? 0 : closeOf(bars, n - SLOW))
      if (n < SLOW - 1) continue
      const above = fastSum / FAST - slowSum / SLOW
      // Averages that are equal are on neither side: through them there is no crossing.
      if (before * above < 0) this.#turn(above > 0 ? 1 : -1, close)
      before = above
    }
    this.#fastSum = fastSum
    this.#slowSum = slowSum
    this.#before = before
  }

  #turn(position: number, close: number): void {
    if (this.position !== 0) {
      this.trades += 1
      this.#profit += (close - this.#entry) * this.position
    }
    this.position = position
    this.#entry = close
  }
}

function closeOf(bars: Float64Array, n: number): number {
  return bars[n * BAR_FIELDS + CLOSE]!
}
