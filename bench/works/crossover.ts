import { type Commands, type Fill, type Frame, type Interests, OrderType, Side } from '../../ts/src/domain/index.js'
import type { Answer } from '../answers.js'
import { FAST, SLOW } from '../plain-js/crossover.js'
import type { Work } from './work.js'

/** A power of two above the slow average's length. */
const RING = 64
/** Places of the running numbers: in one array, so that no number is boxed. */
const At = { FastSum: 0, SlowSum: 1, Above: 2, Profit: 3, Entry: 4, Close: 5 } as const

/** W3 called at every bar: long one unit on a cross up, short one on a cross down, by market orders at its close. */
export class Crossover implements Work {
  readonly interests: Interests = { every: 'message' }
  readonly #closes = new Float64Array(RING)
  readonly #numbers = new Float64Array(6)
  #bars = 0
  #wanted = 0
  #trades = 0
  #position = 0

  onTick(frame: Frame, commands: Commands): void {
    const numbers = this.#numbers
    const closes = this.#closes
    const n = this.#bars
    const close = frame.bidTicks
    this.#bars = n + 1
    numbers[At.Close] = close
    numbers[At.FastSum]! += close - (n < FAST ? 0 : closes[(n - FAST) & (RING - 1)]!)
    numbers[At.SlowSum]! += close - (n < SLOW ? 0 : closes[(n - SLOW) & (RING - 1)]!)
    closes[n & (RING - 1)] = close
    if (n < SLOW - 1) return
    const before = numbers[At.Above]!
    const above = numbers[At.FastSum]! / FAST - numbers[At.SlowSum]! / SLOW
    numbers[At.Above] = above
    // Averages that are equal are on neither side: through them there is no crossing.
    if (before * above < 0) this.#turn(above > 0 ? 1 : -1, commands)
  }

  onFill(fill: Fill): void {
    const signed = fill.side === Side.Buy ? fill.sizeLots : -fill.sizeLots
    this.#numbers[At.Profit]! += this.#position * (fill.priceTicks - this.#numbers[At.Entry]!)
    this.#numbers[At.Entry] = fill.priceTicks
    this.#position += signed
  }

  answer(): Answer {
    const [, , , profit, entry, close] = this.#numbers as unknown as [number, number, number, number, number, number]
    const open = this.#position * (close - entry)
    return { checksum: 0, trades: this.#trades, profit: profit + open, endPosition: this.#position }
  }

  /** A crossing closes the trade that is open, also where it asks for the side that is held. */
  #turn(wanted: number, commands: Commands): void {
    if (this.#wanted !== 0) this.#trades += 1
    const lots = wanted - this.#wanted
    this.#wanted = wanted
    if (lots > 0) commands.submit(Side.Buy, 0, lots, OrderType.Market)
    else if (lots < 0) commands.submit(Side.Sell, 0, -lots, OrderType.Market)
  }
}
