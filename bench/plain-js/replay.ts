import type { PlainBook } from './book.js'
import type { PlainTape } from './tape.js'

/**
 * Records between two readings of the checksum. The loops run over blocks of so many, in a function of their own: one
 * long loop would be compiled while it runs, thrown away at its end and compiled again in the next run.
 */
export const CHECKSUM_EVERY = 1000

/** W0: every level is applied and nobody looks. Returns the sum of both best prices at the end, in ticks. */
export function replayOnly(tape: PlainTape, book: PlainBook): number {
  book.clear()
  for (let from = 0; from < tape.count; from += CHECKSUM_EVERY) {
    applyBlock(tape, book, from, Math.min(from + CHECKSUM_EVERY, tape.count))
  }
  return book.bestBid + book.bestAsk + 2 * tape.base
}

/** W1: best bid and ask are read after every record. Returns the checksum: their sum after every 1000th. */
export function replayAndRead(tape: PlainTape, book: PlainBook): number {
  let checksum = 0
  book.clear()
  for (let from = 0; from < tape.count; from += CHECKSUM_EVERY) {
    const to = Math.min(from + CHECKSUM_EVERY, tape.count)
    readBlock(tape, book, from, to)
    if (to - from === CHECKSUM_EVERY) checksum += book.bestBid + book.bestAsk + 2 * tape.base
  }
  return checksum
}

function applyBlock(tape: PlainTape, book: PlainBook, from: number, to: number): void {
  const { levels, lots } = tape
  for (let n = from; n < to; n += 1) {
    const level = levels[n]!
    const side = level & 1
    if ((level & 2) === 0) book.apply(side, book.slotOf(side, level >> 2), lots[n]!)
  }
}

/** Returns what keeps the reads from being left out. */
function readBlock(tape: PlainTape, book: PlainBook, from: number, to: number): number {
  const { levels, lots } = tape
  let seen = 0
  for (let n = from; n < to; n += 1) {
    const level = levels[n]!
    const side = level & 1
    if ((level & 2) === 0) book.apply(side, book.slotOf(side, level >> 2), lots[n]!)
    seen ^= book.bestBid ^ book.bestAsk
  }
  return seen
}
