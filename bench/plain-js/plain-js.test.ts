import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreedAnswer, BARS_ANSWER, difference, isClose } from '../answers.js'
import { generateBars } from '../inputs/bars.js'
import { loadEvents } from '../inputs/catalog.js'
import { viewEvents } from '../inputs/events.js'
import { generateWalk } from '../inputs/walk.js'
import { barContestants } from '../works/bars.js'
import { PlainBook } from './book.js'
import { quote } from './quoting.js'
import { replayAndRead, replayOnly } from './replay.js'
import { streamBars } from './streaming.js'
import { plainTape } from './tape.js'
import { PlainVenue } from './venue.js'

const BAND = 65_536

describe('the plain book', () => {
  const levels = fc.array(
    fc.record({ side: fc.integer({ min: 0, max: 1 }), price: fc.integer({ min: 0, max: BAND - 1 }), lots: fc.nat(2) }),
    { maxLength: 400 },
  )

  test('has the best prices and sizes of a sorted map after every change', () => {
    fc.assert(
      fc.property(levels, (changes) => {
        const book = new PlainBook(BAND)
        const model = [new Map<number, number>(), new Map<number, number>()] as const
        for (const { side, price, lots } of changes) {
          book.apply(side, book.slotOf(side, price), lots)
          if (lots === 0) model[side as 0 | 1].delete(price)
          else model[side as 0 | 1].set(price, lots)
          expect(book.bestBid).toBe(Math.max(-1, ...model[0].keys()))
          expect(book.bestAsk).toBe(Math.min(BAND, ...model[1].keys()))
          expect(book.lotsAt(book.slotOf(side, price))).toBe(lots)
        }
      }),
    )
  })

  test('is empty after it was cleared', () => {
    const book = new PlainBook(BAND)
    book.apply(0, book.slotOf(0, 10), 5)
    book.clear()
    expect([book.bestBid, book.bestAsk, book.lotsAt(book.slotOf(0, 10))]).toEqual([-1, BAND, 0])
  })
})

describe('the plain engine', () => {
  const inputs = [
    ['bench', viewEvents(generateWalk(100_000))],
    ['real', loadEvents('real', 100_000)],
  ] as const

  test.each(inputs)('gives the agreed answers of W0, W1 and W2 on %s', (name, events) => {
    const tape = plainTape(events)
    const book = new PlainBook(tape.band)
    const venue = new PlainVenue(book)
    expect(difference({ checksum: replayOnly(tape, book) }, agreedAnswer('W0', name, 100_000)!)).toBeUndefined()
    expect(difference({ checksum: replayAndRead(tape, book) }, agreedAnswer('W1', name, 100_000)!)).toBeUndefined()
    const answer = quote(tape, book, venue)
    expect(difference(answer, agreedAnswer('W2', name, 100_000)!)).toBeUndefined()
    expect(quote(tape, book, venue)).toEqual(answer)
  })

  test('gives the agreed crossings of the million bars, as the engine and the library do', () => {
    const bars = new Float64Array(generateBars(1_000_000).buffer)
    for (const [name, contestant] of barContestants('W3', bars)) {
      expect(difference(contestant.prepare()(), agreedAnswer('W3', 'bars', 1_000_000)!), name).toBeUndefined()
    }
  })

  test('gives the agreed averages of the million bars, as the library does', () => {
    const contestants = barContestants('W4', new Float64Array(generateBars(1_000_000).buffer))
    const answer = contestants.get('library')!.prepare()()
    expect(difference(answer, agreedAnswer('W4', 'bars', 1_000_000)!)).toBeUndefined()
    const { ema, atr } = streamBars(new Float64Array(generateBars(1_000_000).buffer))
    expect(isClose(ema, BARS_ANSWER.ema)).toBe(true)
    expect(isClose(atr, BARS_ANSWER.atr)).toBe(true)
  })
})
