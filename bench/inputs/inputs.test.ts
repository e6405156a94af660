import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { barTicks } from './bar-ticks.js'
import { generateBars } from './bars.js'
import { EVENT_BYTES, EVENT_WORDS, EventWriter, eventLots, eventTimeNs, nsSinceFirst, viewEvents } from './events.js'
import { generateOrders } from './orders.js'
import { ticksOf } from './ticks.js'
import { generateWalk } from './walk.js'

test('the first records of the generated tape are two seeded sides around 100 000 ticks', () => {
  const events = viewEvents(generateWalk(4))
  const rows = [0, 1, 2, 3].map((n) => Array.from(events.signed.slice(n * EVENT_WORDS + 2, n * EVENT_WORDS + 4)))
  expect(rows).toEqual([
    [99_999, 0],
    [100_001, 1],
    [99_998, 0],
    [100_002, 1],
  ])
  expect(eventTimeNs(events, 0)).toBeGreaterThan(1_700_000_000_000_000_000n)
})

test('the first 100 000 records of the generated tape have their known hash', () => {
  const sha256 = createHash('sha256').update(generateWalk(100_000)).digest('hex')
  expect(sha256).toBe('18be9512fe92686c93cf268ff50a2069e008d1b9903e1c2ae63be4ffdac938ce')
})

test('the book by order has its known hash', () => {
  const sha256 = createHash('sha256').update(generateOrders(2_050_000)).digest('hex')
  expect(sha256).toBe('06f04bbbc30bee7f05a3d02dc64937872eefc38a1d68386920928386cc74dd07')
})

test('a bar becomes a quote of its close on both sides, the second record the last of its message', () => {
  const view = new DataView(barTicks(new Float64Array(generateBars(2).buffer)).buffer)
  const close = new Float64Array(generateBars(2).buffer)[8]!
  const second = [2, 3].map((n) => [
    view.getBigInt64(n * 48 + 16, true),
    view.getUint8(n * 48 + 43),
    view.getUint8(n * 48 + 44),
  ])
  expect(second).toEqual([
    [BigInt(close), 0, 0],
    [BigInt(close), 1, 1],
  ])
})

test('a shorter tape is the beginning of a longer one', () => {
  const long = generateWalk(5_000)
  expect(Buffer.from(generateWalk(3_000)).equals(long.subarray(0, 3_000 * EVENT_BYTES))).toBe(true)
})

test('bars open where the one before closed and hold both prices between low and high', () => {
  const bars = new Float64Array(generateBars(1_000).buffer)
  expect(bars[0]).toBe(1_000_000)
  for (let at = 5; at < bars.length; at += 5) {
    const [open, high, low, close] = bars.slice(at, at + 4) as unknown as [number, number, number, number]
    expect(open).toBe(bars[at - 2])
    expect(high).toBeGreaterThanOrEqual(Math.max(open, close))
    expect(low).toBeLessThanOrEqual(Math.min(open, close))
  }
})

test('times beyond 2^53 ns and ids beyond 2^32 come back exactly', () => {
  const writer = new EventWriter(1_723_161_255_030_314_667n, 1)
  writer.add(0, 618_002, 0, 2_507, 5_123_107_837_557)
  writer.add(4_294_967_295, 618_003, 1, 1, 7)
  const events = viewEvents(writer.bytes())
  expect(eventTimeNs(events, 1)).toBe(1_723_161_255_030_314_667n + 4_294_967_295n)
  expect(nsSinceFirst(events, 1)).toBe(4_294_967_295)
  expect(new BigUint64Array(events.words.slice(6, 8).buffer)[0]).toBe(5_123_107_837_557n)
  expect(eventLots(events, 0)).toBe(2_507)
})

test('an engine record carries the event time as exchange time and one nanosecond more as receive time', () => {
  const writer = new EventWriter((1n << 40n) - 1n, 2)
  writer.add(0, 618_002, 1, 25, 9)
  writer.add(1, 618_000, 2, 3, 10)
  const view = new DataView(ticksOf(viewEvents(writer.bytes())).buffer)
  expect([view.getBigInt64(0, true), view.getBigInt64(8, true)]).toEqual([1n << 40n, (1n << 40n) - 1n])
  expect([view.getBigInt64(16, true), view.getBigInt64(24, true), view.getBigUint64(32, true)]).toEqual([
    618_002n,
    25n,
    9n,
  ])
  // A level of the ask side, then a trade by a seller; each the last of its message.
  expect([view.getUint8(42), view.getUint8(43), view.getUint8(44)]).toEqual([0, 1, 1])
  expect([view.getUint8(48 + 42), view.getUint8(48 + 43), view.getUint8(48 + 44)]).toEqual([1, 1, 1])
})
