import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TickwrightError } from '../domain/index.js'
import { CONVERTED, cli, INFO, VERIFIED } from './fake-context.test-kit.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-tape-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('tickwright tape', () => {
  test('convert passes everything on and prints what came of it', async () => {
    const args = [
      '--from',
      'binance-raw',
      '--instrument',
      'BTCUSDT',
      '--instrument',
      'BTCUSDT-PERP',
      '--out',
      'o.tape.parquet',
    ]
    const options = ['--only', 'BTCUSDT', '--skip-bad', '5', '--base-latency', '2000000', '--force', '--json']
    const { exitCode, stdout, calls } = await cli(['tape', 'convert', ...args, ...options, 'a.gz', 'b.gz'])
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { ...INFO, read: CONVERTED.read }])
    expect(calls).toMatchObject([
      [
        'convert',
        {
          from: 'binance-raw',
          inputs: ['a.gz', 'b.gz'],
          out: 'o.tape.parquet',
          instruments: [{ id: 'BTCUSDT' }, { id: 'BTCUSDT-PERP' }],
          only: ['BTCUSDT'],
          skipBad: 5,
          baseLatencyNs: 2_000_000,
          overwrite: true,
        },
      ],
    ])
  })

  test('convert passes on what the files do not say', async () => {
    const args = ['--from', 'needy', '--instrument', 'BTCUSDT', '--out', 'o.tape.parquet']
    const given = ['--date', '2012-06-21', '--tz', 'UTC', '--time-unit', 'ms', '--bar', '1m', '--bar-time', 'open']
    const { calls } = await cli(['tape', 'convert', ...args, ...given, '--bar-of', 'bid', '--quote-size', '5', 'a.csv'])
    const times = { date: '2012-06-21', tz: 'UTC', timeUnit: 'ms' }
    const reading = { ...times, bar: '1m', barTime: 'open', barOf: 'bid', quoteSize: '5' }
    expect(calls).toMatchObject([['convert', { reading }]])
  })

  test('the help of convert lists the formats with their options and a line that runs', async () => {
    const { exitCode, stdout } = await cli(['tape', 'convert', '--help'])
    expect(exitCode).toBe(0)
    expect(stdout.slice(stdout.indexOf('Formats:'))).toBe(
      'Formats:\n' +
        '  plain: files that say it all\n' +
        '      $ tickwright tape convert --from plain --instrument X --out o a.gz\n' +
        '  needy: files that do not\n' +
        '      needs --date\n' +
        '      takes --tz\n' +
        '      $ tickwright tape convert --from needy --date 2012-06-21 b.csv\n',
    )
    expect((await cli(['tape', 'info', '--help'])).stdout).not.toContain('Formats:')
  })

  test('convert shows people how many checksums of the venue agreed', async () => {
    const args = ['--from', 'bitget-ws', '--out', 'x.tape.parquet', '--instrument', 'BTCUSDT-PERP']
    const { stdout } = await cli(['tape', 'convert', ...args, 'a.gz'])
    expect(stdout).toMatch(/^checksums +442 of 443 equal$/m)
  })

  test('convert shows people which rows were left out and how many checksums agreed', async () => {
    const args = ['--from', 'binance-raw', '--instrument', 'BTCUSDT', '--out', 'o.tape.parquet']
    const { stdout } = await cli(['tape', 'convert', ...args, 'a.gz'])
    expect(stdout).toContain('left out: "a.gz", line 7, column 3: not JSON\n')
  })

  test('slice passes kinds on, and whether to begin in mid-stream', async () => {
    const { calls } = await cli(['tape', 'slice', 'a', '--out', 'b', '--kind', 'trade', '--no-books'])
    expect(calls).toEqual([['slice', { input: 'a', out: 'b', kinds: ['trade'], withoutBooks: true }]])
  })

  test('info is readable by people', async () => {
    const { stdout } = await cli(['tape', 'info', 'a'])
    expect(stdout).toContain('ticks          531,232\nkinds          book_delta 443,521, trade 21,313\n')
    expect(stdout).toContain('first          2024-08-08T23:54:15.030Z (1723161255030314667)')
  })

  test('cat prints a heading and the records asked for', async () => {
    const { stdout } = await cli(['tape', 'cat', 'a', '--offset', '23', '--limit', '5'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toBe('recv_ns\texch_ns\tinstrument\tkind\tside\tprice\tsize\tid\tflags')
    expect(lines[2]).toContain('\ttrade\tbid\t61800.1\t0.002\t24\tlast')
  })

  test('cat prints every record with --limit 0', async () => {
    const { stdout } = await cli(['tape', 'cat', 'a', '--limit', '0'])
    expect(stdout.trimEnd().split('\n')).toHaveLength(26)
  })

  test('slice takes times as dates or ns', async () => {
    const times = ['--from', '2024-08-09T00:00:00.5Z', '--to', '1723161605000000000']
    const { calls } = await cli(['tape', 'slice', 'a', '--out', 'b', ...times])
    expect(calls).toEqual([
      ['slice', { input: 'a', out: 'b', fromNs: '1723161600500000000', toNs: '1723161605000000000' }],
    ])
  })

  test('merge takes several tapes', async () => {
    const { calls } = await cli(['tape', 'merge', 'a', 'b', '--out', 'c'])
    expect(calls).toEqual([['merge', { inputs: ['a', 'b'], out: 'c' }]])
  })

  test('ls lists tapes and what is wrong with those that cannot be read', async () => {
    mkdirSync(join(folder, 'tapes'))
    for (const name of ['a.tape.parquet', 'b.tape.parquet', 'other.csv']) writeFileSync(join(folder, 'tapes', name), '')
    const info = (path: string) => {
      if (path.includes('b.tape')) throw new TickwrightError('E_TAPE_CORRUPT', 'cut off')
      return INFO
    }
    const { stdout } = await cli(['tape', 'ls', join(folder, 'tapes')], { tape: { info } })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/a\.tape\.parquet +0 +531,232 +344\.8 +BTCUSDT-PERP$/)
    expect(lines[2]).toMatch(/b\.tape\.parquet .* E_TAPE_CORRUPT: cut off$/)
  })

  test('verify ends with exit code 1 where a tape has faults', async () => {
    const good = await cli(['tape', 'verify', 'a'])
    expect([good.exitCode, good.stdout]).toEqual([0, expect.stringContaining('6,546 of 6,546 equal')])
    const verify = () => ({ ...VERIFIED, faults: ['receive times run backwards at record 7'] })
    const bad = await cli(['tape', 'verify', 'a'], { tape: { verify } })
    expect([bad.exitCode, bad.stdout]).toEqual([1, expect.stringContaining('backwards at record 7')])
  })
})
