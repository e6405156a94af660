/**
 * `@tickwright/native` as its users get it: packed by the steps that publish it, installed in a folder that knows nothing
 * of this repository, compiled against its types and run by plain Node.
 *
 * Not as it is published: the main package asks for the addon of this platform only, since no other was built here, and
 * nothing is fetched: `decimal.js`, its one dependency, is packed from what is installed.
 */
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tool } from '../../scripts/layout.mjs'
import { DEMO_TAPE, Desk, ROOT } from './cli.test-kit.js'
import { npmIn, runIn, succeeded } from './npm.test-kit.js'

interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly napi: { readonly targets: readonly string[] }
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux-gnu', darwin: 'darwin', win32: 'windows-msvc' }
const BINDINGS = join(ROOT, 'bindings')

const desk = new Desk()
const [published, tarballs, home] = [desk.path('published'), desk.path('tarballs'), desk.path('home')]
const offline = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', `--cache=${desk.path('npm-cache')}`]

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function isHere(target: string): boolean {
  const [processor = '?', system = '?'] = [ARCHITECTURES[process.arch], SYSTEMS[process.platform]]
  return target.startsWith(processor) && target.endsWith(system)
}

/** What the build made, laid out as in the workflow that publishes it. */
function layOut(): void {
  mkdirSync(join(published, 'artifacts'), { recursive: true })
  for (const name of ['dist', 'index.js', 'index.d.ts', 'LICENSE']) {
    cpSync(join(BINDINGS, name), join(published, name), { recursive: true })
  }
  for (const name of readdirSync(BINDINGS).filter((name) => name.endsWith('.node'))) {
    copyFileSync(join(BINDINGS, name), join(published, 'artifacts', name))
  }
  const manifest = manifestOf(BINDINGS)
  const targets = manifest.napi.targets.filter(isHere)
  if (targets.length !== 1) throw new Error(`no package is published for ${process.platform}-${process.arch}`)
  writeFileSync(join(published, 'package.json'), JSON.stringify({ ...manifest, napi: { ...manifest.napi, targets } }))
}

/** One package of the platform and the main one, as tarballs. */
function pack(): void {
  const napi = (...args: string[]) => succeeded(runIn(published, process.execPath, [tool.napi, ...args]))
  napi('create-npm-dirs')
  napi('artifacts', '--output-dir', 'artifacts', '--npm-dir', 'npm')
  napi('pre-publish', '--tag-style', 'npm', '--skip-optional-publish', '--no-gh-release')
  mkdirSync(tarballs)
  const platforms = readdirSync(join(published, 'npm')).map((name) => join(published, 'npm', name))
  const needed = Object.keys(manifestOf(BINDINGS).dependencies).map((name) => join(ROOT, 'node_modules', name))
  for (const folder of [published, ...platforms, ...needed]) {
    succeeded(npmIn(folder, ['pack', '--silent', '--pack-destination', tarballs]))
  }
}

function install(): void {
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'home', private: true, type: 'module' }))
  const paths = readdirSync(tarballs).map((name) => join(tarballs, name))
  succeeded(npmIn(home, ['install', ...offline, ...paths]))
}

beforeAll(() => {
  layOut()
  pack()
  install()
})
afterAll(() => desk.remove())

const BAR = {
  openUs: 60_000_000,
  closeUs: 120_000_000,
  openTicks: 618_000,
  highTicks: 618_010,
  lowTicks: 618_000,
  closeTicks: 618_010,
  volumeLots: 7,
  trades: 2,
  notionalTickLots: 5 * 618_000 + 2 * 618_010,
  vwapTicks: (5 * 618_000 + 2 * 618_010) / 7,
}
/** 0.01 BTC bought at 60 000.1 for a fee of 5 bps. */
const ACCOUNT = expect.objectContaining({
  position_lots: '10',
  basis_tick_lots: '6000010',
  fees: '0.3000005',
  fills: 1,
})

describe('the packed @tickwright/native outside of this repository', () => {
  it('asks for the addon of its platform in its own version, and carries none', () => {
    const { version, optionalDependencies } = manifestOf(join(home, 'node_modules/@tickwright/native'))
    expect(Object.values(optionalDependencies)).toEqual([version])
    const [addon = ''] = Object.keys(optionalDependencies)
    expect(readdirSync(join(home, 'node_modules', addon)).filter((name) => name.endsWith('.node'))).toHaveLength(1)
    const main = readdirSync(join(home, 'node_modules/@tickwright/native'))
    expect(main.sort()).toEqual(['LICENSE', 'dist', 'index.d.ts', 'index.js', 'package.json'])
  })

  it('has types under which a strict program compiles, its own declarations checked', () => {
    copyFileSync(join(ROOT, 'tests/e2e/native-alone/program.ts'), join(home, 'program.ts'))
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022', 'esnext.disposable'],
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node'],
    }
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    expect(runIn(home, process.execPath, [tool.tsc, '-p', home])).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  it('gives book, indicators, bars, paper venue, engine and tapes, singly and by batch', () => {
    copyFileSync(DEMO_TAPE, join(home, 'market.tape.parquet'))
    const { stdout } = succeeded(runIn(home, process.execPath, ['program.js', 'market.tape.parquet']))
    const top = [600_000, 5, 600_001, 50, 1]
    expect(JSON.parse(stdout)).toEqual({
      book: [top, top],
      ema: [61_802.5, 61_802.5],
      atr: [15, 15],
      bars: [[BAR], [BAR]],
      venue: {
        kinds: [
          ['accepted', 0, 10, false],
          ['fill', 600_001, 10, false],
        ],
        account: ACCOUNT,
      },
      engine: { records: 4, account: ACCOUNT },
      tape: { said: 466_348, read: 466_348, counted: 466_348, first: 'quote' },
    })
  })

  it('says what is missing where the package of the platform is not installed', () => {
    const { optionalDependencies } = manifestOf(join(home, 'node_modules/@tickwright/native'))
    const [addon = ''] = Object.keys(optionalDependencies)
    rmSync(join(home, 'node_modules', addon), { recursive: true })
    const { status, stderr } = runIn(home, process.execPath, ['program.js', 'market.tape.parquet'])
    expect(status).toBe(1)
    expect(stderr).toContain('E_UNSUPPORTED_PLATFORM')
    expect(stderr).toContain(`${process.platform}-${process.arch}`)
  })
})
