import { EVENT_WORDS, type Events, eventLots } from './events.js'

/** Bytes of an engine record: `Tick` of crates/types. */
export const TICK_BYTES = 48
const TICK_WORDS = TICK_BYTES / 4
const TWO_32 = 4_294_967_296

const BOOK_DELTA = 0
const TRADE = 1
const LAST = 1

/**
 * Events as engine records: exchange time = `ts`, receive time = `ts` + 1 ns, every record the last of its message.
 * Instrument 0, prices in the events' ticks, sizes in lots of 0.001.
 */
export function ticksOf(events: Events): Uint8Array {
  const { count, words, signed } = events
  const out = new Int32Array(count * TICK_WORDS)
  for (let n = 0; n < count; n += 1) {
    const from = n * EVENT_WORDS
    const at = n * TICK_WORDS
    const low = words[from]!
    out[at] = low + 1
    out[at + 1] = signed[from + 1]! + (low === TWO_32 - 1 ? 1 : 0)
    out[at + 2] = low
    out[at + 3] = signed[from + 1]!
    writeWhole(out, at + 4, signed[from + 2]!)
    writeWhole(out, at + 6, eventLots(events, n))
    out[at + 8] = words[from + 6]!
    out[at + 9] = words[from + 7]!
    out[at + 10] = kindAndSide(signed[from + 3]!) << 16
    out[at + 11] = LAST
  }
  return new Uint8Array(out.buffer)
}

/** The kind in the lower byte, the side in the upper one: of a trade the aggressor's. */
function kindAndSide(kind: number): number {
  // Kinds 2 and 3 are trades by a seller and by a buyer; the engine numbers buyers 0 and sellers 1.
  return kind < 2 ? BOOK_DELTA | (kind << 8) : TRADE | ((3 - kind) << 8)
}

/** A whole number below 2^53 as 64 bits. */
function writeWhole(out: Int32Array, at: number, value: number): void {
  out[at] = value
  out[at + 1] = Math.floor(value / TWO_32)
}
