import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_TAPE, Desk, query } from './cli.test-kit.js'

interface Info {
  readonly ticks: number
  readonly by_kind: Readonly<Record<string, number>>
  readonly first_ts_ns: string
  readonly last_ts_ns: string
  readonly content_sha256: string
}
interface Row {
  readonly recv_ns: string
  readonly kind: string
  readonly price: string
  readonly flags: string
}

const desk = new Desk()
const MIDNIGHT_NS = '1723161600000000000'
const EARLY = desk.path('early.tape.parquet')
const LATE = desk.path('late.tape.parquet')
let whole: Info
let early: Info
let late: Info

beforeAll(async () => {
  whole = await desk.json<Info>(['tape', 'info', DEMO_TAPE])
  early = await desk.json<Info>(['tape', 'slice', DEMO_TAPE, '--to', MIDNIGHT_NS, '--out', EARLY])
  late = await desk.json<Info>(['tape', 'slice', DEMO_TAPE, '--from', '2024-08-09T00:00:00Z', '--out', LATE])
})
afterAll(() => desk.remove())

describe('tape slice', () => {
  it('at a time gives what was received before, and the rest with the book as it stood there', async () => {
    expect(BigInt(early.last_ts_ns)).toBeLessThan(BigInt(MIDNIGHT_NS))
    expect(early.first_ts_ns).toBe(whole.first_ts_ns)
    expect(late.last_ts_ns).toBe(whole.last_ts_ns)
    expect(late.by_kind.snapshot_begin).toBe(1)
    const trades = Number(early.by_kind.trade) + Number(late.by_kind.trade)
    expect(trades).toBe(whole.by_kind.trade)
    const books = async (path: string) => (await desk.json<{ books: unknown }>(['replay', path])).books
    expect(await books(LATE)).toEqual(await books(DEMO_TAPE))
  })

  it('of one kind gives records of that kind only', async () => {
    const out = desk.path('trades.tape.parquet')
    const info = await desk.json<Info>(['tape', 'slice', DEMO_TAPE, '--kind', 'trade', '--no-books', '--out', out])
    expect(info.by_kind).toEqual({ trade: 19_904 })
  })

  it.each([
    ['an instrument that is not there', ['--instrument', 'DOGE']],
    ['a kind that is none', ['--kind', 'trades']],
  ])('of %s is an error that says what there is', async (_what, options) => {
    const fault = await desk.fault(['tape', 'slice', DEMO_TAPE, ...options, '--out', desk.path('no.tape.parquet')])
    expect(fault.status).toBeGreaterThan(0)
    expect(fault.message).toMatch(/BTCUSDT|book_delta/)
  })
})

describe('tape merge', () => {
  it('of the parts of a tape without their books is the tape again', async () => {
    const [a, b] = ['a', 'b'].map((name) => desk.path(`${name}.tape.parquet`)) as [string, string]
    const out = desk.path('again.tape.parquet')
    await desk.json(['tape', 'slice', DEMO_TAPE, '--to', MIDNIGHT_NS, '--no-books', '--out', a])
    await desk.json(['tape', 'slice', DEMO_TAPE, '--from', MIDNIGHT_NS, '--no-books', '--out', b])
    const merged = await desk.json<Info>(['tape', 'merge', b, a, '--out', out])
    expect(merged.content_sha256).toBe(whole.content_sha256)
    expect((await desk.fault(['tape', 'merge', b, a, '--out', out])).code).toBe('E_EXISTS')
    expect((await desk.json<Info>(['tape', 'merge', b, a, '--out', out, '--force'])).ticks).toBe(whole.ticks)
  })
})

describe('tape cat', () => {
  it('prints records from any place, as DuckDB has them', async () => {
    const rows = await desk.json<Row[]>(['tape', 'cat', DEMO_TAPE, '--offset', '250000', '--limit', '5'])
    expect(rows).toHaveLength(5)
    const times = await query(`SELECT recv_ns::VARCHAR AS ns FROM '${DEMO_TAPE}' LIMIT 5 OFFSET 250000`)
    expect(rows.map(({ recv_ns }) => recv_ns)).toEqual(times.map(({ ns }) => ns))
  })

  it('as text has a heading and a line for each record; --limit 0 prints all', async () => {
    const some = await desk.inside(['tape', 'cat', DEMO_TAPE, '--limit', '3'])
    expect(some.stdout.split('\n')).toHaveLength(1 + 3 + 1)
    expect(some.stdout).toMatch(/^recv_ns\texch_ns\tinstrument\tkind\tside\tprice\tsize\tid\tflags\n/)
    const trades = desk.path('trades.tape.parquet')
    const all = await desk.inside(['tape', 'cat', trades, '--limit', '0'])
    expect(all.stdout.split('\n')).toHaveLength(1 + 19_904 + 1)
  })

  it('beyond the end prints nothing', async () => {
    expect(await desk.json(['tape', 'cat', DEMO_TAPE, '--offset', '999999999'])).toEqual([])
  })
})

describe('tape ls', () => {
  it('lists the tapes of a folder, a damaged one with what is wrong', async () => {
    desk.write('broken.tape.parquet', 'no tape at all')
    const tapes = await desk.json<{ path: string; ticks: number | null; error: { code: string } | null }[]>([
      ...['tape', 'ls', desk.folder],
    ])
    expect(tapes.find(({ path }) => path === LATE)).toMatchObject({ ticks: late.ticks, error: null })
    expect(tapes.find(({ path }) => path.endsWith('broken.tape.parquet'))).toMatchObject({
      ticks: null,
      error: { code: 'E_NOT_A_TAPE' },
    })
  })
})
