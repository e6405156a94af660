import { Atr, Ema } from '../../ts/src/engine/index.js'
import type { Answer } from '../answers.js'
import { BAR_FIELDS } from '../inputs/bars.js'
import type { Contestant } from './contestants.js'

const PERIOD = 14
/** Bars a call: five columns of so many stay in the nearest caches. */
const BLOCK = 500

interface BarBlock {
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
}

/** W4 by the library: a block of bars a call, and both values of each bar read from the columns that come back. */
export class ColumnIndicators implements Contestant {
  readonly #blocks: readonly BarBlock[]

  constructor(bars: Float64Array) {
    const count = bars.length / BAR_FIELDS
    const column = (field: number) => Float64Array.from({ length: count }, (_, n) => bars[n * BAR_FIELDS + field]!)
    const [high, low, close] = [column(1), column(2), column(3)]
    this.#blocks = Array.from({ length: count / BLOCK }, (_, n) => {
      const part = (whole: Float64Array) => whole.subarray(n * BLOCK, (n + 1) * BLOCK)
      return { high: part(high), low: part(low), close: part(close) }
    })
  }

  prepare(): () => Answer {
    const emas = new Float64Array(BLOCK)
    const atrs = new Float64Array(BLOCK)
    return () => {
      using ema = new Ema({ period: PERIOD })
      using atr = new Atr({ period: PERIOD })
      let ready = 0
      for (const { high, low, close } of this.#blocks) {
        ema.updateMany(close, emas)
        atr.updateMany(high, low, close, atrs)
        ready += readAll(emas, atrs)
      }
      if (ready === 0) throw new RangeError('no average was ready')
      return { checksum: 0, ema: ema.value, atr: atr.value }
    }
  }
}

/** Reads both values of each bar; what it counts keeps the reading from being left out. */
function readAll(emas: Float64Array, atrs: Float64Array): number {
  let ready = 0
  for (let n = 0; n < BLOCK; n += 1) if (emas[n]! > atrs[n]!) ready += 1
  return ready
}
