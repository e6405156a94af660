import { EventWriter } from './events.js'
import { Xorshift } from './xorshift.js'

const START_STATE = 0x9e3779b97f4a7c16n
const START_NS = 1_700_000_000_000_000_000n
const NS_BETWEEN = 1000
/** Orders alive once the book is built up. */
const LIVE = 50_000
const ADD = 4
const CANCEL = 6

/** `l3.bin`: a book by order that is built up, then adds and cancels of random live orders in it. */
export function generateOrders(records: number): Uint8Array {
  const rng = new Xorshift(START_STATE)
  const writer = new EventWriter(START_NS, records)
  const book = new LiveOrders(LIVE + 1)
  for (let n = 0; n < records; n += 1) {
    const offsetNs = NS_BETWEEN * (n + 1)
    const cancels = n >= LIVE && (book.count > LIVE || (book.count === LIVE && rng.below(2) === 0))
    if (cancels) {
      const at = rng.below(book.count)
      writer.add(offsetNs, book.price[at]!, CANCEL + book.side[at]!, book.lots[at]!, book.id[at]!)
      book.remove(at)
      continue
    }
    const side = rng.below(2)
    const distance = rng.below(10_000)
    const price = side === 0 ? 99_999 - distance : 100_001 + distance
    const lots = 1 + rng.below(5000)
    writer.add(offsetNs, price, ADD + side, lots, n + 1)
    book.add(side, price, lots, n + 1)
  }
  return writer.bytes()
}

/** The live orders as a list in which the last one moves into the place of one that goes. */
class LiveOrders {
  readonly side: Int32Array
  readonly price: Int32Array
  readonly lots: Int32Array
  readonly id: Int32Array
  count = 0

  constructor(capacity: number) {
    this.side = new Int32Array(capacity)
    this.price = new Int32Array(capacity)
    this.lots = new Int32Array(capacity)
    this.id = new Int32Array(capacity)
  }

  add(side: number, price: number, lots: number, id: number): void {
    this.side[this.count] = side
    this.price[this.count] = price
    this.lots[this.count] = lots
    this.id[this.count] = id
    this.count += 1
  }

  remove(at: number): void {
    const last = this.count - 1
    for (const column of [this.side, this.price, this.lots, this.id]) column[at] = column[last]!
    this.count = last
  }
}
