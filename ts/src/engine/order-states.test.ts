import { afterEach, describe, expect, it } from 'vitest'
import { type Commands, OrderEventKind, OrderState, OrderType, Side, type Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { FLAG, KIND, type RawTick, tickBytes } from './generated-market.test-kit.js'
import { DiceTrader, generatedEngine, perpetualConfig } from './recorded-run.test-kit.js'
import type { RunMode } from './types.js'

/** One record a millisecond, and 2 ms to the venue and 2 ms back: what is asked at k is answered in the sight of k + 4. */
const MS = 1_000_000n
const START_NS = 1_700_000_000_000_000_000n
const LAST_MS = 20

/** What is done at a millisecond; `ids` are the orders sent so far. */
type Act = (commands: Commands, ids: number[]) => void
/** Acts, and trades that are seen at a millisecond instead of a quiet record. */
interface Script {
  readonly acts: Readonly<Record<number, Act>>
  readonly trades?: Readonly<Record<number, Partial<RawTick>>>
  readonly emptyBook?: boolean
}

const STATE_NAMES = new Map<number, string>(Object.entries(OrderState).map(([name, value]) => [value, name]))
const NEWS_NAMES = new Map<number, string>(Object.entries(OrderEventKind).map(([name, value]) => [value, name]))

/** Ten lots at 99 and 101, then a change far from the touch every millisecond. */
function ticksOf({ trades = {}, emptyBook = false }: Script): RawTick[] {
  const tick = (ms: number, given: Partial<RawTick>): RawTick => {
    const recvNs = START_NS + BigInt(ms) * MS
    return { recvNs, exchNs: recvNs, kind: KIND.delta, side: 0, flags: FLAG.last, ...given }
  }
  const touch = [
    tick(0, { side: 0, priceTicks: 99, sizeLots: 10 }),
    tick(0, { side: 1, priceTicks: 101, sizeLots: 10 }),
  ]
  const beats = Array.from({ length: LAST_MS }, (_, k) => {
    const quiet = { priceTicks: 50, sizeLots: emptyBook ? 0 : k + 1 }
    return tick(k + 1, trades[k + 1] === undefined ? quiet : { kind: KIND.trade, ...trades[k + 1] })
  })
  return emptyBook ? beats : [...touch, ...beats]
}

const open: Engine[] = []
afterEach(() => {
  for (const engine of open.splice(0)) engine.close()
})

/** State of the first order at the end of each millisecond's action point, and all news as text. */
function lifeOf(script: Script, mode: RunMode = 'step') {
  const engine = new Engine(perpetualConfig())
  open.push(engine)
  engine.loadTicks(tickBytes(ticksOf(script)))
  const states: Record<number, string> = {}
  const news: string[] = []
  const ids: number[] = []
  const say = (ms: number, what: string) => news.push(`${ms} ms: ${what}`)
  const at = (tsUs: number) => tsUs / 1_000 - Number(START_NS / MS)
  const strategy: Strategy = {
    interests: { every: 'record' },
    onFill: (fill) => say(at(fill.tsUs), `Fill ${fill.sizeLots}, ${fill.leavesLots} left`),
    onOrderUpdate: (update) => say(at(update.tsUs), `${NEWS_NAMES.get(update.kind)} ${update.reason}`.trimEnd()),
    onTick(frame, commands) {
      const ms = at(frame.tsUs)
      script.acts[ms]?.(commands, ids)
      states[ms] = STATE_NAMES.get(commands.orders.state(ids[0] ?? 0)) as string
      if (commands.orders.count !== frame.openOrders) throw new Error('the frame counts other orders than the table')
    },
  }
  engine.run(strategy, { mode })
  return { states, news, engine, ids }
}

/** The states from one millisecond to another. */
function between(states: Record<number, string>, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, k) => states[from + k] as string)
}

const times = (count: number, state: string): string[] => Array.from({ length: count }, () => state)
const buy =
  (priceTicks: number, type: OrderType = OrderType.Limit): Act =>
  (commands, ids) =>
    void ids.push(commands.submit(Side.Buy, priceTicks, 10, type))
const cancel: Act = (commands, ids) => commands.cancel(ids[0] as number)
const amend =
  (priceTicks: number, sizeLots: number): Act =>
  (commands, ids) =>
    commands.amend(ids[0] as number, priceTicks, sizeLots)

describe('the states of an order that a controller sees', () => {
  it('PendingNew from the moment it is written, Open once the answer is here, the same in every mode', () => {
    for (const mode of ['step', 'frames', 'advance'] as const) {
      const { states, news } = lifeOf({ acts: { 1: buy(98) } }, mode)
      expect(between(states, 1, LAST_MS)).toEqual([...times(4, 'PendingNew'), ...times(16, 'Open')])
      expect(news).toEqual(['5 ms: Accepted'])
    }
  })

  it('an order just written is in the table whole, as the youngest', () => {
    let seen: unknown
    const look: Act = (commands, ids) => {
      ids.push(commands.submit(Side.Buy, 98, 3), commands.submit(Side.Sell, 105, 4, OrderType.PostOnly))
      const { orders } = commands
      const of = (id: number) => [orders.side(id), orders.priceTicks(id), orders.leavesLots(id), orders.instrument(id)]
      seen = { count: orders.count, order: [orders.idAt(0), orders.idAt(1), orders.idAt(2)], all: ids.map(of) }
    }
    const { ids } = lifeOf({ acts: { 1: look } })
    expect(seen).toEqual({
      count: 2,
      order: [...ids, 0],
      all: [
        [Side.Buy, 98, 3, 0],
        [Side.Sell, 105, 4, 0],
      ],
    })
  })

  it('PendingAmend until the answer, then Open at the new price', () => {
    const prices: number[] = []
    const price: Act = (commands, ids) => void prices.push(commands.orders.priceTicks(ids[0] as number))
    const { states, news } = lifeOf({ acts: { 1: buy(98), 8: amend(97, 10), 11: price, 12: price } })
    expect(between(states, 7, 13)).toEqual(['Open', ...times(4, 'PendingAmend'), 'Open', 'Open'])
    expect(prices).toEqual([98, 97])
    expect(news).toEqual(['5 ms: Accepted', '12 ms: Amended'])
  })

  it('PendingCancel until the answer, then Cancelled and out of the table', () => {
    const { states, news } = lifeOf({ acts: { 1: buy(98), 8: cancel } })
    expect(between(states, 7, 13)).toEqual(['Open', ...times(4, 'PendingCancel'), 'None', 'None'])
    expect(news).toEqual(['5 ms: Accepted', '12 ms: Cancelled by_owner'])
  })

  it('PartiallyFilled, then Filled and out of the table', () => {
    const sold = { side: 1, priceTicks: 97 }
    const trades = { 6: { ...sold, sizeLots: 4 }, 10: { ...sold, sizeLots: 6 } }
    const { states, news } = lifeOf({ acts: { 1: buy(98) }, trades })
    expect(between(states, 7, 12)).toEqual(['Open', ...times(4, 'PartiallyFilled'), 'None'])
    expect(news).toEqual(['5 ms: Accepted', '8 ms: Fill 4, 6 left', '12 ms: Fill 6, 0 left'])
  })

  it('a fill that wins against a cancel on its way is seen, and the cancel takes what is left', () => {
    const trades = { 9: { side: 1, priceTicks: 97, sizeLots: 4 } }
    const { states, news, engine } = lifeOf({ acts: { 1: buy(98), 8: cancel }, trades })
    expect(between(states, 8, 12)).toEqual([...times(4, 'PendingCancel'), 'None'])
    expect(news).toEqual(['5 ms: Accepted', '11 ms: Fill 4, 6 left', '12 ms: Cancelled by_owner'])
    expect(engine.ledger().instruments[0]?.position_lots).toBe('4')
  })

  it('a cancel that comes after the last fill is refused: already_filled', () => {
    const trades = { 9: { side: 1, priceTicks: 97, sizeLots: 10 } }
    const { states, news } = lifeOf({ acts: { 1: buy(98), 8: cancel }, trades })
    expect(between(states, 8, 12)).toEqual([...times(3, 'PendingCancel'), 'None', 'None'])
    expect(news).toEqual(['5 ms: Accepted', '11 ms: Fill 10, 0 left', '12 ms: CancelRejected already_filled'])
  })

  it('Rejected: a post-only order that would cross', () => {
    const { states, news } = lifeOf({ acts: { 1: buy(101, OrderType.PostOnly) } })
    expect(between(states, 1, 6)).toEqual([...times(4, 'PendingNew'), 'None', 'None'])
    expect(news).toEqual(['5 ms: Rejected would_cross'])
  })

  it('Expired: an IOC that finds nothing at its price, and a market order on an empty book', () => {
    const ioc = lifeOf({ acts: { 1: buy(100, OrderType.Ioc) } })
    const market = lifeOf({ acts: { 1: buy(1, OrderType.Market) }, emptyBook: true })
    for (const { states, news } of [ioc, market]) {
      expect(between(states, 1, 6)).toEqual([...times(4, 'PendingNew'), 'None', 'None'])
      expect(news).toEqual(['5 ms: Accepted', '5 ms: Expired no_liquidity'])
    }
  })
})

describe('several requests on their way', () => {
  it('an order can be cancelled where it was written: PendingCancel at once', () => {
    const both: Act = (commands, ids) => {
      buy(98)(commands, ids)
      cancel(commands, ids)
    }
    const { states, news } = lifeOf({ acts: { 1: both } })
    expect(between(states, 1, 5)).toEqual([...times(4, 'PendingCancel'), 'None'])
    expect(news).toEqual(['5 ms: Accepted', '5 ms: Cancelled by_owner'])
  })

  it('a refused amendment leaves the cancel that is under way in sight, and hides none', () => {
    const { states, news } = lifeOf({ acts: { 1: buy(98), 8: amend(0, 10), 10: cancel, 11: amend(97, 10) } })
    expect(between(states, 7, 14)).toEqual(['Open', ...times(2, 'PendingAmend'), ...times(4, 'PendingCancel'), 'None'])
    expect(news).toEqual([
      '5 ms: Accepted',
      '12 ms: AmendRejected invalid_price',
      '14 ms: Cancelled by_owner',
      '15 ms: AmendRejected already_closed',
    ])
  })

  it('of two amendments the first answer leaves PendingAmend in sight', () => {
    const { states } = lifeOf({ acts: { 1: buy(98), 8: amend(97, 10), 10: amend(96, 10) } })
    expect(between(states, 7, 15)).toEqual(['Open', ...times(6, 'PendingAmend'), 'Open', 'Open'])
  })

  it('a refused order is out of the table again: more requests than may be on their way', () => {
    const engine = new Engine(perpetualConfig({ command_ring: 131_072 }))
    open.push(engine)
    engine.loadTicks(tickBytes(ticksOf({ acts: {} })))
    const ids: number[] = []
    const flooding: Strategy = {
      interests: { every: 'record' },
      onTick(_frame, commands) {
        if (ids.length > 0) return
        ids.push(commands.submit(Side.Buy, 98, 1))
        for (let k = 0; k < 65_535; k++) commands.cancel(ids[0] as number)
        ids.push(commands.submit(Side.Buy, 97, 1))
      },
    }
    expect(() => engine.run(flooding)).toThrow(expect.objectContaining({ code: 'E_REQUESTS_FULL' }))
    const seen: unknown[] = []
    const look: Strategy = {
      onTick: (_frame, { orders }) =>
        void seen.push(orders.count, orders.idAt(0), orders.idAt(1), ...ids.map((id) => orders.state(id))),
    }
    engine.run(look, { maxRecords: 1 })
    expect(seen).toEqual([1, ids[0], 0, OrderState.PendingCancel, OrderState.None])
  })

  it('what is shown of a request when it is written is what the engine then writes', () => {
    const engine = generatedEngine({ seed: 5, messages: 3_000, config: { command_ring: 64 } })
    open.push(engine)
    let heard = 0
    let compared = 0
    let before = ''
    const trader = new DiceTrader(9)
    const shown = ({ orders }: Commands): string =>
      Array.from({ length: orders.count }, (_, k) => orders.idAt(k))
        .map((id) => [
          id,
          orders.state(id),
          orders.side(id),
          orders.instrument(id),
          orders.priceTicks(id),
          orders.leavesLots(id),
        ])
        .join(' ')
    engine.run({
      interests: { every: 'record' },
      onFill: () => void heard++,
      onOrderUpdate: () => void heard++,
      onTick(frame, commands) {
        if (heard === 0 && before !== '') {
          expect(shown(commands)).toBe(before)
          compared += 1
        }
        heard = 0
        trader.onTick(frame, commands)
        before = shown(commands)
      },
    })
    expect(compared).toBeGreaterThan(1_000)
  })
})
