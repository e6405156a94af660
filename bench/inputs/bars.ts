import { Xorshift } from './xorshift.js'

const START_STATE = 0x9e3779b97f4a7c17n
const FIRST_OPEN = 1_000_000

/** Numbers of a bar: open, high, low, close, volume, each a float of 64 bits. */
export const BAR_FIELDS = 5

/** `bars.bin`: a random walk of whole prices. */
export function generateBars(bars: number): Uint8Array {
  const rng = new Xorshift(START_STATE)
  const out = new Float64Array(bars * BAR_FIELDS)
  let open = FIRST_OPEN
  for (let n = 0; n < bars; n += 1) {
    const close = open + rng.below(401) - 200
    const at = n * BAR_FIELDS
    out[at] = open
    out[at + 1] = Math.max(open, close) + rng.below(100)
    out[at + 2] = Math.min(open, close) - rng.below(100)
    out[at + 3] = close
    out[at + 4] = 1 + rng.below(1000)
    open = close
  }
  return new Uint8Array(out.buffer)
}
