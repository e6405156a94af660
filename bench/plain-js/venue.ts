import type { PlainBook } from './book.js'
import { DelayLine } from './delay-line.js'

const LATENCY_NS = 1_000_000
/** A power of two above the orders alive at once; ids wrap around it. */
const ORDERS = 8192
const RING = 16_384

/** Places in `PlainVenue.due`. */
export const Due = { Request: 0, News: 1 } as const

const State = { Free: 0, InFlight: 1, Resting: 2 } as const

/**
 * Paper venue of the W2 fill rule for plain JavaScript: whole fills, queue position, 1 ms to the venue and 1 ms back.
 * Orders are entries of flat arrays, bids with even ids and asks with odd ones. Prices are slots of the book: within a
 * side the greater one is the better, and a best bid meets a best ask where both slots together pass the top.
 */
export class PlainVenue {
  readonly #book: PlainBook
  readonly #slot = new Int32Array(ORDERS)
  readonly #lotsAhead = new Int32Array(ORDERS)
  readonly #state = new Uint8Array(ORDERS)
  /** Orders at the venue, a list a side; where each stands in it. */
  readonly #resting = [new Int32Array(ORDERS), new Int32Array(ORDERS)] as const
  readonly #restingAt = new Int32Array(ORDERS)
  readonly #restingCount = new Int32Array(2)
  /** How many rest in slots with these last five bits, a side; the masks say where it is not 0. */
  readonly #atBits = new Int32Array(64)
  readonly mask = new Int32Array(2)
  /** Greatest slot of our orders at the venue, −1 for none. */
  readonly best = new Int32Array(2)
  /** Orders that the strategy knows to be open and has not asked to cancel. */
  readonly #open = new Int32Array(ORDERS)
  readonly #openAt = new Int32Array(ORDERS)
  #openCount = 0
  #nextId = 0
  /** When something is to do, in ns since the first record: the next request arrives, the next news is known. */
  readonly due = new Float64Array(2)
  /** `id * 2 + isCancel`. */
  readonly #requests = new DelayLine(RING, this.due, Due.Request)
  /** `id * 2 + isFill`. */
  readonly #news = new DelayLine(RING, this.due, Due.News)
  fills = 0
  position = 0

  constructor(book: PlainBook) {
    this.#book = book
    this.reset()
  }

  reset(): void {
    this.#state.fill(State.Free)
    this.#restingCount.fill(0)
    this.#atBits.fill(0)
    this.mask.fill(0)
    this.best.fill(-1)
    this.#openAt.fill(-1)
    this.#openCount = this.#nextId = this.fills = this.position = 0
    this.#requests.clear()
    this.#news.clear()
  }

  /** Cancels every order known to be open and sends a post-only order at each best price. */
  requote(nowNs: number): void {
    const arrivalNs = nowNs + LATENCY_NS
    for (let k = 0; k < this.#openCount; k += 1) {
      const id = this.#open[k]!
      this.#openAt[id] = -1
      this.#requests.push(arrivalNs, id * 2 + 1)
    }
    this.#openCount = 0
    this.#submit(arrivalNs, this.#book.best[0]!)
    this.#submit(arrivalNs, this.#book.best[1]!)
  }

  /** Requests that arrive before this venue time, against the book as it stands. */
  processRequests(venueNs: number): void {
    while (this.due[Due.Request]! < venueNs) {
      const arrivalNs = this.due[Due.Request]!
      const request = this.#requests.shift()
      if ((request & 1) === 0) this.#accept(request >> 1, arrivalNs)
      else if (this.#state[request >> 1] === State.Resting) this.#remove(request >> 1)
    }
  }

  /** News that the strategy knows at this time. */
  readNews(nowNs: number): void {
    while (this.due[Due.News]! <= nowNs) {
      const news = this.#news.shift()
      if ((news & 1) === 0) this.#learnOpen(news >> 1)
      else this.#learnFill(news >> 1)
    }
  }

  #submit(arrivalNs: number, slot: number): void {
    const id = this.#nextId
    this.#nextId = (id + 1) & (ORDERS - 1)
    if (this.#state[id] !== State.Free) throw new RangeError(`more than ${ORDERS} orders alive at once`)
    this.#state[id] = State.InFlight
    this.#slot[id] = slot
    this.#requests.push(arrivalNs, id * 2)
  }

  #accept(id: number, arrivalNs: number): void {
    const side = id & 1
    const slot = this.#slot[id]!
    if (slot + this.#book.best[side ^ 1]! >= this.#book.topSlot) {
      this.#state[id] = State.Free
      return
    }
    this.#state[id] = State.Resting
    this.#lotsAhead[id] = this.#book.lotsAt(slot)
    const count = this.#restingCount[side]!
    this.#restingAt[id] = count
    this.#resting[side]![count] = id
    this.#restingCount[side] = count + 1
    this.#atBits[side * 32 + (slot & 31)]! += 1
    this.mask[side]! |= 1 << slot
    if (slot > this.best[side]!) this.best[side] = slot
    this.#news.push(arrivalNs + LATENCY_NS, id * 2)
  }

  #remove(id: number): void {
    const side = id & 1
    const slot = this.#slot[id]!
    const resting = this.#resting[side]!
    const count = this.#restingCount[side]! - 1
    const last = resting[count]!
    resting[this.#restingAt[id]!] = last
    this.#restingAt[last] = this.#restingAt[id]!
    this.#restingCount[side] = count
    this.#state[id] = State.Free
    this.#atBits[side * 32 + (slot & 31)]! -= 1
    if (this.#atBits[side * 32 + (slot & 31)] === 0) this.mask[side]! &= ~(1 << slot)
    if (slot === this.best[side]) this.#findBest(side)
  }

  #findBest(side: number): void {
    const resting = this.#resting[side]!
    let best = -1
    for (let k = this.#restingCount[side]! - 1; k >= 0; k -= 1) {
      const slot = this.#slot[resting[k]!]!
      if (slot > best) best = slot
    }
    this.best[side] = best
  }

  /** A level with orders of ours, perhaps, changed to that size: nobody stands behind what has gone. */
  capQueue(side: number, slot: number, lots: number): void {
    const resting = this.#resting[side]!
    for (let k = this.#restingCount[side]! - 1; k >= 0; k -= 1) {
      const id = resting[k]!
      if (this.#slot[id] === slot && this.#lotsAhead[id]! > lots) this.#lotsAhead[id] = lots
    }
  }

  /** The best price of the other side reached that slot of this one. */
  fillReached(side: number, slot: number, venueNs: number): void {
    const resting = this.#resting[side]!
    for (let k = this.#restingCount[side]! - 1; k >= 0; k -= 1) {
      if (this.#slot[resting[k]!]! >= slot) this.#fill(resting[k]!, venueNs)
    }
  }

  /** Somebody traded against this side at that slot or through it. */
  tradeAgainst(side: number, tradeSlot: number, lots: number, venueNs: number): void {
    const resting = this.#resting[side]!
    for (let k = this.#restingCount[side]! - 1; k >= 0; k -= 1) {
      const id = resting[k]!
      const slot = this.#slot[id]!
      if (slot > tradeSlot) this.#fill(id, venueNs)
      else if (slot === tradeSlot) {
        this.#lotsAhead[id]! -= lots
        if (this.#lotsAhead[id]! < 0) this.#fill(id, venueNs)
      }
    }
  }

  #fill(id: number, venueNs: number): void {
    this.#remove(id)
    this.#news.push(venueNs + LATENCY_NS, id * 2 + 1)
  }

  #learnOpen(id: number): void {
    this.#openAt[id] = this.#openCount
    this.#open[this.#openCount] = id
    this.#openCount += 1
  }

  #learnFill(id: number): void {
    this.fills += 1
    this.position += 1 - 2 * (id & 1)
    const at = this.#openAt[id]!
    if (at < 0) return
    this.#openCount -= 1
    const last = this.#open[this.#openCount]!
    this.#open[at] = last
    this.#openAt[last] = at
    this.#openAt[id] = -1
  }
}
