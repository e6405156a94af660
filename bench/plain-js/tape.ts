import { EVENT_WORDS, type Events, eventLots, nsSinceFirst } from '../inputs/events.js'

/**
 * A tape as a JavaScript engine would hold it: an array a field, so that each record touches three lines in a row.
 * Prices lie in a band `[0, band)`; `base` is what was taken from them.
 */
export interface PlainTape {
  readonly count: number
  readonly base: number
  /** Power of two above every price, with room on both sides. */
  readonly band: number
  /** `price << 2 | kind`. */
  readonly levels: Int32Array
  readonly lots: Int32Array
  /** Since the first record. */
  readonly ns: Float64Array
}

export function plainTape(events: Events): PlainTape {
  const { count, signed } = events
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let n = 0; n < count; n += 1) {
    const price = signed[n * EVENT_WORDS + 2]!
    if (price < least) least = price
    if (price > most) most = price
  }
  const base = Math.floor(least / 32) * 32 - 32
  const tape = {
    count,
    base,
    band: Math.max(32_768, 2 ** Math.ceil(Math.log2(most - base + 33))),
    levels: new Int32Array(count),
    lots: new Int32Array(count),
    ns: new Float64Array(count),
  }
  for (let n = 0; n < count; n += 1) {
    tape.levels[n] = ((signed[n * EVENT_WORDS + 2]! - base) << 2) | signed[n * EVENT_WORDS + 3]!
    tape.lots[n] = eventLots(events, n)
    tape.ns[n] = nsSinceFirst(events, n)
  }
  return tape
}
