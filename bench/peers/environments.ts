import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProgramName } from './field.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = join(HERE, '..', '..')
/** The Python environments: two, because the pins of hftbacktest and of vectorbt exclude each other. */
const ENVIRONMENTS = join(HERE, '.cache')
const JAVASCRIPT = join(HERE, 'javascript')
/** The pinned packages are of this Python. */
const PYTHON = '3.11'

const OURS = fileURLToPath(new URL('./ours.ts', import.meta.url))

/** How a program is started. */
export type Launch = readonly string[]

/** A program of a peer: the environment that it needs, and the file that it is. */
const PYTHON_PROGRAMS = {
  hftbacktest: { environment: 'events', file: 'hftbacktest_works.py' },
  nautilus: { environment: 'events', file: 'nautilus_works.py' },
  vectorbt: { environment: 'bars', file: 'vectorbt_works.py' },
  backtesting: { environment: 'bars', file: 'backtesting_works.py' },
} as const

/** Makes ready what a program needs and says how to start it. Throws why it cannot be had here. */
export function prepare(program: ProgramName, say: (what: string) => void): Launch {
  if (program === 'ours') return [process.execPath, '--import', 'tsx', OURS]
  if (program === 'rust') return buildExample('tickwright-book', 'orders_race', say)
  if (program === 'javascript') return prepareJavascript(say)
  const { environment, file } = PYTHON_PROGRAMS[program]
  return [preparePython(environment, say), join(HERE, 'python', file)]
}

/** Builds an example in Rust; returns where cargo put it. */
function buildExample(crate: string, example: string, say: (what: string) => void): Launch {
  say(`building ${example}`)
  const args = ['build', '--release', '-p', crate, '--example', example, '--message-format', 'json-render-diagnostics']
  const built = run('cargo', args, ROOT)
    .split('\n')
    .filter((line) => line.startsWith('{'))
  const executables = built.map((line) => (JSON.parse(line) as { executable?: string | null }).executable)
  const executable = executables.findLast((path) => path !== undefined && path !== null)
  if (executable === undefined || executable === null) throw new Error(`cargo built no program for ${example}`)
  return [executable]
}

/** Installs the npm project of the peers where it differs from its lock file. */
function prepareJavascript(say: (what: string) => void): Launch {
  const lock = readFileSync(join(JAVASCRIPT, 'package-lock.json'), 'utf8')
  installOnce(join(JAVASCRIPT, 'node_modules', '.lock'), lock, () => {
    say('installing packages of npm')
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], JAVASCRIPT)
  })
  return [process.execPath, join(JAVASCRIPT, 'works.mjs')]
}

/** Makes a Python environment of the pinned packages; returns its interpreter. */
function preparePython(name: 'events' | 'bars', say: (what: string) => void): string {
  const folder = join(ENVIRONMENTS, name)
  const interpreter = join(folder, 'bin', 'python')
  const pins = join(HERE, 'python', `${name}.txt`)
  installOnce(join(folder, '.pins'), readFileSync(pins, 'utf8'), () => {
    const python = findPython()
    say(`making the Python environment "${name}": downloads some hundred MB the first time`)
    run(python, ['-m', 'venv', '--clear', folder], ROOT)
    run(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', pins], ROOT)
  })
  return interpreter
}

/** Installs unless `stamp` says that exactly this was installed before. */
function installOnce(stamp: string, wanted: string, install: () => void): void {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  install()
  writeFileSync(stamp, wanted)
}

function findPython(): string {
  const found = [`python${PYTHON}`, 'python3', 'python'].find((name) => versionOf(name)?.startsWith(`${PYTHON}.`))
  if (found === undefined) throw new Error(`Python ${PYTHON} is not installed`)
  return found
}

function versionOf(python: string): string | undefined {
  const code = 'import platform; print(platform.python_version())'
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Runs a command and returns what it wrote; throws the last line of what it complained of. */
function run(command: string, args: readonly string[], cwd: string): string {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status === 0) return stdout
  const why = error?.message ?? (stderr.trim().split('\n').at(-1) || `it ended with ${status}`)
  throw new Error(`\`${command} ${args.slice(0, 3).join(' ')} …\` failed: ${why}`)
}
