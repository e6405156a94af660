import { describe, expect, it } from 'vitest'
import { Side } from '../../domain/index.js'
import { OrderBook } from './order-book.js'
import { encodeTicks } from './ticks.js'

/** Seeded numbers from 0 up to `below`. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const code = (code: string) => expect.objectContaining({ code })

describe('OrderBook', () => {
  it('equals two sorted maps over random levels, far ones among them', () => {
    const next = numbers(7)
    using book = new OrderBook()
    const plain = [new Map<number, number>(), new Map<number, number>()] as const
    for (let k = 0; k < 20_000; k++) {
      const side = next(2) as Side
      const far = next(50) === 0 ? next(10_000_000) : 0
      const price = 618_000 + next(200) + far
      const size = next(3) === 0 ? 0 : 1 + next(5_000)
      book.applyLevel(side, price, size)
      if (size === 0) plain[side].delete(price)
      else plain[side].set(price, size)
      if (k % 97 !== 0) continue
      const bid = plain[0].size === 0 ? Number.NaN : Math.max(...plain[0].keys())
      const ask = plain[1].size === 0 ? Number.NaN : Math.min(...plain[1].keys())
      expect([book.bestBid, book.bestAsk, book.spreadTicks]).toEqual([bid, ask, ask - bid])
      expect([book.bidLots, book.askLots]).toEqual([plain[0].get(bid) ?? 0, plain[1].get(ask) ?? 0])
      expect(book.sizeAt(side, price)).toBe(size)
      expect(book.levelCount(side)).toBe(plain[side].size)
    }
    const asks = [...plain[1]].sort(([a], [b]) => a - b)
    expect(book.levels(Side.Sell, 1e6)).toEqual(asks.map(([priceTicks, sizeLots]) => ({ priceTicks, sizeLots })))
    const [third] = asks[2] ?? []
    expect(book.cumulativeTo(Side.Sell, third as number)).toBe(
      asks.slice(0, 3).reduce((sum, [, lots]) => sum + lots, 0),
    )
  })

  it('answers what a trader asks of it', () => {
    using book = new OrderBook()
    book.snapshot({ bids: [[100, 3], [99, 5]], asks: Float64Array.of(101, 1, 103, 5) }) // biome-ignore format: pairs
    expect(book.fillCost(Side.Sell, 4)).toEqual({ vwapTicks: (101 + 3 * 103) / 4, worstTicks: 103, filledLots: 4 })
    expect(book.fillCost(Side.Buy, 100)).toEqual({ vwapTicks: (300 + 495) / 8, worstTicks: 99, filledLots: 8 })
    expect(book.microprice).toBe(100 + 3 / 4)
    expect([book.imbalance(1), book.imbalance(2)]).toEqual([0.5, (8 - 6) / 14])
    book.clear()
    expect(book.fillCost(Side.Sell, 1)).toBeNull()
    expect([book.bestBid, book.bestAsk, book.microprice, book.imbalance()]).toEqual(Array(4).fill(Number.NaN))
  })

  it('shows the top of the book that is asked, whichever was called last', () => {
    using a = new OrderBook()
    using b = new OrderBook()
    a.applyLevel(Side.Buy, 10, 1)
    b.applyLevel(Side.Buy, 20, 2)
    expect([a.bestBid, b.bestBid, a.bidLots, b.bidLots]).toEqual([10, 20, 1, 2])
    a.applyLevel(Side.Buy, 11, 1)
    expect([b.bestBid, a.bestBid]).toEqual([20, 11])
  })

  it('applies blocks of records: levels, snapshots and clears of its instrument', () => {
    using book = new OrderBook()
    const level = (side: 'bid' | 'ask', priceTicks: number, sizeLots: number, instrument = 0) =>
      ({ kind: 'book_delta', side, priceTicks, sizeLots, instrument }) as const
    const first = encodeTicks([
      level('bid', 100, 5),
      level('ask', 101, 7),
      level('bid', 150, 9, 1),
      { kind: 'trade', side: 'bid', priceTicks: 101, sizeLots: 1 },
    ])
    expect(book.applyTicks(first)).toBe(2)
    expect([book.bestBid, book.bestAsk]).toEqual([100, 101])
    const snapshot = encodeTicks([
      { kind: 'snapshot_begin' },
      { kind: 'snapshot_level', side: 'bid', priceTicks: 90, sizeLots: 1 },
      { kind: 'snapshot_end' },
    ])
    // As parts of larger buffers, private or shared, aligned or not, blocks come.
    const shared = new Uint8Array(new SharedArrayBuffer(snapshot.length + 8)).subarray(3, 3 + snapshot.length)
    shared.set(snapshot)
    expect(book.applyTicks(shared)).toBe(3)
    expect([book.bestBid, book.bestAsk, book.levelCount(Side.Sell)]).toEqual([90, Number.NaN, 0])
    expect(book.applyTicks(Buffer.from(first), 1)).toBe(1)
    expect(book.bestBid).toBe(150)
    expect(book.applyTicks(encodeTicks([{ kind: 'book_clear' }]))).toBe(1)
    expect(book.bestBid).toBeNaN()
  })

  it('names the record that cannot be applied and keeps those before it', () => {
    using book = new OrderBook()
    book.applyLevel(Side.Buy, 99, 1)
    const ticks = encodeTicks([
      { kind: 'book_delta', side: 'bid', priceTicks: 100, sizeLots: 5 },
      { kind: 'book_delta', side: 'none', priceTicks: 100, sizeLots: 5 },
    ])
    expect(() => book.applyTicks(ticks)).toThrow(/record 1 is a level/)
    expect(book.bestBid).toBe(100)
    expect(() => book.applyTicks(ticks.subarray(1))).toThrow(code('E_TICK_BUFFER'))
  })

  it('refuses what is no level', () => {
    using book = new OrderBook()
    for (const [side, price, size] of [
      [2, 1, 1],
      [0, 1.5, 1],
      [0, 1, -1],
      [0, Number.NaN, 1],
      [0, 2 ** 53, 1],
    ]) {
      // biome-ignore format: pairs
      expect(() => book.applyLevel(side as Side, price as number, size as number)).toThrow(code('E_ARGUMENT'))
    }
    expect(() => book.snapshot({ bids: Float64Array.of(1), asks: [] })).toThrow(code('E_ARGUMENT'))
    expect(() => book.snapshot({ bids: Float64Array.of(1, Number.NaN), asks: [] })).toThrow(code('E_ARGUMENT'))
    expect(book.levelCount(Side.Buy)).toBe(0)
  })
})
