import { type Commands, type Frame, type Interests, OrderType, type Side, type Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { Dice, generatedTicks, instrumentSpec, tickBytes } from './generated-market.test-kit.js'
import type { EngineConfig, OwnEvent, RunObserver, RunOptions } from './types.js'

/** A perpetual with 2 ms each way and money for every order that the tests send. */
export function perpetualConfig(changes: Partial<EngineConfig> = {}): EngineConfig {
  return {
    instruments: [instrumentSpec('BTC-PERP')],
    entry_latency: { kind: 'fixed', ns: 2_000_000 },
    response_latency: { kind: 'fixed', ns: 2_000_000 },
    deposits: { USDT: '10000000' },
    seed: 7,
    ...changes,
  }
}

/** An engine with generated ticks, which the caller closes. */
export function generatedEngine(
  given: { seed?: number; messages?: number; config?: Partial<EngineConfig> } = {},
): Engine {
  const config = perpetualConfig(given.config)
  const engine = new Engine(config)
  engine.loadTicks(generatedBytes(given.seed ?? 1, given.messages ?? 2_000, config.instruments.length))
  return engine
}

/** Generated markets by seed, length and instruments: many tests share one. */
const MARKETS = new Map<string, Uint8Array>()

function generatedBytes(seed: number, messages: number, instruments: number): Uint8Array {
  const key = [seed, messages, instruments].join()
  const bytes = MARKETS.get(key) ?? tickBytes(generatedTicks(seed, messages, instruments))
  MARKETS.set(key, bytes)
  return bytes
}

/** Sends, moves and cancels orders by dice: the same for the same seed and the same sights. */
export class DiceTrader implements Strategy {
  readonly interests: Interests
  calls = 0
  readonly #dice: Dice

  readonly #most: number

  /** With `most` open orders it cancels all of them. */
  constructor(seed: number, interests: Interests = { every: 3, ownEvent: true }, most = 20) {
    this.interests = interests
    this.#most = most
    this.#dice = new Dice(seed)
  }

  onTick(frame: Frame, commands: Commands): void {
    this.calls += 1
    const { orders } = commands
    if (Number.isNaN(frame.bidTicks) || Number.isNaN(frame.askTicks)) return
    if (orders.count >= this.#most) {
      commands.cancelAll()
      return
    }
    const what = this.#dice.roll(12)
    const side = this.#dice.roll(2) as Side
    const some = orders.idAt(this.#dice.roll(Math.max(1, orders.count)))
    const touch = side === 0 ? frame.bidTicks : frame.askTicks
    if (what < 6)
      commands.submit(
        side,
        touch + this.#dice.roll(5) - 2,
        1 + this.#dice.roll(20),
        OrderType.PostOnly,
        frame.instrument,
      )
    else if (what < 8) commands.submit(side, touch, 1 + this.#dice.roll(9), OrderType.Ioc, frame.instrument)
    else if (what === 8 && some > 0) commands.amend(some, touch, 1 + this.#dice.roll(30))
    else if (what === 9 && some > 0) commands.cancel(some)
    else if (what === 10) commands.cancelAll(frame.instrument)
  }
}

/** News as text, so that whole histories can be compared. */
export function newsLine(event: OwnEvent): string {
  const { kind, orderId, instrument, side, priceTicks, sizeLots, leavesLots, cumLots, isMaker, reason } = event
  const places = [kind, orderId, instrument, side, priceTicks, sizeLots, leavesLots, cumLots, isMaker, reason]
  return [...places, event.tradeId, event.tsNs, event.venueNs, event.money].join(',')
}

/** Keeps all news. */
export class Newspaper implements RunObserver {
  readonly lines: string[] = []
  fills = 0

  onOwnEvent(event: OwnEvent): void {
    this.lines.push(newsLine(event))
    if (event.kind === 3) this.fills += 1
  }
}

/** What a run came to, complete enough that two equal ones were the same run. */
export interface Outcome {
  readonly records: number
  readonly news: readonly string[]
  readonly fills: number
  readonly ledger: string
  readonly books: string
}

/** Runs a strategy on a loaded engine and closes it. */
export function outcomeOf(engine: Engine, strategy: Strategy, options: RunOptions = {}): Outcome {
  const paper = new Newspaper()
  const { records } = engine.run(strategy, { ...options, observer: paper })
  const outcome = {
    records,
    news: paper.lines,
    fills: paper.fills,
    ledger: JSON.stringify(engine.ledger()),
    books: JSON.stringify(engine.books()),
  }
  engine.close()
  return outcome
}

/** The code of what a call throws; `''` if it returns. */
export function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return String((error as { code?: unknown }).code)
  }
  return ''
}
