import { spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { DEMO_CONFIG, DEMO_TAPE, Desk, MAIN, ROOT } from './cli.test-kit.js'

const desk = new Desk()
const ESCAPE = String.fromCharCode(27)
afterAll(() => desk.remove())

const COMMANDS = [
  [],
  ['run'],
  ['replay'],
  ['tape'],
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

describe('help', () => {
  it.each(COMMANDS.map((words) => [words.join(' ') || 'tickwright', words] as const))(
    'of %s is printed with exit code 0',
    async (_name, words) => {
      const { status, stdout, stderr } = await desk.inside([...words, '--help'])
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toContain('Usage: ')
      expect(stdout).not.toContain(ESCAPE)
    },
  )

  it('names only files that are there', async () => {
    const texts = await Promise.all(COMMANDS.map(async (words) => (await desk.inside([...words, '--help'])).stdout))
    const files = texts.join('\n').match(/config\/[\w./-]+/g) ?? []
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) expect(() => readFileSync(`${ROOT}/${file}`)).not.toThrow(/ENOENT/)
  })

  it('and the version come from the process too', () => {
    expect(desk.cli(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })
})

describe('a process that is called wrongly', () => {
  it('ends with 2 on an unknown option and says so in one line', () => {
    const { status, stdout, stderr } = desk.cli(['replay', DEMO_TAPE, '--fast'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toBe("error E_USAGE: unknown option '--fast' (see --help)\n")
  })

  it('ends with 3 on a file that is not there, and with --json says it in one line of JSON', () => {
    const { status, stdout, stderr } = desk.cli(['tape', 'info', 'none.tape.parquet', '--json'])
    expect(status).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_NOT_FOUND' } })
    expect(stderr).toMatch(/^error E_NOT_FOUND: /)
  })

  it('shows a file name that would drive the terminal with visible escapes', () => {
    const { status, stdout, stderr } = desk.cli(['tape', 'info', `${ESCAPE}[2J${ESCAPE}]0;owned.tape.parquet`])
    expect(status).toBe(3)
    expect(`${stdout}${stderr}`).not.toContain(ESCAPE)
    expect(stderr).toMatch(/u\{?(?:00)?1b/)
  })

  it('whose reader goes away ends quietly', () => {
    const { stdout, stderr, status } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" tape cat "$2" --limit 200000 | head -n 1', process.execPath, MAIN, DEMO_TAPE],
      { encoding: 'utf8', env: desk.env() },
    )
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^recv_ns/)
  })
})

describe('colours', () => {
  it.each([[{}], [{ NO_COLOR: '1' }], [{ FORCE_COLOR: '1', TERM: 'xterm-256color' }]])(
    'never go into a pipe: %j',
    (env) => {
      const { status, stdout, stderr } = desk.cli(['replay', DEMO_TAPE, '--progress'], { env })
      expect(status).toBe(0)
      expect(`${stdout}${stderr}`).not.toContain(ESCAPE)
    },
  )
})

describe('doctor', () => {
  it('finds everything well where the tests run', () => {
    const report = desk.jsonOfProcess<{ ok: boolean; checks: { name: string; ok: boolean }[] }>(['doctor'])
    expect(report.checks.map(({ name }) => name)).toEqual(['tickwright', 'node', 'addon', 'memory', 'cache'])
    expect(report.checks.find(({ name }) => name === 'addon')?.ok).toBe(true)
  })

  it('says what to do about a cache that cannot be written, with exit code 1', () => {
    const file = desk.write('file', '')
    const { status, stdout } = desk.cli(['doctor', '--json'], { env: { TICKWRIGHT_CACHE: `${file}/cache` } })
    expect(status).toBe(1)
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; fix: string | null }[] }
    expect(checks.find(({ name }) => name === 'cache')).toMatchObject({
      ok: false,
      fix: expect.stringContaining('TICKWRIGHT_CACHE'),
    })
  })
})

describe('new controller', () => {
  it('writes a controller that runs as it is, trades, and whose own test passes', () => {
    symlinkSync(`${ROOT}/node_modules`, desk.path('node_modules'))
    const made = desk.jsonOfProcess<{ files: string[]; next: string }>(['new', 'controller', 'my-maker'])
    expect(made.files).toEqual(['my-maker.ts', 'my-maker.yaml', 'my-maker.test.ts'])
    const run = desk.jsonOfProcess<{ fills: number; out: string }>(['run', 'my-maker.yaml'])
    expect(run.fills).toBeGreaterThan(100)
    expect(desk.jsonOfProcess(['ledger', 'check', run.out])).toMatchObject({ ok: true, fills: run.fills })
    const own = spawnSync(process.execPath, ['--import', 'tsx', '--test', 'my-maker.test.ts'], {
      cwd: desk.folder,
      encoding: 'utf8',
    })
    expect(own.stdout).toMatch(/# pass 4\n# fail 0/)
    const lines = readFileSync(desk.path('my-maker.ts'), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(26)
  })

  it('never replaces a file', () => {
    expect(desk.cli(['new', 'controller', 'my-maker']).status).toBe(2)
  })
})

describe('a run that cannot be', () => {
  const text = readFileSync(DEMO_CONFIG, 'utf8').replace('demo/btcusdt.tape.parquet', DEMO_TAPE)
  const run = (name: string, from: string | RegExp, to: string) =>
    desk.inside(['run', desk.write(`${name}.yaml`, text.replace(from, to)), '--out', desk.path(name)])

  it.each<[string, string | RegExp, string, number, string]>([
    ['a key that is none', 'seed: 1', 'sede: 1', 2, 'E_CONFIG'],
    ['a fill model that is none', 'fill_model: conservative', 'fill_model: lucky', 2, 'E_'],
    ['a parameter of the wrong type', 'size: 0.002', 'size: much', 2, 'E_CONFIG'],
    ['a size between two lots', 'size: 0.002', 'size: 0.0020005', 2, 'E_CONFIG'],
    ['a controller file that is not there', 'controller: simple-maker', 'controller: ./no.ts#No', 2, 'E_CONFIG'],
    ['a tape that is not there', DEMO_TAPE, 'none.tape.parquet', 3, 'E_NOT_FOUND'],
  ])('with %s ends with its code and leaves no summary', async (what, from, to, status, code) => {
    const name = what.replaceAll(' ', '-')
    const ended = await run(name, from, to)
    expect(ended.status).toBe(status)
    expect(ended.stderr).toContain(`error ${code}`)
    expect(() => readFileSync(desk.path(`${name}/summary.json`))).toThrow('ENOENT')
  })

  it('with a controller that throws ends with 1, names the cause, and leaves no summary', async () => {
    desk.write('thrower.ts', "export class Thrower {\n  onTick() {\n    throw new Error('no such level')\n  }\n}\n")
    const ended = await run(
      'thrower',
      /controller: simple-maker\nparams:[\s\S]*?executor:/,
      'controller: ./thrower.ts#Thrower\nexecutor:',
    )
    expect(ended.status).toBe(1)
    expect(ended.stderr).toContain('error E_CONTROLLER_THREW: the controller threw in onTick: no such level')
    expect(() => readFileSync(desk.path('thrower/summary.json'))).toThrow('ENOENT')
  })
})
