import type { StartContext } from '../../ts/src/domain/index.js'
import { type Commands, type Fill, type Frame, type Interests, OrderType, Side } from '../../ts/src/domain/index.js'
import type { Answer } from '../answers.js'
import { CHECKSUM_EVERY, type Work } from './work.js'

/** Records between two quotes. */
const REQUOTE_EVERY = 100
/** The size of an order in units of the instrument. */
const SIZE = 1

/** Places of the running numbers: in one array, so that no number is boxed. */
const At = { Checksum: 0, Ema: 1, Atr: 2, Position: 3 } as const

/** What every form of W2 shares: quoting both sides anew, counting fills, and the answer. */
abstract class Quoting implements Work {
  abstract readonly interests: Interests
  protected readonly numbers = new Float64Array(4)
  #frame: Frame | undefined
  #sizeLots = 0
  #emaIndex = 0
  #atrIndex = 0
  #fills = 0
  /** How many orders were sent. */
  orders = 0

  abstract onTick(frame: Frame, commands: Commands): void

  onStart(context: StartContext): void {
    this.#sizeLots = Math.round(SIZE / context.instruments[0]!.lotSize)
    this.#emaIndex = context.indicatorIndex('ema')
    this.#atrIndex = context.indicatorIndex('atr')
  }

  onFill(fill: Fill): void {
    this.#fills += 1
    this.numbers[At.Position]! += fill.side === Side.Buy ? fill.sizeLots : -fill.sizeLots
  }

  answer(): Answer {
    // The frame is the engine's own and shows the last record when the run is over.
    if (this.#frame !== undefined) this.readIndicators(this.#frame)
    const [checksum, ema, atr, position] = this.numbers as unknown as [number, number, number, number]
    return { checksum, ema, atr, fills: this.#fills, endPosition: position / this.#sizeLots }
  }

  protected readIndicators(frame: Frame): void {
    this.numbers[At.Ema] = frame.indicator(this.#emaIndex)
    this.numbers[At.Atr] = frame.indicator(this.#atrIndex)
  }

  protected requote(frame: Frame, commands: Commands): void {
    this.#frame = frame
    commands.cancelAll()
    // A recording may begin with its trades: nothing is quoted before both sides of the book exist.
    if (Number.isNaN(frame.bidTicks + frame.askTicks)) return
    commands.submit(Side.Buy, frame.bidTicks, this.#sizeLots, OrderType.PostOnly)
    commands.submit(Side.Sell, frame.askTicks, this.#sizeLots, OrderType.PostOnly)
    this.orders += 2
  }

  protected addToChecksum(frame: Frame): void {
    const sum = frame.bidTicks + frame.askTicks
    if (!Number.isNaN(sum)) this.numbers[At.Checksum]! += sum
  }
}

/** W2 called at every record. */
export class Quoter extends Quoting {
  readonly interests: Interests = { every: 'record' }
  #seen = 0

  onTick(frame: Frame, commands: Commands): void {
    this.readIndicators(frame)
    this.#seen += 1
    if (this.#seen % REQUOTE_EVERY !== 0) return
    if (this.#seen % CHECKSUM_EVERY === 0) this.addToChecksum(frame)
    this.requote(frame, commands)
  }
}

/** W2 called where it quotes; the records in between are visited as frames, if the mode has them. */
export class QuoterAhead extends Quoting {
  readonly interests: Interests = { every: REQUOTE_EVERY }
  readonly #read = new Float64Array(1)
  #seen = 0

  onFrame(frame: Frame): void {
    this.#read[0] = frame.bidTicks + frame.askTicks
  }

  onTick(frame: Frame, commands: Commands): void {
    this.#seen += REQUOTE_EVERY
    if (this.#seen % CHECKSUM_EVERY === 0) this.addToChecksum(frame)
    this.requote(frame, commands)
  }
}
