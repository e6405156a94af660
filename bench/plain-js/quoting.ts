import type { PlainBook } from './book.js'
import { CHECKSUM_EVERY } from './replay.js'
import type { PlainTape } from './tape.js'
import { Due, type PlainVenue } from './venue.js'

const TICK_SIZE = 0.1
const EMA_ALPHA = 0.01
const ATR_ALPHA = 1 / 14
const REQUOTE_EVERY = 100
/** One tenth of the checksum's rhythm: a block ends where something is due. */
const BLOCK = REQUOTE_EVERY

/** What W2 is asked for. */
export interface QuotingAnswer {
  readonly checksum: number
  readonly ema: number
  readonly atr: number
  readonly fills: number
  readonly endPosition: number
}

/** Running EMA and ATR of the mid, kept as floats that are never boxed. */
const Running = { Ema: 0, Atr: 1, LastMid: 2 } as const

/** W2: W1, EMA and ATR of the mid at every record, and a quote of both sides every 100 records. */
export function quote(tape: PlainTape, book: PlainBook, venue: PlainVenue): QuotingAnswer {
  const running = new Float64Array(3)
  let checksum = 0
  book.clear()
  venue.reset()
  for (let from = 0; from < tape.count; from += BLOCK) {
    const to = Math.min(from + BLOCK, tape.count)
    quoteBlock(tape, book, venue, running, from, to)
    if (to % CHECKSUM_EVERY === 0) checksum += book.bestBid + book.bestAsk + 2 * tape.base
    if (to % REQUOTE_EVERY === 0) venue.requote(tape.ns[to - 1]! + 1)
  }
  const [ema, atr] = running as unknown as [number, number]
  return { checksum, ema, atr, fills: venue.fills, endPosition: venue.position }
}

function quoteBlock(
  tape: PlainTape,
  book: PlainBook,
  venue: PlainVenue,
  running: Float64Array,
  from: number,
  to: number,
): void {
  const { levels, lots, ns, base } = tape
  const { best, topSlot } = book
  const { due, mask, best: own } = venue
  let ema = running[Running.Ema]!
  let atr = running[Running.Atr]!
  let lastMid = running[Running.LastMid]!
  for (let n = from; n < to; n += 1) {
    const level = levels[n]!
    const venueNs = ns[n]!
    const side = level & 1
    const slot = book.slotOf(side, level >> 2)
    if (due[Due.Request]! < venueNs) venue.processRequests(venueNs)
    if ((level & 2) !== 0) {
      if (slot <= own[side]!) venue.tradeAgainst(side, slot, lots[n]!, venueNs)
    } else {
      book.apply(side, slot, lots[n]!)
      if ((mask[side]! >>> slot) & 1) venue.capQueue(side, slot, lots[n]!)
      if (best[side]! + own[side ^ 1]! >= topSlot) venue.fillReached(side ^ 1, topSlot - best[side]!, venueNs)
    }
    if (due[Due.News]! <= venueNs + 1) venue.readNews(venueNs + 1)
    const bidSlot = best[0]!
    const askSlot = best[1]!
    if (bidSlot < 0 || askSlot < book.band) continue

    const bid = (bidSlot + base) * TICK_SIZE
    const ask = (topSlot - askSlot + base) * TICK_SIZE
    const mid = (bid + ask) * 0.5
    if (lastMid === 0) {
      ema = lastMid = mid
      atr = ask - bid
    }
    ema = ema * (1 - EMA_ALPHA) + mid * EMA_ALPHA
    // Written so that only one product and one sum wait for the value before.
    // biome-ignore lint/complexity/useMathMinMax: Math.max looks for NaN and −0 as well, at every record
    const high = ask > lastMid ? ask : lastMid
    // biome-ignore lint/complexity/useMathMinMax: the same
    const low = bid < lastMid ? bid : lastMid
    atr = atr * (1 - ATR_ALPHA) + (high - low) * ATR_ALPHA
    lastMid = mid
  }
  running[Running.Ema] = ema
  running[Running.Atr] = atr
  running[Running.LastMid] = lastMid
}
