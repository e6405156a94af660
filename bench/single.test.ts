import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tape } from '../ts/src/engine/index.js'
import { EVENT_WORDS, eventTimeNs, viewEvents } from './inputs/events.js'
import { generateWalk } from './inputs/walk.js'
import { runSingle } from './single.js'
import { BENCH_INSTRUMENT } from './works/instrument.js'

const RECORDS = 100_000
const folder = mkdtempSync(join(tmpdir(), 'tickwright-single-'))
const path = join(folder, 'walk.tape.parquet')

beforeAll(() => {
  const recording = join(folder, 'walk.txt')
  writeFileSync(recording, recordedWalk())
  tape.convert({
    from: 'binance-raw',
    inputs: [recording],
    out: path,
    instruments: [BENCH_INSTRUMENT],
    allowMissingSnapshot: true,
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The generated market as a venue would have sent it: a message a record, and a best quote now and then. */
function recordedWalk(): string {
  const events = viewEvents(generateWalk(RECORDS))
  const quantities = new Float64Array(events.signed.buffer, events.signed.byteOffset, RECORDS * 4)
  const lines: string[] = []
  for (let n = 0; n < RECORDS; n++) {
    const ns = eventTimeNs(events, n)
    const [ticks, kind] = events.signed.slice(n * EVENT_WORDS + 2, n * EVENT_WORDS + 4) as unknown as [number, number]
    const price = `${Math.floor(ticks / 10)}.${ticks % 10}`
    const quantity = (quantities[4 * n + 2] as number).toFixed(3)
    const at = Number(ns / 1_000_000n)
    lines.push(`${ns} ${kind < 2 ? depth(n, at, kind, price, quantity) : trade(n, at, kind, price, quantity)}`)
    if (n % 1_000 === 999) lines.push(`${ns} ${quote(n)}`)
  }
  return `${lines.join('\n')}\n`
}

function depth(n: number, at: number, kind: number, price: string, quantity: string): string {
  const level = [[price, quantity]]
  const [b, a] = kind === 0 ? [level, []] : [[], level]
  const data = { e: 'depthUpdate', E: at, T: at, s: 'BTCUSDT', U: n + 1, u: n + 1, pu: n, b, a }
  return JSON.stringify({ stream: 'btcusdt@depth@0ms', data })
}

function trade(n: number, at: number, kind: number, price: string, quantity: string): string {
  const data = { e: 'trade', E: at, T: at, s: 'BTCUSDT', t: n, p: price, q: quantity, X: 'MARKET', m: kind === 2 }
  return JSON.stringify({ stream: 'btcusdt@trade', data })
}

function quote(n: number): string {
  const data = { u: n + 1, s: 'BTCUSDT', b: '1.0', B: '1.000', a: '99999.0', A: '1.000' }
  return JSON.stringify({ stream: 'btcusdt@bookTicker', data })
}

describe('one work on a tape of the generated market', () => {
  it.each(['step', 'frames', 'advance'] as const)(
    'gives the agreed answers of W2 by %s; quotes are left out',
    (mode) => {
      const report = runSingle({ work: 'W2', tape: path, mode })
      expect(report).toMatchObject({ work: 'W2', mode, records: RECORDS, fills: 1_443, end_position: 1 })
      expect(report.checksum).toBe(20_010_049)
      expect(report.ema).toBeCloseTo(10_012.572676284011, 6)
      expect(report.atr).toBeCloseTo(0.12533968478420324, 9)
    },
  )

  it('gives the agreed answer of W1', () => {
    expect(runSingle({ work: 'W1', tape: path, mode: 'step' }).checksum).toBe(20_010_049)
  })
})
