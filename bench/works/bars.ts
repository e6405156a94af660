import { Atr, Ema } from '../../ts/src/engine/index.js'
import type { Answer } from '../answers.js'
import { BAR_FIELDS } from '../inputs/bars.js'
import { streamBars } from '../plain-js/streaming.js'
import type { Contestant } from './contestants.js'

const PERIOD = 14

/** Who does W4: EMA and ATR of each bar, both read after it. Plain JavaScript goes bar by bar, native by columns. */
export function barContestants(bars: Float64Array): Map<'plain' | 'columns', Contestant> {
  const columns = new BarColumns(bars)
  return new Map([
    ['plain', { prepare: () => () => ({ checksum: 0, ...streamBars(bars) }) }],
    ['columns', { prepare: () => () => columns.answer() }],
  ])
}

/** High, low and close apart, as native takes them, and room for what it gives. */
class BarColumns {
  readonly #high: Float64Array
  readonly #low: Float64Array
  readonly #close: Float64Array
  readonly #emas: Float64Array
  readonly #atrs: Float64Array

  constructor(bars: Float64Array) {
    const column = (field: number) =>
      Float64Array.from({ length: bars.length / BAR_FIELDS }, (_, bar) => bars[bar * BAR_FIELDS + field]!)
    this.#high = column(1)
    this.#low = column(2)
    this.#close = column(3)
    this.#emas = new Float64Array(this.#close.length)
    this.#atrs = new Float64Array(this.#close.length)
  }

  answer(): Answer {
    using ema = new Ema({ period: PERIOD })
    using atr = new Atr({ period: PERIOD })
    ema.updateMany(this.#close, this.#emas)
    atr.updateMany(this.#high, this.#low, this.#close, this.#atrs)
    if (Number.isNaN(sumFrom(PERIOD, this.#emas, this.#atrs))) throw new RangeError('a bar is not a number')
    return { checksum: 0, ema: ema.value, atr: atr.value }
  }
}

/** Reads both columns from the bar on that ends the warm-up. */
function sumFrom(first: number, emas: Float64Array, atrs: Float64Array): number {
  let seen = 0
  for (let at = first; at < emas.length; at += 1) seen += emas[at]! + atrs[at]!
  return seen
}
