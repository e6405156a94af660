/** How far a market moves in ten seconds: Wilder's average true range of its bars. */
import { Atr, BarBuilder, TapeReader, type TimeBar } from '@tickwright/native'

using tape = new TapeReader('config/demo/btcusdt.tape.parquet')
using builder = new BarBuilder({ intervalMs: 10_000 })
const bars: TimeBar[] = []
for (const block of tape) bars.push(...builder.applyTicks(block))

const tick = Number(tape.info.instruments[0]?.tick_size)
using atr = new Atr({ period: 14 })
for (const bar of bars) {
  const value = atr.update(bar.highTicks * tick, bar.lowTicks * tick, bar.closeTicks * tick)
  if (!atr.isReady || bar.openUs % 60_000_000 !== 0) continue
  const bps = (value / (bar.closeTicks * tick)) * 1e4
  console.log(`${new Date(bar.openUs / 1e3).toISOString()}  ATR ${value.toFixed(2)} USDT, ${bps.toFixed(2)} bps`)
}

const column = (of: (bar: TimeBar) => number) => Float64Array.from(bars, (bar) => of(bar) * tick)
using many = new Atr({ period: 14 })
const last = many.updateMany(
  column((bar) => bar.highTicks),
  column((bar) => bar.lowTicks),
  column((bar) => bar.closeTicks),
)
console.log(`${bars.length} bars by columns: ATR ${last.toFixed(2)}`)
