/** What a chart shows of ten-second bars of a recorded market: bands, strength, trend, prices by volume. */
import {
  BarAggregator,
  BarBuilder,
  BollingerBands,
  Macd,
  RollingMax,
  RollingMin,
  RollingVwap,
  Rsi,
  SessionVwap,
  TapeReader,
  type TimeBar,
  VolumeRatio,
  ZScore,
} from '@tickwright/native'

using tape = new TapeReader('config/demo/btcusdt.tape.parquet')
const tick = Number(tape.info.instruments[0]?.tick_size)
using builder = new BarBuilder({ intervalMs: 10_000 })
using large = new BarBuilder({ volumeLots: 1_000_000 })
const bars: TimeBar[] = []
const largeBars: TimeBar[] = []
for (const block of tape) {
  bars.push(...builder.applyTicks(block))
  largeBars.push(...large.applyTicks(block))
}

// Bar by bar: the session's price, and how much traded against what is usual.
using day = new SessionVwap()
using busy = new VolumeRatio({ period: 20 })
for (const bar of bars) {
  day.update(bar.openUs, bar.vwapTicks * tick, bar.volumeLots)
  busy.update(bar.volumeLots)
}
console.log(`day's VWAP ${day.value.toFixed(2)}, the last bar traded ${busy.value.toFixed(2)} × the usual`)

// By columns.
const closes = Float64Array.from(bars, (bar) => bar.closeTicks * tick)
const volumes = Float64Array.from(bars, (bar) => bar.volumeLots)
using bands = new BollingerBands({ period: 20 })
using rsi = new Rsi({ period: 14 })
using macd = new Macd()
using z = new ZScore({ period: 20 })
using vwap = new RollingVwap({ period: 20 })
using high = new RollingMax({ period: 20 })
using low = new RollingMin({ period: 20 })
bands.updateMany(closes)
macd.updateMany(closes)
console.log(`close ${closes.at(-1)?.toFixed(2)}, bands ${bands.lower.toFixed(2)} to ${bands.upper.toFixed(2)}`)
console.log(`RSI ${rsi.updateMany(closes).toFixed(1)}, z-score ${z.updateMany(closes).toFixed(2)}`)
console.log(`MACD ${macd.line.toFixed(2)}, signal ${macd.signal.toFixed(2)}, histogram ${macd.histogram.toFixed(2)}`)
console.log(`VWAP of 20 bars ${vwap.updateMany(closes, volumes).toFixed(2)}`)
console.log(`20 closes from ${low.updateMany(closes).toFixed(2)} to ${high.updateMany(closes).toFixed(2)}`)

// Larger bars, by time of the small ones and by volume of the trades.
using minutes = new BarAggregator({ intervalMs: 60_000 })
const minuteBars = [...minutes.onBars(bars), minutes.flush()]
console.log(`${bars.length} bars of 10 s, ${minuteBars.length} minutes, ${largeBars.length} bars by volume`)
