import { BAR_FIELDS } from './bars.js'
import { TICK_BYTES } from './ticks.js'

const BAR_NS = 1_000_000_000n
const START_NS = 1_700_000_040_000_000_000n
const CLOSE = 3
const QUOTE = 2
const LAST = 1
/** More than any order asks for. */
const LOTS = 1_000n

/**
 * Bars as engine records: each is a quote of its close on both sides, in whole ticks. An order sent at a bar meets that
 * quote, because without latency it is in force from the next record, before that record counts.
 */
export function barTicks(bars: Float64Array): Uint8Array {
  const count = bars.length / BAR_FIELDS
  const view = new DataView(new ArrayBuffer(count * 2 * TICK_BYTES))
  for (let n = 0; n < count; n += 1) {
    const closeNs = START_NS + BigInt(n + 1) * BAR_NS
    for (const side of [0, 1]) {
      const at = (n * 2 + side) * TICK_BYTES
      view.setBigInt64(at, closeNs, true)
      view.setBigInt64(at + 8, closeNs, true)
      view.setBigInt64(at + 16, BigInt(bars[n * BAR_FIELDS + CLOSE]!), true)
      view.setBigInt64(at + 24, LOTS, true)
      view.setBigUint64(at + 32, BigInt(n), true)
      view.setUint8(at + 42, QUOTE)
      view.setUint8(at + 43, side)
      view.setUint8(at + 44, side === 1 ? LAST : 0)
    }
  }
  return new Uint8Array(view.buffer)
}
