/**
 * Book of levels for plain JavaScript: lots in one flat array, an occupancy bitmap of three levels above it.
 * A slot is the price for bids and its mirror image for asks, so the best level of a side is its greatest slot and
 * both sides run through the same instructions: the sides come at random, and a branch on them would be guessed wrong.
 */
export class PlainBook {
  readonly band: number
  /** The greatest slot: a bid and an ask of one price add up to it. */
  readonly topSlot: number
  readonly #lots: Int32Array
  readonly #bits: Int32Array
  readonly #bitsOfBits: Int32Array
  readonly #summary: Int32Array
  /** Greatest slot with size of bids and asks, or one below the side's first slot when it is empty. */
  readonly best = new Int32Array(2)

  /** `band` is a power of two above every price, at least 32 768. */
  constructor(band: number) {
    this.band = band
    this.topSlot = band * 2 - 1
    this.#lots = new Int32Array(band * 2)
    this.#bits = new Int32Array((band * 2) >> 5)
    this.#bitsOfBits = new Int32Array((band * 2) >> 10)
    this.#summary = new Int32Array((band * 2) >> 15)
    this.clear()
  }

  get bestBid(): number {
    return this.best[0]!
  }

  get bestAsk(): number {
    return this.topSlot - this.best[1]!
  }

  slotOf(side: number, price: number): number {
    return (price ^ -side) + (-side & (this.topSlot + 1))
  }

  /** Size of a level in lots, 0 where there is none. */
  lotsAt(slot: number): number {
    return this.#lots[slot]!
  }

  /** Sets the whole size of a level; 0 deletes it. */
  apply(side: number, slot: number, lots: number): void {
    this.#lots[slot] = lots
    const at = slot >> 5
    const before = this.#bits[at]!
    const isThere = -lots >>> 31
    const after = (before & ~(1 << slot)) | (isThere << slot)
    this.#bits[at] = after
    if (after === 0 || before === 0) this.#wordTurned(at, before, after)
    const best = this.best[side]!
    if (slot < best) return
    if (isThere !== 0) this.best[side] = slot
    else if (slot === best) this.best[side] = this.#greatestBelow(slot, -side & this.band)
  }

  /** Forgets every level; touches only memory that holds one. */
  clear(): void {
    for (let chunk = 0; chunk < this.#bitsOfBits.length; chunk += 1) {
      if (this.#bitsOfBits[chunk] === 0) continue
      this.#lots.fill(0, chunk << 10, (chunk + 1) << 10)
      this.#bits.fill(0, chunk << 5, (chunk + 1) << 5)
    }
    this.#bitsOfBits.fill(0)
    this.#summary.fill(0)
    this.best[0] = -1
    this.best[1] = this.band - 1
  }

  /** A word of bits became empty or occupied, or was and stays empty. */
  #wordTurned(at: number, before: number, after: number): void {
    if (before === after) return
    const chunk = at >> 5
    if (after !== 0) {
      this.#bitsOfBits[chunk]! |= 1 << at
      this.#summary[chunk >> 5]! |= 1 << chunk
      return
    }
    this.#bitsOfBits[chunk]! &= ~(1 << at)
    if (this.#bitsOfBits[chunk] === 0) this.#summary[chunk >> 5]! &= ~(1 << chunk)
  }

  /** Greatest occupied slot below `slot`, or `first − 1`. */
  #greatestBelow(slot: number, first: number): number {
    let at = slot >> 5
    const near = this.#bits[at]! & below(slot)
    if (near !== 0) return (slot & ~31) + highest(near)
    const middle = this.#bitsOfBits[at >> 5]! & below(at)
    if (middle !== 0) at = (at & ~31) + highest(middle)
    else {
      const chunk = this.#greatestChunkBelow(at >> 5, first >> 10)
      if (chunk < 0) return first - 1
      at = (chunk << 5) + highest(this.#bitsOfBits[chunk]!)
    }
    return (at << 5) + highest(this.#bits[at]!)
  }

  #greatestChunkBelow(chunk: number, first: number): number {
    let word = chunk >> 5
    let far = this.#summary[word]! & below(chunk)
    while (far === 0) {
      word -= 1
      if (word < first >> 5) return -1
      far = this.#summary[word]!
    }
    return (word << 5) + highest(far)
  }
}

/** The bits of a word below that one. */
function below(bit: number): number {
  return (1 << bit) - 1
}

/** The number of the highest bit set. */
function highest(word: number): number {
  return 31 - Math.clz32(word)
}
