/** Two averages of recorded trade prices and where they cross: value by value, and by columns. */
import { decodeTicks, Ema, TapeReader } from '@tickwright/native'

using tape = new TapeReader('config/demo/btcusdt.tape.parquet')
const tick = Number(tape.info.instruments[0]?.tick_size)
const prices: number[] = []
for (const block of tape) {
  for (const record of decodeTicks(block)) if (record.kind === 'trade') prices.push(record.priceTicks * tick)
}

// As a live feed would come: one price at a time. NaN until the warm-up is over.
using fast = new Ema({ period: 50 })
using slow = new Ema({ period: 400 })
let above: boolean | undefined
let crosses = 0
for (const price of prices) {
  fast.update(price)
  slow.update(price)
  if (!slow.isReady) continue
  const is = fast.value > slow.value
  if (above !== undefined && is !== above) crosses++
  above = is
}
console.log(`${prices.length} trades, last ${prices.at(-1)?.toFixed(2)}`)
console.log(
  `EMA 50 ${fast.value.toFixed(2)}, EMA 400 ${slow.value.toFixed(2)}: ${above ? 'above' : 'below'}, ${crosses} crosses`,
)

// A whole column at once: one call, a few nanoseconds a value, and the same bits.
using again = new Ema({ period: 400 })
const line = new Float64Array(prices.length)
again.updateMany(Float64Array.from(prices), line)
console.log(
  `by columns ${line.at(-1)?.toFixed(2)}, ready from trade ${line.findIndex((value) => !Number.isNaN(value)) + 1}`,
)
