import { EVENT_BYTES, EVENT_WORDS, type Events, nsSinceFirst, viewEvents } from './events.js'

const PAUSE_NS = 1_000_000_000

/**
 * One copy of the capture out of `real`, from its snapshot to the deletes that lead from the book of its end back to
 * that snapshot: it can be replayed again and again, also on an empty book.
 */
export function loopOf(events: Events): Events {
  const [, second, third] = copyStarts(events)
  if (second === undefined || third === undefined) throw new RangeError('the events are not three copies of a capture')
  const from = afterDeletes(events, second)
  const to = afterDeletes(events, third)
  const { buffer, byteOffset } = events.words
  return viewEvents(new Uint8Array(buffer, byteOffset + from * EVENT_BYTES, (to - from) * EVENT_BYTES))
}

/** Each copy but the first begins a second after the one before. */
function copyStarts(events: Events): number[] {
  const starts = [0]
  for (let n = 1; n < events.count; n += 1) {
    if (nsSinceFirst(events, n) - nsSinceFirst(events, n - 1) >= PAUSE_NS) starts.push(n)
  }
  return starts
}

function afterDeletes(events: Events, from: number): number {
  let n = from
  while (n < events.count && events.signed[n * EVENT_WORDS + 3]! < 2 && events.floats[n * 4 + 2] === 0) n += 1
  return n
}
