import { describe, expect, it } from 'vitest'
import { OrderType, Side } from '../../domain/index.js'
import { Engine } from '../engine.js'
import { PaperVenue } from './paper-venue.js'
import { BTCUSDT, level, ticksFrom, trade } from './venue.test-kit.js'
import type { VenueEvent } from './venue-event.js'

const code = (code: string) => expect.objectContaining({ code })
const DEPOSITS = { USDT: '10000' }

function openVenue(settings = {}): PaperVenue {
  return new PaperVenue({ instrument: BTCUSDT, deposits: DEPOSITS, ...settings })
}

const kinds = (events: readonly VenueEvent[]) => events.map((event) => event.kind)

describe('PaperVenue', () => {
  it('fills a resting order after the size in front of it has traded, and pays the maker fee', () => {
    using venue = openVenue()
    expect(venue.apply(ticksFrom(0, level('bid', 600_000, 5), level('ask', 600_001, 5)))).toBe(2)
    expect([venue.bestBid(), venue.bestAsk(), venue.positionLots()]).toEqual([600_000, 600_001, 0])
    const id = venue.submit(Side.Buy, 600_000, 10, OrderType.PostOnly)
    expect([venue.orders.count, venue.orders.leavesLots(id)]).toEqual([1, 10])
    venue.apply(ticksFrom(10, level('ask', 600_002, 1), trade('ask', 600_000, 5), trade('ask', 600_000, 4)))
    venue.apply(ticksFrom(20, trade('ask', 600_000, 6), level('ask', 600_003, 1)))
    const events = venue.events()
    expect(kinds(events)).toEqual(['accepted', 'fill', 'fill'])
    expect(events[2]).toMatchObject({
      orderId: id,
      side: 'buy',
      sizeLots: 6,
      leavesLots: 0,
      cumLots: 10,
      isMaker: true,
    })
    // 0.01 BTC at 60 000 at 2 bps.
    expect(events.reduce((sum, event) => sum + event.amount, 0)).toBeCloseTo(0.12, 12)
    expect(venue.account().instruments[0]).toMatchObject({ position_lots: '10', fees: '0.12', fills: 2 })
    expect([venue.positionLots(), venue.events()]).toEqual([10, []])
  })

  it('takes by a market order and says why it rejects a post-only one', () => {
    using venue = openVenue()
    venue.apply(ticksFrom(0, level('bid', 600_000, 5), level('ask', 600_001, 50)))
    const crossing = venue.submitDecimal(Side.Buy, '60000.1', '0.01', OrderType.PostOnly)
    const market = venue.submit(Side.Buy, 0, 10, OrderType.Market)
    venue.apply(ticksFrom(1, level('bid', 599_999, 5)))
    const events = venue.events()
    expect(events.find((event) => event.orderId === crossing)).toMatchObject({
      kind: 'rejected',
      reason: 'would_cross',
    })
    expect(events.find((event) => event.orderId === market && event.kind === 'fill')).toMatchObject({
      priceTicks: 600_001,
      sizeLots: 10,
      isMaker: false,
    })
    expect(() => venue.submitDecimal(Side.Buy, '60000.15', '0.01')).toThrow(code('E_OFF_GRID'))
  })

  it('lets latency pass before an order is at the venue', () => {
    using venue = openVenue({ entryLatency: { kind: 'fixed', ns: 5_000_000 } })
    venue.apply(ticksFrom(0, level('bid', 600_000, 5), level('ask', 600_001, 5)))
    const id = venue.submit(Side.Buy, 599_990, 10)
    venue.apply(ticksFrom(2, level('bid', 599_998, 5)))
    expect(venue.events()).toEqual([])
    venue.apply(ticksFrom(8, level('bid', 599_997, 5)))
    expect(kinds(venue.events())).toEqual(['accepted'])
    venue.amend(id, 599_980, 5)
    venue.apply(ticksFrom(20, level('bid', 599_996, 5)))
    expect(venue.cancelAll()).toBe(1)
    venue.apply(ticksFrom(40, level('bid', 599_995, 5)))
    expect([kinds(venue.events()), venue.orders.count]).toEqual([['amended', 'cancelled'], 0])
  })

  it('makes a market of best quotes where that is said', () => {
    using venue = openVenue({ market: 'quotes' })
    const quote = (side: 'bid' | 'ask', priceTicks: number, flags: number) =>
      ({ kind: 'quote', side, priceTicks, sizeLots: 3, flags }) as const
    venue.apply(ticksFrom(0, quote('bid', 600_000, 0), quote('ask', 600_001, 1)))
    expect([venue.bestBid(), venue.bestAsk()]).toEqual([600_000, 600_001])
    venue.apply(ticksFrom(5, quote('bid', 600_002, 0), quote('ask', 600_003, 1)))
    expect(venue.levels(Side.Buy)).toEqual([{ priceTicks: 600_002, sizeLots: 3 }])
  })

  it('ends with the same account as the engine that runs the same orders', () => {
    const blocks = Array.from({ length: 60 }, (_, k) =>
      ticksFrom(
        k * 10,
        level('bid', 600_000 + (k % 5), 3 + (k % 4)),
        level('ask', 600_006 + (k % 3), 4),
        trade('ask', 600_000 + (k % 5), 6),
        level('bid', 600_000 + ((k + 4) % 5), 0),
      ),
    )
    const order = (k: number) => [k % 2 === 0 ? Side.Buy : Side.Sell, 600_000 + (k % 7), 2] as const
    using venue = openVenue()
    for (const [k, block] of blocks.entries()) {
      venue.apply(block)
      venue.submit(...order(k))
    }
    using engine = new Engine({ instruments: [BTCUSDT], deposits: DEPOSITS })
    engine.loadTicks(Buffer.concat(blocks))
    let sent = 0
    engine.run({ interests: { every: 4 }, onTick: (_, commands) => void commands.submit(...order(sent++)) })
    expect(Number(venue.account().instruments[0]?.fills)).toBeGreaterThan(10)
    expect(venue.account()).toEqual(engine.ledger())
  })

  it('goes on after records that it had to refuse', () => {
    using venue = openVenue()
    venue.apply(ticksFrom(100, level('bid', 600_000, 5)))
    expect(() => venue.apply(ticksFrom(50, level('bid', 600_001, 5)))).toThrow(code('E_TIME_BACKWARDS'))
    const foreign = ticksFrom(110, { ...level('bid', 600_001, 5), instrument: 3 })
    expect(() => venue.apply(foreign)).toThrow(code('E_UNKNOWN_INSTRUMENT'))
    expect(() => venue.apply(foreign.subarray(1))).toThrow(code('E_TICK_BUFFER'))
    expect(venue.apply(ticksFrom(120, level('bid', 600_002, 5)))).toBe(1)
    expect(venue.bestBid()).toBe(600_002)
  })

  it('refuses orders before its first record, and orders that are none', () => {
    using venue = openVenue()
    expect(() => venue.submit(Side.Buy, 1, 1)).toThrow(code('E_ARGUMENT'))
    venue.apply(ticksFrom(0, level('bid', 600_000, 5)))
    expect(() => venue.submit(Side.Buy, 1.5, 1)).toThrow(code('E_ARGUMENT'))
    expect(() => venue.bestBid(1)).toThrow(code('E_ARGUMENT'))
    expect(() => new PaperVenue({})).toThrow(code('E_CONFIG'))
    expect(() => openVenue({ fillModel: 'optimistic' })).toThrow(/conservative/)
  })
})
