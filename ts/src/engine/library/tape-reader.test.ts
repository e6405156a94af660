import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OrderBook } from './order-book.js'
import { TapeReader } from './tape-reader.js'
import { decodeTicks, encodeTicks, TICK_BYTES } from './ticks.js'

const TAPE = fileURLToPath(new URL('../../../../config/demo/btcusdt.tape.parquet', import.meta.url))

describe('TapeReader', () => {
  let reader: TapeReader

  beforeAll(() => {
    expect(existsSync(TAPE), `the bundled tape is at ${TAPE}`).toBe(true)
    reader = new TapeReader(TAPE, { blockRecords: 10_000 })
  })
  afterAll(() => reader.close())

  it('yields whole records, every one of them once, and the same as readAll', () => {
    const blocks = [...reader]
    expect(blocks.slice(0, -1).every((block) => block.length === 10_000 * TICK_BYTES)).toBe(true)
    const all = Buffer.concat(blocks)
    expect(all.length).toBe(reader.info.ticks * TICK_BYTES)
    expect([reader.recordsRead, reader.next()]).toEqual([reader.info.ticks, null])
    using again = new TapeReader(TAPE)
    const first = again.next()
    expect(first?.length).toBe(Math.min(65_536, again.info.ticks) * TICK_BYTES)
    expect(Buffer.compare(Buffer.concat([first as Uint8Array, again.readAll()]), all)).toBe(0)
    expect(again.readAll().length).toBe(0)
  })

  it('keeps its place when a loop is left', () => {
    using tape = new TapeReader(TAPE, { blockRecords: 100 })
    for (const block of tape) {
      expect(block.length).toBe(100 * TICK_BYTES)
      break
    }
    expect(tape.recordsRead).toBe(100)
    tape.next()
    expect(tape.recordsRead).toBe(200)
  })

  it('feeds a book that is sound at the end', () => {
    using tape = new TapeReader(TAPE)
    using book = new OrderBook()
    for (const block of tape) book.applyTicks(block)
    expect(book.bestAsk - book.bestBid).toBeGreaterThan(0)
  })

  it('throws E_CLOSED after its end', () => {
    const tape = new TapeReader(TAPE)
    tape.close()
    for (const use of [() => tape.next(), () => tape.readAll(), () => tape.info, () => [...tape]]) {
      expect(use).toThrow(expect.objectContaining({ code: 'E_CLOSED' }))
    }
  })
})

describe('records in words', () => {
  it('come back as they were written', () => {
    const ticks = [
      { kind: 'book_delta', side: 'ask', recvNs: -5n, exchNs: 7n, priceTicks: -3, sizeLots: 2 ** 53 - 1, id: 2n ** 64n - 1n, instrument: 65_535, flags: 3 },
      { kind: 'trade', side: 'none', recvNs: 1n, exchNs: 1n, priceTicks: 1, sizeLots: 1, id: 0n, instrument: 0, flags: 1 },
    ] as const // biome-ignore format: one record a line
    expect([...decodeTicks(encodeTicks(ticks))]).toEqual(ticks)
    expect(() => encodeTicks([{ kind: 'nothing' as 'trade' }])).toThrow(
      expect.objectContaining({ code: 'E_TICK_RECORD' }),
    )
    expect(() => [...decodeTicks(new Uint8Array(5))]).toThrow(expect.objectContaining({ code: 'E_TICK_BUFFER' }))
  })
})
