import { type Events, nsSinceFirst, viewEvents } from './events.js'

const PAUSE_NS = 1_000_000_000

/**
 * The last copy of the capture in `real`: it begins with the deletes that bring the book of its own end back to the
 * snapshot, so it can be replayed again and again.
 */
export function loopOf(events: Events): Events {
  const from = lastPause(events)
  const { buffer, byteOffset } = events.words
  return viewEvents(new Uint8Array(buffer, byteOffset + from * 32, (events.count - from) * 32))
}

/** Copies begin a second after the one before. */
function lastPause(events: Events): number {
  for (let n = events.count - 1; n > 0; n -= 1) {
    if (nsSinceFirst(events, n) - nsSinceFirst(events, n - 1) >= PAUSE_NS) return n
  }
  throw new RangeError('the events are not repeated: there is no pause of a second between two of them')
}
