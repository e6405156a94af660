import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Controller, Desired, StartContext, Strategy } from '../domain/index.js'
import { type ExecutorOptions, MAX_LEVELS, toStrategy } from './executor.js'
import { frameOf, SimulatedOrders } from './simulated-orders.test-kit.js'

const START: StartContext = {
  instruments: [{ id: 'BTCUSDT-PERP', tickSize: 0.1, lotSize: 0.001 }],
  indicatorIndex: () => 0,
}

type Want = (desired: Desired) => void

/** A strategy whose wishes the test sets before each tick. */
function desk(options: ExecutorOptions = {}) {
  const orders = new SimulatedOrders()
  let want: Want = () => {}
  const controller: Controller = { onTick: (_frame, desired) => want(desired) }
  const strategy = toStrategy(controller, options)
  strategy.onStart?.(START)
  const tick = (wish: Want, tsUs = 0) => {
    want = wish
    strategy.onTick(frameOf({ bidTicks: 1_000, askTicks: 1_001, tsUs }), orders)
  }
  return { orders, tick, strategy }
}

describe('an executor', () => {
  test('places what is wanted as post-only orders and then leaves them alone', () => {
    const { orders, tick } = desk()
    const wish: Want = (desired) => {
      desired.bid(990, 5)
      desired.ask(1_010, 5)
    }
    tick(wish)
    orders.acknowledge()
    tick(wish)
    expect(orders.log).toEqual(['buy 5 @ 990 post-only', 'sell 5 @ 1010 post-only'])
  })

  test('cancels before it places and waits for the acknowledgement', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.bid(990, 5))
    orders.acknowledge()
    tick((desired) => desired.bid(995, 5))
    tick((desired) => desired.bid(995, 5))
    expect(orders.log).toEqual(['buy 5 @ 990 post-only', 'cancel 1'])
    orders.acknowledge()
    tick((desired) => desired.bid(995, 5))
    expect(orders.log.at(-1)).toBe('buy 5 @ 995 post-only')
  })

  test('cancels what is not stated any more', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.ask(1_010, 5))
    orders.acknowledge()
    tick(() => {})
    expect(orders.log.at(-1)).toBe('cancel 1')
  })

  test('leaves a new order alone until the venue has answered', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.bid(990, 5))
    tick(() => {})
    expect(orders.log).toEqual(['buy 5 @ 990 post-only'])
    orders.acknowledge()
    tick(() => {})
    expect(orders.log.at(-1)).toBe('cancel 1')
  })

  test('amends to a smaller size, which keeps the place in the queue', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.bid(990, 5))
    orders.acknowledge()
    tick((desired) => desired.bid(990, 2))
    expect(orders.log.at(-1)).toBe('amend 1 to 2 @ 990')
  })

  test('counts what is filled into the size of an amendment, as venues do', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.bid(990, 5))
    orders.acknowledge()
    orders.fill(0, 2)
    tick((desired) => desired.bid(990, 1))
    expect(orders.log.at(-1)).toBe('amend 1 to 3 @ 990')
    orders.acknowledge()
    expect(orders.live[0]?.leavesLots).toBe(1)
  })

  test('replaces an order of which more is wanted than it was placed for', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.bid(990, 5))
    orders.acknowledge()
    tick((desired) => desired.bid(990, 6))
    expect(orders.log.at(-1)).toBe('cancel 1')
  })

  test('lets an order that was filled in part work on instead of losing its place', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.bid(990, 5))
    orders.acknowledge()
    orders.fill(0, 3)
    tick((desired) => desired.bid(990, 5))
    expect(orders.log).toHaveLength(1)
    orders.fill(0, 2)
    tick((desired) => desired.bid(990, 5))
    expect(orders.log.at(-1)).toBe('buy 5 @ 990 post-only')
    expect(orders.live).toHaveLength(1)
  })

  test('keeps everything when told to', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.bid(990, 5))
    orders.acknowledge()
    tick((desired) => desired.keep())
    expect(orders.log).toHaveLength(1)
  })

  test('moves an order only when it is off by more than the tolerance', () => {
    const { orders, tick } = desk({ refreshToleranceTicks: 3 })
    tick((desired) => desired.bid(990, 5))
    orders.acknowledge()
    tick((desired) => desired.bid(993, 5))
    expect(orders.log).toHaveLength(1)
    tick((desired) => desired.bid(994, 5))
    expect(orders.log.at(-1)).toBe('cancel 1')
  })

  test('holds an order back while it would meet one of ours', () => {
    const { orders, tick } = desk()
    tick((desired) => desired.ask(1_010, 5))
    orders.acknowledge()
    tick((desired) => desired.bid(1_010, 5))
    expect(orders.log.at(-1)).toBe('cancel 1')
    orders.acknowledge()
    tick((desired) => desired.bid(1_010, 5))
    expect(orders.log.at(-1)).toBe('buy 5 @ 1010 post-only')
  })

  test('waits after a rejection before it tries the slot again', () => {
    const { orders, tick, strategy } = desk({ rejectPauseMs: 100 })
    const wish: Want = (desired) => desired.bid(990, 5)
    tick(wish, 1_000)
    const news = orders.reject(0, 2_000)
    if (news) strategy.onOrderUpdate?.(news)
    tick(wish, 101_999)
    expect(orders.log).toHaveLength(1)
    tick(wish, 102_000)
    expect(orders.log).toHaveLength(2)
  })

  test('acts at own events, unless the controller does not want to', () => {
    const interestsOf = (controller: Partial<Controller>) => toStrategy({ onTick() {}, ...controller }).interests
    expect(interestsOf({})).toEqual({ ownEvent: true, every: 'message' })
    expect(interestsOf({ interests: { intervalMs: 5 } })).toEqual({ ownEvent: true, intervalMs: 5 })
    expect(interestsOf({ interests: { trade: true, ownEvent: false } })).toEqual({ trade: true, ownEvent: false })
  })

  test('asks for no news that its controller does not hear', () => {
    const strategy = toStrategy({ onTick() {}, onBar() {} })
    expect([strategy.onFill, strategy.onFrame, typeof strategy.onBar]).toEqual([undefined, undefined, 'function'])
  })

  test.each<[string, Want]>([
    ['a bid price of NaN', (desired) => desired.bid(Number.NaN, 1)],
    ['half a lot', (desired) => desired.ask(1_010, 0.5)],
    ['a size below zero', (desired) => desired.ask(1_010, -1)],
    ['a level that does not exist', (desired) => desired.bid(990, 1, MAX_LEVELS)],
  ])('refuses %s with a clear error', (_what, wish) => {
    expect(() => desk().tick(wish)).toThrow(expect.objectContaining({ code: 'E_ARGUMENT' }))
  })

  test('goes on from a snapshot with the orders it had', () => {
    const first = desk()
    const wish: Want = (desired) => desired.bid(990, 5, 2)
    first.tick(wish)
    first.orders.acknowledge()
    const saved = JSON.parse(JSON.stringify(first.strategy.snapshot?.()))
    const second: Strategy = toStrategy({ onTick: (_frame, desired) => wish(desired) })
    second.restore?.(saved)
    second.onStart?.(START)
    second.onTick(frameOf({ bidTicks: 1_000, askTicks: 1_001 }), first.orders)
    expect(first.orders.log).toHaveLength(1)
  })
})

interface Step {
  readonly bids: readonly (readonly [offset: number, lots: number])[]
  readonly asks: readonly (readonly [offset: number, lots: number])[]
  readonly midTicks: number
  readonly acknowledged: number
  readonly filled: readonly [k: number, lots: number]
}

const quotes = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 5 })), { maxLength: 4 })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    bids: quotes,
    asks: quotes,
    midTicks: fc.integer({ min: 990, max: 1_010 }),
    acknowledged: fc.integer({ min: 0, max: 4 }),
    filled: fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 5 })),
  }),
  { minLength: 1, maxLength: 60 },
)

function wishOf(step: Step): Want {
  return (desired) => {
    for (const [level, [offset, lots]] of step.bids.entries()) desired.bid(step.midTicks - offset, lots, level)
    for (const [level, [offset, lots]] of step.asks.entries()) desired.ask(step.midTicks + offset, lots, level)
  }
}

describe('over random wishes, acknowledgements and fills', () => {
  test('an executor never has two live orders for one slot and never meets its own', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const { orders, tick } = desk()
        for (const step of run) {
          tick(wishOf(step))
          for (const side of [0, 1]) expect(orders.live.filter((o) => o.side === side).length).toBeLessThanOrEqual(4)
          const bids = orders.live.filter((order) => order.side === 0).map((order) => order.priceTicks)
          const asks = orders.live.filter((order) => order.side === 1).map((order) => order.priceTicks)
          expect(Math.max(...bids)).toBeLessThan(Math.min(...asks))
          orders.acknowledge(step.acknowledged)
          orders.fill(...step.filled)
        }
      }),
    )
  })

  test('an executor arrives at what is wanted once the wish stands still', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const { orders, tick } = desk()
        for (const step of run) {
          tick(wishOf(step))
          orders.acknowledge(step.acknowledged)
          orders.fill(...step.filled)
        }
        const last = run.at(-1) as Step
        for (let round = 0; round < 4; round++) {
          tick(wishOf(last))
          orders.acknowledge()
        }
        const shown = (side: number, prices: readonly number[]) => prices.map((price) => `${side} ${price}`)
        const wantedBids = last.bids.filter(([, lots]) => lots > 0).map(([offset]) => last.midTicks - offset)
        const wantedAsks = last.asks.filter(([, lots]) => lots > 0).map(([offset]) => last.midTicks + offset)
        const wanted = [...shown(0, wantedBids), ...shown(1, wantedAsks)]
        expect(orders.live.map((order) => `${order.side} ${order.priceTicks}`).sort()).toEqual(wanted.sort())
      }),
    )
  })
})
