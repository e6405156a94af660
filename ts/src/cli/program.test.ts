import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TickwrightError } from '../domain/index.js'
import { cli, REPLAY } from './fake-context.test-kit.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const MAKER = `
tapes: [any.tape.parquet]
controller: simple-maker
params: { size: 0.002, max_position: 0.02, half_spread_ticks: 5 }
engine: { deposits: { USDT: 10000 } }
out: out
`
const ESCAPE = String.fromCharCode(27)

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const COMMANDS = [
  ['run'],
  ['replay'],
  ['tape', 'convert'],
  ['tape', 'info'],
  ['tape', 'cat'],
  ['tape', 'slice'],
  ['tape', 'merge'],
  ['tape', 'ls'],
  ['tape', 'verify'],
  ['ledger', 'check'],
  ['new', 'controller'],
  ['doctor'],
]

describe('every command', () => {
  test.each(COMMANDS)('explains itself with an example and its exit codes: %s %s', async (...words) => {
    const { exitCode, stdout, stderr } = await cli([...words, '--help'])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Example:\n  $ tickwright ')
    expect(stdout).toContain('Exit codes:')
    expect(stdout).toContain('--json')
  })

  test.each([
    ['tape', 'info', 'a'],
    ['tape', 'cat', 'a'],
    ['tape', 'verify', 'a'],
    ['tape', 'merge', 'a', 'b', '--out', 'c'],
    ['tape', 'ls', '.'],
    ['replay', 'a'],
    ['doctor'],
    ['tape', 'info'],
    ['bogus'],
    ['run', '/no/such/file.yaml'],
  ])('prints exactly one line on standard output with --json: %s %s', async (...words) => {
    const { stdout } = await cli([...words, '--json'])
    expect(stdout.endsWith('\n')).toBe(true)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(() => JSON.parse(stdout)).not.toThrow()
  })
})

describe('a wrong command line', () => {
  test.each([
    ['a command that is none', ['tapes'], "unknown command 'tapes'"],
    ['no command', [], 'a command is missing'],
    ['an option that is none', ['doctor', '--jason'], "unknown option '--jason'"],
    ['a missing argument', ['run'], "missing required argument 'file'"],
    ['a mode that is none', ['run', 'x.yaml', '--mode', 'fast'], 'Allowed choices are step, frames, advance'],
    ['a count that is none', ['tape', 'cat', 'x', '--limit', '-5'], 'give a whole number from 0 on'],
    ['a time that is none', ['tape', 'slice', 'x', '--out', 'y', '--from', 'noon'], 'give ns since the Unix epoch or'],
    ['a slice of nothing', ['tape', 'slice', 'x', '--out', 'y'], 'slice what?'],
  ])('with %s is one line, one code and exit code 2', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await cli(args)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error E_USAGE: [^\n]+\n$/)
    expect(stderr).toContain(message)
  })
})

describe('an error', () => {
  const failing = (error: Error) => ({
    tape: {
      info: () => {
        throw error
      },
    },
  })

  test('of the input is one readable line and exit code 3', async () => {
    const error = Object.assign(new Error('"a" is cut off or damaged: fetch it again'), { code: 'E_TAPE_CORRUPT' })
    const { exitCode, stderr } = await cli(['tape', 'info', 'a'], failing(error))
    expect([exitCode, stderr]).toEqual([3, 'error E_TAPE_CORRUPT: "a" is cut off or damaged: fetch it again\n'])
  })

  test('is an object with code and message for scripts', async () => {
    const error = new TickwrightError('E_NOT_FOUND', 'no such tape', { details: { path: 'a' } })
    const { stdout } = await cli(['tape', 'info', 'a', '--json'], failing(error))
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'E_NOT_FOUND', message: 'no such tape', details: { path: 'a' } },
    })
  })

  test('names its causes and shows a stack trace only when asked', async () => {
    const error = new TickwrightError('E_CONTROLLER_THREW', 'the controller threw', {
      cause: new Error('no such level'),
    })
    const plain = await cli(['tape', 'info', 'a'], failing(error))
    expect([plain.exitCode, plain.stderr]).toEqual([
      1,
      'error E_CONTROLLER_THREW: the controller threw\n  because: no such level\n',
    ])
    const debugged = await cli(['tape', 'info', 'a', '--debug'], failing(error))
    expect(debugged.stderr).toContain('program.test.ts')
  })

  test('without a code is a bug of ours and exit code 4', async () => {
    const { exitCode, stderr } = await cli(['tape', 'info', 'a'], failing(new RangeError('oops')))
    expect([exitCode, stderr]).toEqual([4, 'error E_INTERNAL: oops\n'])
  })

  test('that quotes untrusted text cannot drive the terminal', async () => {
    const error = new TickwrightError('E_UNKNOWN_SYMBOL', `symbol ${ESCAPE}[2J\nerror E_OK: all is well`)
    const { stderr } = await cli(['tape', 'info', 'a'], failing(error))
    expect(stderr).toBe('error E_UNKNOWN_SYMBOL: symbol \\u001b[2J\\u000aerror E_OK: all is well\n')
  })
})

describe('tickwright run', () => {
  test('runs a file, shows a summary and says where the results lie', async () => {
    const { exitCode, stdout, stderr } = await cli(['run', file('maker.yaml', MAKER)])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ticks {7}3,000 in /)
    expect(stdout).toContain(`results in ${join(folder, 'out')}: summary.json, fills.csv`)
    expect(stdout).not.toContain(ESCAPE)
  })

  test('gives scripts the numbers, the hash and the folder', async () => {
    const { stdout } = await cli(['run', file('maker.yaml', MAKER), '--json', '--mode', 'frames'])
    expect(JSON.parse(stdout)).toMatchObject({
      ticks: 3_000,
      seconds: expect.any(Number),
      ticks_per_s: 3_000_000,
      orders: expect.any(Number),
      fills: expect.any(Number),
      mode: 'frames',
      result_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      out: join(folder, 'out'),
    })
  })

  test('shows progress with rate and what is left on a terminal, and takes it away again', async () => {
    const { stderr } = await cli(['run', file('maker.yaml', MAKER)], { terminal: true })
    expect(stderr).toContain(`\r${ESCAPE}[2Krunning 66 %, 2,000 ticks, 1,333 ticks/s, 1 s left`)
    expect(stderr.endsWith(`\r${ESCAPE}[2K`)).toBe(true)
  })

  test('shows progress elsewhere only when asked, and then in lines', async () => {
    const { stderr } = await cli(['run', file('maker.yaml', MAKER), '--progress'])
    expect(stderr).toContain('running 66 %, 2,000 ticks')
    expect(stderr).not.toContain(ESCAPE)
  })

  test('paints on a terminal, but not against the wish of its user', async () => {
    const painted = await cli(['run', file('maker.yaml', MAKER)], { terminal: true })
    const plain = await cli(['run', file('maker.yaml', MAKER)], { terminal: true, env: { NO_COLOR: '1' } })
    expect(painted.stdout).toContain(ESCAPE)
    expect(plain.stdout).not.toContain(ESCAPE)
  })

  test('ends with exit code 2 where the run file is wrong, naming the place', async () => {
    const { exitCode, stderr } = await cli(['run', file('maker.yaml', `${MAKER}mode: fast\n`)])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^error E_CONFIG: \S+maker\.yaml:7:7: mode: given "fast": /)
  })
})

describe('tickwright ledger check', () => {
  test('confirms a run, and finds a fill that was changed afterwards', async () => {
    await cli(['run', file('maker.yaml', MAKER)])
    const good = await cli(['ledger', 'check', join(folder, 'out')])
    expect([good.exitCode, good.stdout]).toEqual([0, expect.stringContaining('holds to the last digit')])
    const fills = join(folder, 'out', 'fills.csv')
    writeFileSync(fills, readFileSync(fills, 'utf8').replace(',0.002,', ',0.003,'))
    const bad = await cli(['ledger', 'check', join(folder, 'out'), '--json'])
    expect(bad.exitCode).toBe(1)
    expect(JSON.parse(bad.stdout)).toMatchObject({
      ok: false,
      differences: expect.arrayContaining([expect.any(String)]),
    })
  })
})

describe('tickwright replay', () => {
  test('shows speed and books, and gives scripts the report as it is', async () => {
    const { stdout } = await cli(['replay', 'a', 'b'])
    expect(stdout).toContain('ticks    531,232 in 0.010 s = 53,123,200 ticks/s')
    expect(stdout).toMatch(/BTCUSDT-PERP +LIVE +61800\.1 +- +1,000 +0 +0 +2\n$/)
    const { stdout: line, calls } = await cli(['replay', 'a', '--bbo', 'bbo.csv', '--json'])
    expect(JSON.parse(line)).toEqual(REPLAY)
    expect(calls).toEqual([['replay', { tapes: ['a'], bbo: 'bbo.csv', cacheDir: '/tmp/tickwright-test-cache' }]])
  })
})

describe('tickwright new controller', () => {
  test('writes a controller of about twenty lines, a run file and a test', async () => {
    const { exitCode, stdout } = await cli([
      'new',
      'controller',
      'my-first-maker',
      '--dir',
      folder,
      '--tape',
      'a.tape.parquet',
    ])
    expect(exitCode).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['my-first-maker.test.ts', 'my-first-maker.ts', 'my-first-maker.yaml'])
    expect(stdout).toContain(`next: tickwright run ${join(folder, 'my-first-maker.yaml')}`)
    const text = readFileSync(join(folder, 'my-first-maker.ts'), 'utf8')
    expect(text).toContain('export class MyFirstMaker implements Controller')
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(22)
  })

  test('writes a run file and a controller that run as they are', async () => {
    await cli(['new', 'controller', 'my-maker', '--dir', folder, '--tape', 'a.tape.parquet'])
    const { exitCode, stdout, stderr } = await cli(['run', join(folder, 'my-maker.yaml'), '--json'])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout).orders).toBeGreaterThan(0)
  })

  test('never replaces a file and then writes none', async () => {
    const mine = file('my-maker.yaml', 'mine')
    const { exitCode, stderr } = await cli(['new', 'controller', 'my-maker', '--dir', folder, '--tape', 'a'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`${mine} exists already`)
    expect(readdirSync(folder)).toEqual(['my-maker.yaml'])
  })

  test.each(['../evil', 'MyMaker', 'a b', '', '-x', 'a--b', 'x'.repeat(49)])('refuses the name %j', async (name) => {
    const { exitCode, stderr } = await cli(['new', 'controller', '--dir', folder, '--tape', 'a', '--', name])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('error E_USAGE: name ')])
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('tickwright doctor', () => {
  test('finds a machine that can run well', async () => {
    const { exitCode, stdout } = await cli(['doctor', '--json'], { env: { TICKWRIGHT_CACHE: join(folder, 'cache') } })
    expect(exitCode).toBe(0)
    const { ok, checks } = JSON.parse(stdout)
    expect(ok).toBe(true)
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(['tickwright', 'node', 'addon', 'memory', 'cache'])
  })

  test('says what to do where the addon does not load', async () => {
    const nativeFails = new TickwrightError('E_UNSUPPORTED_PLATFORM', 'no addon for plan9 mips')
    const { exitCode, stdout } = await cli(['doctor'], { nativeFails })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/BAD +addon +.*E_UNSUPPORTED_PLATFORM: no addon for plan9 mips +build it with/)
  })

  test('says what to do where the cache folder cannot be written', async () => {
    const { exitCode, stdout } = await cli(['doctor'], { env: { TICKWRIGHT_CACHE: file('taken', '') } })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('set TICKWRIGHT_CACHE to a folder that can be written')
  })
})
