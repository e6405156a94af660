import { describe, expect, it } from 'vitest'
import type { TimeBar } from './bar.js'
import { BarAggregator } from './bar-aggregator.js'
import { BarBuilder } from './bar-builder.js'
import { encodeTicks } from './ticks.js'

const SECOND_US = 1_000_000

/** Trades at uneven times over some minutes. */
const TRADES = Array.from({ length: 500 }, (_, k) => ({
  tsUs: 1_700_000_000 * SECOND_US + k * 730_001 + (k % 13) * 50_000,
  priceTicks: 618_000 + ((k * 37) % 101),
  sizeLots: 1 + (k % 9),
}))

/** Bars by grouping: what a builder must equal. */
function plainBars(intervalMs: number): TimeBar[] {
  const intervalUs = intervalMs * 1_000
  const spans = new Map<number, typeof TRADES>()
  for (const trade of TRADES) {
    const openUs = trade.tsUs - (trade.tsUs % intervalUs)
    spans.set(openUs, [...(spans.get(openUs) ?? []), trade])
  }
  return [...spans].map(([openUs, trades]) => barOf(trades, openUs, openUs + intervalUs))
}

function barOf(trades: typeof TRADES, openUs: number, closeUs: number): TimeBar {
  const prices = trades.map((trade) => trade.priceTicks)
  const volumeLots = trades.reduce((sum, trade) => sum + trade.sizeLots, 0)
  const notionalTickLots = trades.reduce((sum, trade) => sum + trade.priceTicks * trade.sizeLots, 0)
  return {
    openUs,
    closeUs,
    openTicks: prices[0] as number,
    highTicks: Math.max(...prices),
    lowTicks: Math.min(...prices),
    closeTicks: prices.at(-1) as number,
    volumeLots,
    trades: trades.length,
    notionalTickLots,
    vwapTicks: notionalTickLots / volumeLots,
  }
}

type Trade = (typeof TRADES)[number]

/** Bars by counting: each ends with the trade that fills it. */
function fullBars(full: number, measure: (trade: Trade) => number): TimeBar[] {
  const bars: TimeBar[] = []
  let open: Trade[] = []
  for (const trade of TRADES) {
    open.push(trade)
    if (open.reduce((sum, each) => sum + measure(each), 0) < full) continue
    bars.push(barOf(open, (open[0] as Trade).tsUs, trade.tsUs))
    open = []
  }
  return bars
}

const column = (of: (trade: Trade) => number) => Float64Array.from(TRADES, of)

describe('BarBuilder', () => {
  it('equals grouping trades by span, and the unfinished bar comes by flush', () => {
    using bars = new BarBuilder({ intervalMs: 60_000 })
    const made = TRADES.flatMap(({ tsUs, priceTicks, sizeLots }) => bars.onTrade(tsUs, priceTicks, sizeLots))
    const expected = plainBars(60_000)
    expect(bars.current).toEqual(expected.at(-1))
    expect([...made, bars.flush()]).toEqual(expected)
    expect([bars.current, bars.flush(), bars.refused]).toEqual([null, null, 0])
  })

  it('gives the same by columns and by records', () => {
    using columns = new BarBuilder({ intervalMs: 5_000 })
    using records = new BarBuilder({ intervalMs: 5_000 })
    const byColumns = columns.onTrades(
      column((trade) => trade.tsUs),
      column((trade) => trade.priceTicks),
      column((trade) => trade.sizeLots),
    )
    const ticks = encodeTicks(
      TRADES.map(({ tsUs, ...rest }) => ({ kind: 'trade', side: 'bid', recvNs: BigInt(tsUs) * 1_000n, ...rest })),
    )
    expect([...byColumns, columns.flush()]).toEqual(plainBars(5_000))
    expect([...records.applyTicks(ticks), records.flush()]).toEqual(plainBars(5_000))
  })

  it('closes a bar by the clock and fills gaps where that is asked for', () => {
    using bars = new BarBuilder({ intervalMs: 1_000, maxGapBars: 10 })
    bars.onTrade(0, 100, 1)
    expect(bars.onTime(999_999)).toEqual([])
    expect(bars.onTime(1_000_000)).toHaveLength(1)
    const later = bars.onTrade(4_000_000, 101, 1)
    expect(later.map((bar) => [bar.openUs, bar.closeTicks, bar.volumeLots])).toEqual([
      [1_000_000, 100, 0],
      [2_000_000, 100, 0],
      [3_000_000, 100, 0],
    ])
    expect(later[0]?.vwapTicks).toBeNaN()
  })

  it('counts trades that come too late', () => {
    using bars = new BarBuilder({ intervalMs: 1_000 })
    bars.onTrade(5_000_000, 100, 1)
    expect(bars.onTrade(4_999_999, 100, 1)).toEqual([])
    expect(bars.refused).toBe(1)
  })

  it('takes nothing of columns that hold what is no trade', () => {
    using bars = new BarBuilder({ intervalMs: 1_000 })
    const [good, bad] = [Float64Array.of(1, 2), Float64Array.of(1, Number.NaN)]
    expect(() => bars.onTrades(good, bad, good)).toThrow(expect.objectContaining({ code: 'E_ARGUMENT' }))
    expect(() => bars.onTrades(good, good, Float64Array.of(1))).toThrow(
      expect.objectContaining({ code: 'E_INDICATOR_COLUMNS' }),
    )
    expect(bars.current).toBeNull()
  })

  it.each([
    ['ticks', { ticks: 7 }, 7, () => 1],
    ['volume', { volumeLots: 20 }, 20, (trade: Trade) => trade.sizeLots],
    ['notional', { notionalTickLots: 12_000_000 }, 12_000_000, (trade: Trade) => trade.priceTicks * trade.sizeLots],
  ])('ends bars by %s with the trade that fills them', (_, settings, full, measure) => {
    using singly = new BarBuilder(settings)
    using columns = new BarBuilder(settings)
    const made = TRADES.flatMap(({ tsUs, priceTicks, sizeLots }) => singly.onTrade(tsUs, priceTicks, sizeLots))
    expect(made).toEqual(fullBars(full, measure))
    expect(made.length).toBeGreaterThan(50)
    const byColumns = columns.onTrades(
      column((trade) => trade.tsUs),
      column((trade) => trade.priceTicks),
      column((trade) => trade.sizeLots),
    )
    expect(byColumns).toEqual(made)
    expect(columns.flush()).toEqual(singly.flush())
  })

  it('makes bars of mids, one by one and by columns', () => {
    using singly = new BarBuilder({ intervalMs: 5_000 })
    using columns = new BarBuilder({ intervalMs: 5_000 })
    const made = TRADES.flatMap(({ tsUs, priceTicks }) => singly.onMid(tsUs, priceTicks))
    const ofTrades = plainBars(5_000).slice(0, -1)
    expect(made).toEqual(
      ofTrades.map((bar) => ({ ...bar, volumeLots: 0, trades: 0, notionalTickLots: 0, vwapTicks: Number.NaN })),
    )
    expect(
      columns.onMids(
        column((trade) => trade.tsUs),
        column((trade) => trade.priceTicks),
      ),
    ).toEqual(made)
  })

  it('is made of one rule', () => {
    for (const settings of [
      {},
      { ticks: 5, volumeLots: 5 },
      { ticks: 0 },
      { ticks: 5, maxGapBars: 1 },
      { ticks: 1.5 },
    ]) {
      expect(() => new BarBuilder(settings as { ticks: number }), JSON.stringify(settings)).toThrow(/^BarBuilder: /)
    }
  })
})

describe('BarAggregator', () => {
  it('makes the hours and days of minutes that trades would make', () => {
    using minutes = new BarAggregator({ intervalMs: 60_000 })
    using again = new BarAggregator({ intervalMs: 60_000 })
    const small = plainBars(5_000)
    const large = small.flatMap((bar) => [...minutes.onBar(bar)])
    expect(minutes.current).toEqual(plainBars(60_000).at(-1))
    expect([...large, minutes.flush()]).toEqual(plainBars(60_000))
    expect([...again.onBars(small), again.flush()]).toEqual(plainBars(60_000))
    using days = new BarAggregator({ intervalMs: 86_400_000 })
    days.onBars(plainBars(60_000))
    expect(days.flush()).toEqual(plainBars(86_400_000)[0])
  })

  it('takes each bar once and none that crosses two, and nothing of a batch that holds such a bar', () => {
    using minutes = new BarAggregator({ intervalMs: 60_000 })
    const [first, second] = plainBars(5_000) as [TimeBar, TimeBar]
    expect(() => minutes.onBars([first, second, first])).toThrow(expect.objectContaining({ code: 'E_BAR_ORDER' }))
    expect(minutes.current).toBeNull()
    minutes.onBar(first)
    expect(() => minutes.onBar(first)).toThrow(expect.objectContaining({ code: 'E_BAR_ORDER' }))
    const long = { ...second, closeUs: second.closeUs + 60_000_000 }
    expect(() => minutes.onBar(long)).toThrow(expect.objectContaining({ code: 'E_BAR_SPAN' }))
    expect(() => minutes.onBar({ ...second, highTicks: 1.5 })).toThrow(/highTicks of a bar is 1.5: give a whole number/)
    expect(minutes.current?.volumeLots).toBe(first.volumeLots)
  })
})
