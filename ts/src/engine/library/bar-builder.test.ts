import { describe, expect, it } from 'vitest'
import { BarBuilder, type TimeBar } from './bar-builder.js'
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
  return [...spans].map(([openUs, trades]) => {
    const prices = trades.map((trade) => trade.priceTicks)
    const volumeLots = trades.reduce((sum, trade) => sum + trade.sizeLots, 0)
    return {
      openUs,
      closeUs: openUs + intervalUs,
      openTicks: prices[0] as number,
      highTicks: Math.max(...prices),
      lowTicks: Math.min(...prices),
      closeTicks: prices.at(-1) as number,
      volumeLots,
      trades: trades.length,
      vwapTicks: trades.reduce((sum, trade) => sum + trade.priceTicks * trade.sizeLots, 0) / volumeLots,
    }
  })
}

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
    const column = (of: (trade: (typeof TRADES)[number]) => number) => Float64Array.from(TRADES, of)
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
})
