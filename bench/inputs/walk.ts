import { EventWriter } from './events.js'
import { Xorshift } from './xorshift.js'

const START_STATE = 0x9e3779b97f4a7c15n
const START_NS = 1_700_000_000_000_000_000n
const SEED_LEVELS = 2000
/** The touch walks a few hundred ticks: both sides fit with wide margins. */
const BAND_TICKS = 1 << 18

/** `bench.bin`: levels and trades around a touch that walks because it is deleted and improved. */
export function generateWalk(records: number): Uint8Array {
  const rng = new Xorshift(START_STATE)
  const book = new GeneratorBook()
  const writer = new EventWriter(START_NS, records)
  let offsetNs = 0
  for (let n = 0; n < records; n += 1) {
    offsetNs += 1000 + rng.below(199_001)
    if (n < SEED_LEVELS) writeSeed(writer, book, rng, offsetNs, n)
    else if (rng.below(1000) < 100) writeTrade(writer, book, rng, offsetNs, n)
    else writeLevel(writer, book, rng, offsetNs, n)
  }
  return writer.bytes()
}

function writeSeed(writer: EventWriter, book: GeneratorBook, rng: Xorshift, offsetNs: number, n: number): void {
  const side = n % 2
  const depth = (n - side) / 2
  const price = side === 0 ? 99_999 - depth : 100_001 + depth
  const lots = 1 + rng.below(5000)
  book.set(side, price)
  writer.add(offsetNs, price, side, lots, n)
}

function writeTrade(writer: EventWriter, book: GeneratorBook, rng: Xorshift, offsetNs: number, n: number): void {
  const side = rng.below(2)
  const price = side === 0 ? book.bestBid : book.bestAsk
  writer.add(offsetNs, price, 2 + side, 1 + rng.below(2000), n)
}

function writeLevel(writer: EventWriter, book: GeneratorBook, rng: Xorshift, offsetNs: number, n: number): void {
  const side = rng.below(2)
  const distance = drawDistance(rng)
  const price = side === 0 ? book.bestAsk - 1 - distance : book.bestBid + 1 + distance
  // The draw is made whether or not the level can be deleted.
  const wantsDelete = rng.below(100) < 35
  if (wantsDelete && book.canDelete(side, price)) {
    book.delete(side, price)
    writer.add(offsetNs, price, side, 0, n)
    return
  }
  book.set(side, price)
  writer.add(offsetNs, price, side, 1 + rng.below(5000), n)
}

function drawDistance(rng: Xorshift): number {
  if (rng.below(100) >= 95) return rng.below(2000)
  let distance = 0
  while (rng.below(9) !== 0) distance += 1
  return distance
}

/** Which levels exist and the best of each side: all that the generator asks of a book. */
class GeneratorBook {
  readonly #levels = [new Uint8Array(BAND_TICKS), new Uint8Array(BAND_TICKS)] as const
  readonly #counts = new Int32Array(2)
  bestBid = -1
  bestAsk = BAND_TICKS

  set(side: number, price: number): void {
    const levels = side === 0 ? this.#levels[0] : this.#levels[1]
    if (levels[price] === 0) this.#counts[side]! += 1
    levels[price] = 1
    if (side === 0 && price > this.bestBid) this.bestBid = price
    if (side === 1 && price < this.bestAsk) this.bestAsk = price
  }

  canDelete(side: number, price: number): boolean {
    return this.#counts[side]! > 1 && (side === 0 ? this.#levels[0] : this.#levels[1])[price] === 1
  }

  delete(side: number, price: number): void {
    this.#counts[side]! -= 1
    if (side === 0) {
      this.#levels[0][price] = 0
      while (this.#levels[0][this.bestBid] === 0) this.bestBid -= 1
      return
    }
    this.#levels[1][price] = 0
    while (this.#levels[1][this.bestAsk] === 0) this.bestAsk += 1
  }
}
