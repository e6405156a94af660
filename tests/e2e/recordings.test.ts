import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_TAPE, Desk, PERPETUAL_FILE, query, recordedLines, SPOT_FILES } from './cli.test-kit.js'

const desk = new Desk()
const SPOT = desk.path('spot.tape.parquet')
const PERPETUAL = desk.path('perp.tape.parquet')

interface Info {
  readonly ticks: number
  readonly by_kind: Readonly<Record<string, number>>
  readonly content_sha256: string
}

function convert(instrument: string, out: string, inputs: readonly string[]): Promise<Info> {
  return desk.json<Info>([
    'tape',
    'convert',
    '--from',
    'binance-raw',
    '--instrument',
    instrument,
    '--out',
    out,
    ...inputs,
  ])
}

let converted: Info
beforeAll(async () => {
  converted = await convert('BTCUSDT', SPOT, SPOT_FILES)
  await convert('BTCUSDT-PERP', PERPETUAL, [PERPETUAL_FILE])
})
afterAll(() => desk.remove())

describe('tape convert of the bundled recordings', () => {
  it('gives the bundled tape, record for record', async () => {
    const bundled = await desk.json<Info>(['tape', 'info', DEMO_TAPE])
    expect(converted.content_sha256).toBe(bundled.content_sha256)
    expect(converted.ticks).toBe(bundled.ticks)
  })

  it('plain text gives the tape of the same text compressed', async () => {
    const plain = SPOT_FILES.map((path, at) => desk.write(`plain-${at}`, `${recordedLines(path).join('\n')}\n`))
    const { content_sha256 } = await convert('BTCUSDT', desk.path('plain.tape.parquet'), plain)
    expect(content_sha256).toBe(converted.content_sha256)
  })

  it('counts what lies in the recording', () => {
    // Depth events before the snapshot are dropped as the venue documents; all quotes and trades are kept.
    expect(converted.by_kind).toMatchObject({
      trade: 9_757 + 10_147,
      quote: 2 * (28_040 + 45_134),
      snapshot_level: 2_000,
    })
  })

  it('info gives ticks, kinds, times, instruments, hash and format', async () => {
    const info = await desk.json(['tape', 'info', PERPETUAL])
    expect(info).toMatchObject({
      ticks: expect.any(Number),
      by_kind: { trade: 21_313, quote: 2 * 66_089 },
      first_ts_ns: expect.stringMatching(/^17231612\d{11}$/),
      last_ts_ns: '1723161599833492584',
      instruments: [{ id: 'BTCUSDT-PERP', kind: 'linear_perpetual', tick_size: '0.1' }],
      content_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      format_version: 1,
    })
  })

  it('DuckDB reads the tape and counts the same', async () => {
    const [found] = await query(`SELECT count(*)::INT AS ticks FROM '${SPOT}'`)
    expect(found?.ticks).toBe(converted.ticks)
    const columns = await query(`SELECT name FROM parquet_schema('${SPOT}')`)
    expect(columns.length).toBeGreaterThan(8)
  })
})

describe('tape verify', () => {
  it('of the perpetual finds every best quote equal: 6546 of 6546', async () => {
    expect(await desk.json(['tape', 'verify', PERPETUAL])).toMatchObject({
      quotes_checked: 6_546,
      quotes_equal: 6_546,
      faults: [],
    })
  })

  it('of spot finds the two places where the ticker skipped a change: 6491 of 6493', async () => {
    const verified = await desk.json(['tape', 'verify', SPOT])
    expect(verified).toMatchObject({ quotes_checked: 6_493, quotes_equal: 6_491, faults: [] })
    for (const what of ['backwards', 'gaps', 'crossed', 'negative_sizes', 'bad_checksums']) {
      expect(verified[what]).toEqual({ count: 0 })
    }
  })

  it('of the inverse perpetual finds every best quote equal: 44767 of 44767', async (context) => {
    const data = process.env.TICKWRIGHT_TEST_DATA
    const files = ['cm_btcusd_perp_20240808.gz', 'cm_btcusd_perp_20240809.gz'].map((name) =>
      join(data ?? '', 'binance-l2-raw', name),
    )
    if (data === undefined || !files.every((file) => existsSync(file))) {
      context.skip('the recordings do not ship: TICKWRIGHT_TEST_DATA names no folder that has them')
    }
    const out = desk.path('inverse.tape.parquet')
    await convert('BTCUSD_PERP', out, files)
    expect(await desk.json(['tape', 'verify', out])).toMatchObject({ quotes_checked: 44_767, quotes_equal: 44_767 })
  })
})

describe('replay', () => {
  it('gives ticks, seconds, rate and every book, prices as decimal strings', async () => {
    const report = await desk.json<{ books: Record<string, unknown>[] }>(['replay', SPOT])
    const decimal = expect.stringMatching(/^\d+(\.\d+)?$/)
    expect(report).toEqual({
      ticks: converted.ticks,
      seconds: expect.any(Number),
      ticks_per_s: expect.any(Number),
      read_seconds: expect.any(Number),
      books: [
        {
          instrument: 'BTCUSDT',
          state: 'LIVE',
          best_bid: decimal,
          best_ask: decimal,
          bid_levels: expect.any(Number),
          ask_levels: expect.any(Number),
          crossed: 0,
          gaps: 0,
          unknown_orders: 0,
          bad_checksums: 0,
        },
      ],
      content_sha256: converted.content_sha256,
    })
  })

  it('of two tapes gives both books as each has alone', async () => {
    const books = async (...tapes: string[]) =>
      (await desk.json<{ books: { state: string }[] }>(['replay', ...tapes])).books
    const [spot, perp] = await books(SPOT, PERPETUAL)
    expect(spot).toEqual((await books(SPOT))[0])
    // The perpetual's recording ends five minutes before spot's: by then its book is silent.
    expect({ ...perp, state: 'LIVE' }).toEqual((await books(PERPETUAL))[0])
  })

  it('--bbo writes a line for every message that touched the book, as the recording says it', async () => {
    const csv = desk.path('bbo.csv')
    await desk.json(['replay', PERPETUAL, '--bbo', csv])
    const [heading, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\n')
    expect(heading).toBe('ts_ns,instrument,sequence,bid_px,bid_qty,ask_px,ask_qty')
    const quotes = await quotesOf(PERPETUAL_FILE)
    let at = 0
    let equal = 0
    for (const line of lines) {
      const [, instrument, sequence, ...best] = line.split(',')
      expect(instrument).toBe('BTCUSDT-PERP')
      // Depth and quotes both come in the order of their ids.
      while ((quotes[at + 1]?.id ?? Number.POSITIVE_INFINITY) <= Number(sequence)) at += 1
      equal += Number(best.map(Number).join() === quotes[at]?.best)
    }
    // The snapshot and each depth message after it; `tape verify` counts the quotes of all but the first of them.
    expect(lines).toHaveLength(1 + 6_547)
    expect(equal).toBeGreaterThanOrEqual(6_546)
  })
})

/** Best quotes of a recording in its order: bid, its size, ask, its size. */
async function quotesOf(path: string): Promise<{ id: number; best: string }[]> {
  const quotes: { id: number; best: string }[] = []
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (!line.includes('@bookTicker')) continue
    const { data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as {
      data: Record<'u' | 'b' | 'B' | 'a' | 'A', string>
    }
    quotes.push({ id: Number(data.u), best: [data.b, data.B, data.a, data.A].map(Number).join() })
  }
  return quotes
}
