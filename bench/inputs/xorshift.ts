/**
 * xorshift64* in two 32-bit halves: the draws of the generated inputs without a BigInt each.
 * A draw is the upper half of `state * 0x2545F4914F6CDD1D mod 2^64`.
 */
export class Xorshift {
  #high: number
  #low: number

  /** `state` is any 64-bit number but 0. */
  constructor(state: bigint) {
    if (BigInt.asUintN(64, state) === 0n)
      throw new RangeError('xorshift64* never leaves the state 0: start with another')
    this.#high = Number(BigInt.asIntN(32, state >> 32n))
    this.#low = Number(BigInt.asIntN(32, state))
  }

  /** The next 32 random bits as a whole number from 0 to 2^32 − 1. */
  next(): number {
    let high = this.#high
    let low = this.#low
    low ^= (low >>> 12) | (high << 20)
    high ^= high >>> 12
    high ^= (high << 25) | (low >>> 7)
    low ^= low << 25
    low ^= (low >>> 27) | (high << 5)
    high ^= high >>> 27
    this.#high = high
    this.#low = low
    return (upperProduct(low, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH) + Math.imul(high, MULTIPLIER_LOW)) >>> 0
  }

  /** A draw below `limit`, as `draw % limit`. */
  below(limit: number): number {
    return this.next() % limit
  }
}

const MULTIPLIER_HIGH = 0x2545f491
const MULTIPLIER_LOW = 0x4f6cdd1d

/** The upper 32 bits of a product of two unsigned 32-bit numbers, by halves of 16. */
function upperProduct(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const low = Math.imul(a0, b0) >>> 0
  const middle = Math.imul(a1, b0) + (low >>> 16)
  const crossed = Math.imul(a0, b1) + ((middle >>> 0) & 0xffff)
  return (Math.imul(a1, b1) + Math.floor((middle >>> 0) / 65536) + Math.floor((crossed >>> 0) / 65536)) | 0
}
