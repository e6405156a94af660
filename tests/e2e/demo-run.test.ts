import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_CONFIG, DEMO_TAPE, Desk, query } from './cli.test-kit.js'

interface Summary {
  readonly ticks: number
  readonly seconds: number
  readonly ticks_per_s: number
  readonly orders: number
  readonly fills: number
  readonly maker_share: number
  readonly result_sha256: string
  readonly out: string
  readonly assets: readonly { readonly equity: string }[]
  readonly markouts: readonly { readonly horizon_ms: number; readonly fills: number }[]
}

const desk = new Desk()
const run = (name: string, ...args: string[]) =>
  desk.jsonOfProcess<Summary>(['run', DEMO_CONFIG, '--out', desk.path(name), ...args])
let first: Summary

beforeAll(() => {
  first = run('first')
})
afterAll(() => desk.remove())

/** Lines of a result file without its heading. */
function rows(name: string): string[] {
  return readFileSync(join(first.out, name), 'utf8').trimEnd().split('\n').slice(1)
}

describe('the demo', () => {
  it('fills hundreds of orders on the whole bundled tape', () => {
    expect(first.ticks).toBe(466_348)
    expect(first.fills).toBeGreaterThanOrEqual(200)
    expect(first.orders).toBeGreaterThan(500)
    expect(first.ticks_per_s).toBeGreaterThan(10_000)
    expect(first.result_sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(first.markouts.map(({ horizon_ms }) => horizon_ms)).toEqual([1_000, 5_000, 30_000])
  })

  it('run a second time gives the same numbers and the same hash', () => {
    const { seconds: _s, ticks_per_s: _t, out: _o, ...again } = run('second')
    const measured = { decisions: expect.anything() }
    expect({ ...again, ...measured }).toEqual({ ...again, ...measured, result_sha256: first.result_sha256 })
    expect(again).toMatchObject({ fills: first.fills, orders: first.orders, assets: first.assets })
  })

  it.each(['step', 'frames', 'advance'])('gives the same hash and files in %s mode', (mode) => {
    const there = run(mode, '--mode', mode)
    expect(there.result_sha256).toBe(first.result_sha256)
    for (const file of ['fills.csv', 'orders.csv', 'funding.csv', 'ledger.json', 'instruments.json']) {
      expect(readFileSync(join(there.out, file), 'utf8')).toBe(readFileSync(join(first.out, file), 'utf8'))
    }
  })

  it('has a ledger that holds to the last digit when it is counted again from its files', () => {
    const check = desk.jsonOfProcess<{ ok: boolean; fills: number }>(['ledger', 'check', first.out])
    expect(check).toMatchObject({ ok: true, fills: first.fills, differences: [] })
  })

  it('a ledger with one digit changed is found out', () => {
    const copy = run('changed').out
    const path = join(copy, 'fills.csv')
    const text = readFileSync(path, 'utf8')
    desk.write(
      'changed/fills.csv',
      text.replace(/,(\d+\.\d)(\d)/, (_all, kept, digit) => `,${kept}${9 - Number(digit)}`),
    )
    const { status, stdout } = desk.cli(['ledger', 'check', copy])
    expect(status).toBe(1)
    expect(stdout).toContain('differs: ')
  })

  it('leaves a row for each fill and order event, and says what it left in its summary', () => {
    expect(rows('fills.csv')).toHaveLength(first.fills)
    const kinds = rows('orders.csv').map((line) => line.split(',')[2])
    expect(kinds.filter((kind) => kind === 'fill')).toHaveLength(first.fills)
    expect(kinds.filter((kind) => kind === 'accepted' || kind === 'rejected')).toHaveLength(first.orders)
    const { result_sha256 } = JSON.parse(readFileSync(join(first.out, 'summary.json'), 'utf8')) as Summary
    expect(result_sha256).toBe(first.result_sha256)
  })

  it('leaves samples that DuckDB reads, a second apart, the last near the final equity', async () => {
    const parquet = join(first.out, 'equity.parquet')
    const [found] = await query(
      `SELECT count(*)::INT AS samples, max(ts_ns) - min(ts_ns) AS span_ns, last(equity ORDER BY ts_ns) AS equity,
       count(DISTINCT instrument)::INT AS instruments FROM '${parquet}'`,
    )
    expect(found?.samples).toBeGreaterThan(640)
    expect(found?.instruments).toBe(1)
    expect(Number(found?.span_ns)).toBeGreaterThan(640e9)
    expect(found?.equity).toBeCloseTo(Number(first.assets[0]?.equity), -2)
  })

  it('leaves fills that DuckDB adds up to the ledger', async () => {
    const [found] = await query(
      `SELECT sum(fee::DECIMAL(38, 12))::VARCHAR AS fees, count(*)::INT AS fills, bool_and(liquidity = 'maker') AS maker
       FROM read_csv('${join(first.out, 'fills.csv')}', all_varchar = true)`,
    )
    const ledger = JSON.parse(readFileSync(join(first.out, 'ledger.json'), 'utf8')) as {
      instruments: { fees: string }[]
    }
    expect(found?.fills).toBe(first.fills)
    expect(found?.maker).toBe(first.maker_share === 1)
    expect(Number(found?.fees)).toBe(Number(ledger.instruments[0]?.fees))
  })

  it('shows a person a summary with a chart and where the files lie, and no escape codes into a pipe', () => {
    const { status, stdout, stderr } = desk.cli(['run', DEMO_CONFIG, '--out', desk.path('shown')])
    expect([status, stderr]).toEqual([0, ''])
    for (const word of [
      'ticks/s',
      'orders',
      'fills',
      'maker',
      'fees',
      'realized',
      'inventory',
      'drawdown',
      'markout',
    ]) {
      expect(stdout).toContain(word)
    }
    expect(stdout).toContain(first.result_sha256)
    expect(stdout).toContain(desk.path('shown'))
    expect(stdout.includes(String.fromCharCode(27))).toBe(false)
    expect(existsSync(desk.path('shown/equity.parquet'))).toBe(true)
  })

  it('says how far it is when asked to', () => {
    const { stderr } = desk.cli(['replay', DEMO_TAPE, DEMO_TAPE, '--progress'])
    expect(stderr.includes(String.fromCharCode(27))).toBe(false)
  })
})
