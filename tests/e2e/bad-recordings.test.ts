import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { Desk, recordedLines, SPOT_FILES } from './cli.test-kit.js'

const desk = new Desk()
afterAll(() => desk.remove())

/** The start of the spot recording: the snapshot is its eighth line. */
const LINES = recordedLines(SPOT_FILES[0] ?? '').slice(0, 400)
const OUT = desk.path('out.tape.parquet')

function command(path: string, ...options: string[]): string[] {
  const instrument = options.includes('--instrument') ? [] : ['--instrument', 'BTCUSDT']
  return ['tape', 'convert', '--from', 'binance-raw', ...instrument, '--out', OUT, '--force', ...options, path]
}

/** Converts a recording of these lines, which must fail. */
async function refusal(lines: readonly string[], ...options: string[]) {
  const path = desk.write('recording.txt', `${lines.join('\n')}\n`)
  const fault = await desk.fault(command(path, ...options))
  expect(existsSync(OUT)).toBe(false)
  expect(readdirSync(desk.folder).filter((name) => name.includes('out.tape'))).toEqual([])
  return fault
}

/** The recording with line `number` (from 1) changed. */
function changed(number: number, change: (line: string) => string): string[] {
  return LINES.map((line, at) => (at === number - 1 ? change(line) : line))
}

const depthLine = LINES.findIndex((line, at) => at > 20 && line.includes('@depth')) + 1
const tradeLine = LINES.findIndex((line, at) => at > 20 && line.includes('@trade')) + 1

describe('a recording that is damaged', () => {
  it('its first lines convert as they are', async () => {
    const path = desk.write('whole.txt', `${LINES.join('\n')}\n`)
    const out = desk.path('whole.tape.parquet')
    expect(
      await desk.json(['tape', 'convert', '--from', 'binance-raw', '--instrument', 'BTCUSDT', '--out', out, path]),
    ).toMatchObject({ skipped: 0, read: { rows: LINES.length, bad_rows: [] } })
  })

  it.each([0.2, 0.5, 0.9, 0.999])(
    'a gzip that ends after %d of its bytes is E_GZIP_TRUNCATED and exit code 3',
    async (share) => {
      const whole = gzipSync(LINES.join('\n'))
      const path = desk.write('cut.gz', whole.subarray(0, Math.floor(whole.length * share)))
      const fault = await desk.fault(command(path))
      expect(fault).toMatchObject({ status: 3, code: 'E_GZIP_TRUNCATED' })
      expect(fault.message).toContain('cut.gz')
      expect(existsSync(OUT)).toBe(false)
    },
  )

  it('a gzip with a byte turned is E_GZIP and exit code 3', async () => {
    const whole = gzipSync(LINES.join('\n'))
    const path = desk.write(
      'turned.gz',
      whole.map((byte, at) => (at === whole.length - 6 ? byte ^ 0xff : byte)),
    )
    expect(await desk.fault(command(path))).toMatchObject({ status: 3, code: 'E_GZIP' })
  })

  it('a line that is no JSON names file, line, column and reason', async () => {
    const fault = await refusal(changed(tradeLine, (line) => line.slice(0, -9)))
    expect(fault).toMatchObject({ status: 3, code: 'E_JSON' })
    expect(fault.message).toMatch(new RegExp(`recording\\.txt", line ${tradeLine}, column \\d+: .+`))
  })

  it.each<[string, (line: string) => string, string]>([
    ['no time', (line) => line.slice(line.indexOf(' ') + 1), 'E_TIME'],
    ['a price of 1e400', (line) => line.replace(/"p":"[^"]+"/, '"p":"1e400"'), 'E_DECIMAL'],
    ['a price of NaN', (line) => line.replace(/"p":"[^"]+"/, '"p":"NaN"'), 'E_DECIMAL'],
    ['a price of 30 digits', (line) => line.replace(/"p":"[^"]+"/, `"p":"${'9'.repeat(30)}"`), 'E_RANGE'],
    ['a price off the grid', (line) => line.replace(/"p":"[^"]+"/, '"p":"61837.635"'), 'E_OFF_GRID'],
    ['a price below zero', (line) => line.replace(/"p":"/, '"p":"-'), 'E_NEGATIVE_PRICE'],
    ['a size below zero', (line) => line.replace(/"q":"/, '"q":"-'), 'E_NEGATIVE_SIZE'],
    ['no price', (line) => line.replace(/"p":"[^"]+",/, ''), 'E_FIELD'],
    ['a number for a price', (line) => line.replace(/"p":"[^"]+"/, '"p":{}'), 'E_FIELD'],
  ])('a trade with %s is refused with its line and exit code 3', async (_what, change, code) => {
    const fault = await refusal(changed(tradeLine, change))
    expect(fault).toMatchObject({ status: 3, code })
    expect(fault.message).toContain(`line ${tradeLine}, column `)
  })

  it('receive times that run backwards are E_TIME_BACKWARDS', async () => {
    const fault = await refusal(changed(tradeLine, (line) => line.replace(/^\d+/, '1723161253000000000')))
    expect(fault).toMatchObject({ status: 3, code: 'E_TIME_BACKWARDS' })
    expect(fault.message).toContain(`line ${tradeLine}, `)
  })

  it('a gap in the update ids is no error: it is counted and the book says so', async () => {
    const lines = LINES.filter((_line, at) => at !== depthLine - 1)
    const path = desk.write('gap.txt', `${lines.join('\n')}\n`)
    const out = desk.path('gap.tape.parquet')
    const args = ['tape', 'convert', '--from', 'binance-raw', '--instrument', 'BTCUSDT', '--out', out, path]
    expect(await desk.json(args)).toMatchObject({ read: { gaps: 1 } })
    expect(await desk.json(['replay', out])).toMatchObject({ books: [{ gaps: 1 }] })
    expect(await desk.json(['tape', 'verify', out])).toMatchObject({ gaps: { count: 1 } })
  })

  it('--skip-bad tolerates so many rows, names them, and no more', async () => {
    const bad = changed(tradeLine, () => 'nonsense').map((line, at) => (at === depthLine + 90 ? '17 {' : line))
    expect(await refusal(bad, '--skip-bad', '1')).toMatchObject({ status: 3 })
    const path = desk.write('bad.txt', `${bad.join('\n')}\n`)
    const out = desk.path('bad.tape.parquet')
    const report = await desk.json<{ skipped: number; read: { bad_rows: string[] } }>([
      ...['tape', 'convert', '--from', 'binance-raw', '--instrument', 'BTCUSDT', '--out', out, '--skip-bad', '2', path],
    ])
    expect(report.skipped).toBe(2)
    expect(report.read.bad_rows).toHaveLength(2)
    for (const row of report.read.bad_rows) expect(row).toMatch(/bad\.txt", line \d+, column \d+: /)
  })

  it.each([
    ['nothing', ''],
    ['line feeds only', '\n\n\n'],
  ])('a file of %s is refused with exit code 3', async (_what, text) => {
    const fault = await desk.fault(command(desk.write('empty.txt', text)))
    expect([fault.status, fault.code]).toEqual([3, text === '' ? 'E_EMPTY_INPUT' : fault.code])
  })
})

describe('an instrument that does not fit', () => {
  it('a symbol that nobody named is E_UNKNOWN_SYMBOL, which lists it', async () => {
    const other = LINES.map((line) => line.replaceAll('btcusdt', 'ethusdt').replaceAll('"BTCUSDT"', '"ETHUSDT"'))
    const fault = await refusal([
      ...LINES,
      ...other.filter((line) => line.includes('stream')).map((line) => line.replace(/^\d+/, '1723161999999999999')),
    ])
    expect(fault).toMatchObject({ status: 2, code: 'E_UNKNOWN_SYMBOL' })
    expect(fault.message).toContain('ETHUSDT')
  })

  it('--only chooses one of several', async () => {
    const other = LINES.filter((line) => line.includes('@trade')).map((line) =>
      line.replaceAll('btcusdt', 'ethusdt').replaceAll('"BTCUSDT"', '"ETHUSDT"').replace(/^\d+/, '1723161999999999999'),
    )
    const path = desk.write('two.txt', `${[...LINES, ...other].join('\n')}\n`)
    const out = desk.path('two.tape.parquet')
    const args = [
      'tape',
      'convert',
      '--from',
      'binance-raw',
      '--instrument',
      'BTCUSDT',
      '--only',
      'BTCUSDT',
      '--out',
      out,
    ]
    expect(await desk.json([...args, path])).toMatchObject({ instruments: [{ id: 'BTCUSDT' }] })
  })

  it.each<[string, string | undefined, string]>([
    ['that is not there', undefined, 'E_CONFIG'],
    ['without a tick size', 'id: X\nvenue: v\nsymbol: BTCUSDT\nkind: spot\n', 'E_CONFIG'],
    ['of a kind that is none', 'id: X\nvenue: v\nsymbol: BTCUSDT\nkind: swap\ntick_size: "0.01"\n', 'E_CONFIG'],
  ])('a definition %s is a fault of the config with exit code 2', async (_what, text, code) => {
    const path = text === undefined ? desk.path('none.yaml') : desk.write('instrument.yaml', text)
    const fault = await refusal(LINES, '--instrument', path)
    expect([fault.status === 2 || fault.status === 3, fault.code === code || fault.code === 'E_FILE']).toEqual([
      true,
      true,
    ])
  })

  it('one with a tick too coarse for the prices is E_OFF_GRID with file and line', async () => {
    const spec = readFileSync(new URL('../../config/instruments/BTCUSDT.yaml', import.meta.url), 'utf8')
    const fault = await refusal(LINES, '--instrument', desk.write('coarse.yaml', spec.replace('"0.01"', '"1"')))
    expect(fault).toMatchObject({ status: 3, code: 'E_OFF_GRID' })
    expect(fault.message).toMatch(/line \d+, column \d+/)
  })

  it.each([
    ['an id that is none', ['--instrument', 'DOGE']],
    ['a reader that is none', ['--from', 'kraken']],
  ])('%s is exit code 2 and says what there is', async (_what, options) => {
    const path = desk.write('recording.txt', LINES.join('\n'))
    const { status, stderr } = await desk.inside(command(path, ...options))
    expect(status).toBe(2)
    expect(stderr).toMatch(/BTCUSDT|binance-raw/)
  })

  it('a recording without its snapshot is E_NO_SNAPSHOT, unless that is allowed', async () => {
    const lines = LINES.filter((line) => !line.includes('"lastUpdateId"'))
    expect(await refusal(lines)).toMatchObject({ status: 3, code: 'E_NO_SNAPSHOT' })
    const path = desk.write('late.txt', lines.join('\n'))
    const out = desk.path('late.tape.parquet')
    const args = ['tape', 'convert', '--from', 'binance-raw', '--instrument', 'BTCUSDT', '--out', out, path]
    expect(await desk.json([...args, '--allow-missing-snapshot'])).toMatchObject({ read: { snapshots: 0 } })
  })

  it('a tape that is there is not replaced: E_EXISTS', async () => {
    const path = desk.write('recording.txt', LINES.join('\n'))
    const out = desk.write('kept.tape.parquet', 'mine')
    const args = ['tape', 'convert', '--from', 'binance-raw', '--instrument', 'BTCUSDT', '--out', out, path]
    expect(await desk.fault(args)).toMatchObject({ status: 2, code: 'E_EXISTS' })
    expect(readFileSync(out, 'utf8')).toBe('mine')
  })
})
