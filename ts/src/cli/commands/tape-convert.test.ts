import { describe, expect, test } from 'vitest'
import { cli } from '../fake-context.test-kit.js'

describe('tickwright tape convert', () => {
  test('passes on what the files do not say', async () => {
    const args = ['--from', 'needy', '--instrument', 'BTCUSDT', '--out', 'o.tape.parquet']
    const given = ['--date', '2012-06-21', '--tz', 'UTC', '--time-unit', 'ms', '--bar', '1m', '--bar-time', 'open']
    const { calls } = await cli(['tape', 'convert', ...args, ...given, '--bar-of', 'bid', '--quote-size', '5', 'a.csv'])
    const times = { date: '2012-06-21', tz: 'UTC', timeUnit: 'ms' }
    const reading = { ...times, bar: '1m', barTime: 'open', barOf: 'bid', quoteSize: '5' }
    expect(calls).toMatchObject([['convert', { reading }]])
  })

  test('lists the formats in its help, with their options and a line that runs', async () => {
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

  test('shows people how many checksums of the venue agreed', async () => {
    const args = ['--from', 'bitget-ws', '--out', 'x.tape.parquet', '--instrument', 'BTCUSDT-PERP']
    const { stdout } = await cli(['tape', 'convert', ...args, 'a.gz'])
    expect(stdout).toMatch(/^checksums +442 of 443 equal$/m)
  })
})
