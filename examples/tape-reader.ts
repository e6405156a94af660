/** What a tape says of itself, and its records in blocks. */
import { decodeTicks, TapeReader } from '@tickwright/native'

using tape = new TapeReader('config/demo/btcusdt.tape.parquet')
const { ticks, by_kind, first_ts_ns, last_ts_ns, instruments, content_sha256 } = tape.info
const minutes = Number(BigInt(last_ts_ns ?? 0) - BigInt(first_ts_ns ?? 0)) / 60e9
console.log(`${instruments.map((spec) => spec.id).join(', ')}: ${ticks} ticks over ${minutes.toFixed(1)} minutes`)
for (const [kind, count] of Object.entries(by_kind)) console.log(`  ${kind.padEnd(16)} ${String(count).padStart(8)}`)
console.log(`content ${content_sha256.slice(0, 16)}…`)

let messages = 0
let biggest = { sizeLots: 0, priceTicks: 0 }
for (const block of tape) {
  for (const record of decodeTicks(block)) {
    messages += record.flags & 1
    if (record.kind === 'trade' && record.sizeLots > biggest.sizeLots) biggest = record
  }
}
const [tick, lot] = [Number(instruments[0]?.tick_size), Number(instruments[0]?.lot_size)]
console.log(
  `${messages} messages; biggest trade ${(biggest.sizeLots * lot).toFixed(4)} at ${(biggest.priceTicks * tick).toFixed(2)}`,
)
