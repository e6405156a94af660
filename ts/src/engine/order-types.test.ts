import { describe, expect, it } from 'vitest'
import {
  type Commands,
  OrderEventKind,
  OrderState,
  type OrderTerms,
  OrderType,
  Side,
  type Strategy,
  submitBracket,
  submitOneCancelsOther,
} from '../domain/index.js'
import { Engine } from './engine.js'
import { BTCUSDT, level, ticksFrom, trade } from './library/venue.test-kit.js'
import type { EngineConfig, RunMode } from './types.js'

const code = (code: string) => expect.objectContaining({ code })
const MODES: readonly RunMode[] = ['step', 'frames', 'advance']
const START_US = 1_723_075_200_000_000

type Record = Parameters<typeof ticksFrom>[1]

/** 600 000 bid and 600 010 asked, those records, and some that say nothing: one a millisecond. */
function ticks(records: readonly Record[]): Uint8Array {
  const quiet = Array.from({ length: 6 }, (_, k) => level('bid', 500_000, 1 + k))
  return ticksFrom(0, level('bid', 600_000, 50), level('ask', 600_010, 50), ...records, ...quiet)
}

/** What is heard of each order, in every mode the same, when `act` is called at the second record. */
function lives(records: readonly Record[], act: (commands: Commands) => void, more: Partial<EngineConfig> = {}) {
  const runs = MODES.map((mode) => {
    using engine = new Engine({ instruments: [BTCUSDT], deposits: { USDT: '100000' }, ...more })
    engine.loadTicks(ticks(records))
    const heard: string[][] = []
    const hear = (orderId: number, what: string) => {
      heard[orderId] = [...(heard[orderId] ?? []), what]
    }
    let calls = 0
    const strategy: Strategy = {
      interests: { every: 'record' },
      onFill: (fill) => hear(fill.orderId, `fill ${fill.sizeLots} @ ${fill.priceTicks}`),
      onOrderUpdate: (update) => hear(update.orderId, nameOf(update.kind, update.reason)),
      onTick(_, commands) {
        calls += 1
        if (calls === 2) act(commands)
      },
    }
    engine.run(strategy, { mode })
    return { heard, position: engine.ledger().instruments[0]?.position_lots }
  })
  for (const run of runs) expect(run).toEqual(runs[0])
  return runs[0] as (typeof runs)[0]
}

function nameOf(kind: OrderEventKind, reason: string): string {
  const name = Object.entries(OrderEventKind).find(([, value]) => value === kind)?.[0] ?? String(kind)
  return reason === '' ? name : `${name} ${reason}`
}

describe('a strategy', () => {
  it('sends stops that wait for a trade at their trigger', () => {
    const { heard } = lives([trade('ask', 599_990, 1), trade('ask', 599_980, 1)], (commands) => {
      const stop = (type: OrderType, price: number, terms: OrderTerms) =>
        commands.submit(Side.Sell, price, 5, type, 0, terms)
      stop(OrderType.StopMarket, 0, { triggerTicks: 599_990 })
      stop(OrderType.StopLimit, 599_995, { triggerTicks: 599_980 })
      stop(OrderType.TrailingStop, 15, {})
      stop(OrderType.StopMarket, 0, { triggerTicks: 599_000 })
    })
    expect(heard[1]).toEqual(['Accepted', 'Triggered', 'fill 5 @ 600000'])
    expect(heard[2]).toEqual(['Accepted', 'Triggered', 'fill 5 @ 600000'])
    expect(heard[3]).toEqual(['Accepted', 'Triggered', 'fill 5 @ 600000'])
    expect(heard[4]).toEqual(['Accepted'])
  })

  it('sends a bracket whose exits wait for the entry and close no more than it opened', () => {
    let ids: unknown
    const { heard, position } = lives([trade('bid', 600_010, 1), trade('bid', 600_100, 7)], (commands) => {
      const entry = { side: Side.Buy, priceTicks: 0, sizeLots: 7, type: OrderType.Market }
      ids = submitBracket(commands, entry, { targetTicks: 600_050, stopTicks: 599_900 })
    })
    expect(ids).toEqual({ entry: 1, target: 2, stop: 3 })
    expect(heard[1]).toEqual(['Accepted', 'fill 7 @ 600010'])
    expect(heard[2]).toEqual(['Accepted', 'fill 7 @ 600050'])
    expect(heard[3]).toEqual(['Accepted', 'Cancelled group_filled'])
    expect(position).toBe('0')
  })

  it('sends two orders of which the first fill ends the other', () => {
    const { heard } = lives([trade('ask', 600_002, 3)], (commands) => {
      const buy = { side: Side.Buy, priceTicks: 600_002, sizeLots: 5 }
      const stop = { ...buy, priceTicks: 0, type: OrderType.StopMarket, terms: { triggerTicks: 600_100 } }
      expect(submitOneCancelsOther(commands, buy, stop)).toEqual([1, 2])
    })
    expect(heard[1]).toEqual(['Accepted', 'fill 3 @ 600002'])
    expect(heard[2]).toEqual(['Accepted', 'Cancelled group_filled'])
  })

  it('sends fill-or-kill, dated and reduce-only orders', () => {
    const { heard } = lives([], (commands) => {
      commands.submit(Side.Buy, 600_010, 51, OrderType.Fok)
      commands.submit(Side.Buy, 600_010, 50, OrderType.Fok)
      commands.submit(Side.Sell, 600_000, 60, OrderType.Ioc, 0, { reduceOnly: true })
      commands.submit(Side.Buy, 599_000, 5, OrderType.Limit, 0, { untilUs: START_US + 4_000 })
      commands.submit(Side.Buy, 599_000, 5, OrderType.Limit, 0, { day: true })
    })
    expect(heard[1]).toEqual(['Accepted', 'Expired no_liquidity'])
    expect(heard[2]).toEqual(['Accepted', 'fill 50 @ 600010'])
    expect(heard[3]).toEqual(['Accepted', 'fill 50 @ 600000', 'Cancelled reduce_only'])
    expect(heard[4]).toEqual(['Accepted', 'Expired time_in_force'])
    expect(heard[5]).toEqual(['Accepted'])
  })

  it('moves the trigger of a stop that waits', () => {
    const { heard } = lives([trade('ask', 599_990, 1), trade('ask', 599_980, 1)], (commands) => {
      const id = commands.submit(Side.Sell, 0, 5, OrderType.StopMarket, 0, { triggerTicks: 599_990 })
      commands.moveTrigger(id, 599_970)
    })
    expect(heard[1]).toEqual(['Accepted', 'Amended'])
  })

  it('learns by a query how an order stands whose answer was lost', () => {
    using engine = new Engine({
      instruments: [BTCUSDT],
      deposits: { USDT: '100000' },
      faults: [{ fault: { kind: 'lost_ack', timeout_ns: 2_000_000 } }],
    })
    engine.loadTicks(ticks([]))
    const states: OrderState[] = []
    const strategy: Strategy = {
      interests: { every: 'record' },
      onTick(_, commands) {
        if (states.length === 1) commands.submit(Side.Buy, 599_000, 5)
        states.push(commands.orders.state(1))
        if (states.at(-1) === OrderState.Unknown) commands.query(1)
      },
    }
    engine.run(strategy)
    expect(states.slice(0, 6)).toEqual([
      OrderState.None,
      OrderState.PendingNew,
      OrderState.PendingNew,
      OrderState.PendingNew,
      OrderState.Unknown,
      OrderState.Open,
    ])
  })

  it('has a fill that is told twice counted once', () => {
    const more = { faults: [{ fault: { kind: 'duplicate_fill' } }] } as const
    const { heard, position } = lives([], (commands) => commands.submit(Side.Buy, 0, 5, OrderType.Market), more)
    expect(heard[1]).toEqual(['Accepted', 'fill 5 @ 600010'])
    expect(position).toBe('5')
  })

  it('is told at once which terms cannot be', () => {
    using engine = new Engine({ instruments: [BTCUSDT], command_ring: 16 })
    engine.loadTicks(ticks([]))
    const bad: readonly (readonly [type: OrderType, price: number, terms: unknown])[] = [
      [OrderType.StopMarket, 0, undefined],
      [OrderType.StopLimit, 1, { triggerTicks: 0 }],
      [OrderType.StopMarket, 0, { triggerTicks: 1.5 }],
      [OrderType.Limit, 1, { triggerTicks: 5 }],
      [OrderType.TrailingStop, 0, {}],
      [OrderType.Limit, 1, { triggerBy: 'mark' }],
      [OrderType.Limit, 1, { groupRule: 'merge' }],
      [OrderType.Limit, 1, { reduceOnly: 1 }],
      [OrderType.Limit, 1, { day: 'yes' }],
      [OrderType.Limit, 1, { untilUs: -1 }],
      [OrderType.Limit, 1, { untilUs: 5, day: true }],
      [OrderType.Limit, 1, { parent: 1.5 }],
      [OrderType.Limit, 1, { group: 'old' }],
      [OrderType.Limit, 1, 'none'],
      [8 as OrderType, 1, undefined],
    ]
    let told = 0
    engine.run(
      {
        onTick(_, commands) {
          for (const [type, price, terms] of bad) {
            const send = () => commands.submit(Side.Sell, price, 1, type, 0, terms as OrderTerms)
            expect(send).toThrow(code('E_ARGUMENT'))
            told += 1
          }
          expect(commands.orders.count).toBe(0)
          const two = () => commands.submit(Side.Buy, 1, 1, OrderType.Limit, 0, { reduceOnly: true })
          for (let k = 0; k < 15; k++) commands.submit(Side.Buy, 1, 1)
          expect(two).toThrow(code('E_COMMAND_RING_FULL'))
        },
      },
      { maxRecords: 1 },
    )
    expect(told).toBe(bad.length)
  })
})
