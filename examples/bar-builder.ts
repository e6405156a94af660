/** Minute bars of a recorded market, with volume and volume-weighted price. */
import { BarBuilder, TapeReader, type TimeBar } from '@tickwright/native'

using tape = new TapeReader('config/demo/btcusdt.tape.parquet')
using bars = new BarBuilder({ intervalMs: 60_000 })

const tick = Number(tape.info.instruments[0]?.tick_size)
const lot = Number(tape.info.instruments[0]?.lot_size)
function print(bar: TimeBar, end = ''): void {
  const prices = [bar.openTicks, bar.highTicks, bar.lowTicks, bar.closeTicks].map((ticks) => (ticks * tick).toFixed(2))
  const time = new Date(bar.openUs / 1e3).toISOString().slice(11, 16)
  const vwap = (bar.vwapTicks * tick).toFixed(2)
  console.log(`${time}  ${prices.join('  ')}  ${(bar.volumeLots * lot).toFixed(3).padStart(8)}  vwap ${vwap}${end}`)
}

console.log('time   open      high      low       close       volume')
for (const block of tape) for (const bar of bars.applyTicks(block)) print(bar)
const unfinished = bars.flush()
if (unfinished) print(unfinished, '  (unfinished)')
