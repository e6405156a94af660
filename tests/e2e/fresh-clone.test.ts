/**
 * The README's two commands in a clone of the last commit, as somebody meets them who has nothing but the repository.
 *
 * Two things that take minutes are not repeated but lent to the clone: the npm packages, which its set-up compares with
 * its lock file, and the addon, which its set-up takes only if it was made from the very sources of the clone. The gate
 * makes both from nothing where it runs on a new clone, and begins with `npm start`. Nor are all tests run twice: what
 * they need is committed, since git passes over nothing here but what is built.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_CONFIG, Desk, type Finished, ROOT } from './cli.test-kit.js'
import { npmIn, runIn, succeeded } from './npm.test-kit.js'

/** From what the lent parts are made. */
const LENT_FROM = ['package.json', 'package-lock.json', 'Cargo.toml', 'Cargo.lock', 'bindings', 'crates']
const BUILT =
  /^(?:node_modules|dist|target|runs|coverage|\.cache|bindings\/(?:dist|npm|artifacts)|fuzz\/(?:corpus|artifacts|target))\/$|^bindings\/[^/]+\.node$|\.tsbuildinfo$/

const desk = new Desk()
const clone = desk.path('clone')
const env = { TICKWRIGHT_CACHE: desk.path('cache') }
const git = (...args: string[]): Finished => runIn(ROOT, 'git', args)

/** Why a clone cannot be made or lent to. */
function whyNot(): string | undefined {
  if (!existsSync(join(ROOT, '.git'))) return 'this folder is no clone'
  const { status, stdout, stderr } = git('status', '--porcelain', '--', ...LENT_FROM)
  if (status !== 0) return `git does not read this folder: ${stderr.trim()}`
  return stdout === '' ? undefined : `what the addon and the packages are made from is not committed:\n${stdout}`
}

/** Links to the packages here, the workspaces' links as they are, and npm's record of them. */
function lendPackages(): void {
  const [from, to] = [join(ROOT, 'node_modules'), join(clone, 'node_modules')]
  mkdirSync(to)
  copyFileSync(join(from, '.package-lock.json'), join(to, '.package-lock.json'))
  for (const name of readdirSync(from).filter((name) => !name.startsWith('.') && name !== '@tickwright')) {
    symlinkSync(join(from, name), join(to, name), 'junction')
  }
  mkdirSync(join(to, '@tickwright'))
  symlinkSync(readlinkSync(join(from, '@tickwright', 'native')), join(to, '@tickwright', 'native'), 'junction')
}

function lendAddon(): void {
  const stamp = join('target', 'setup', 'addon.json')
  const { outputs } = JSON.parse(readFileSync(join(ROOT, stamp), 'utf8')) as { outputs: readonly string[] }
  mkdirSync(join(clone, 'target', 'setup'), { recursive: true })
  for (const file of [stamp, ...outputs.filter((path) => path.endsWith('.node'))]) {
    copyFileSync(join(ROOT, file), join(clone, file))
  }
}

/** What the set-up said that it does. */
const setUp = ({ stderr }: Finished): string[] => stderr.split('\n').filter((line) => line.startsWith('setup: '))
const resultOf = ({ stdout }: Finished): string | undefined => /^result +([0-9a-f]{64})$/m.exec(stdout)?.[1]
const COMPILES = ['setup: compiling TypeScript to dist/', 'setup: compiling TypeScript to bindings/dist/']

const reason = whyNot()

describe('a clone of the last commit', () => {
  beforeAll(() => {
    if (reason !== undefined) return
    succeeded(git('clone', '--quiet', '--depth', '1', pathToFileURL(ROOT).href, clone))
    lendPackages()
    lendAddon()
  })
  afterAll(() => desk.remove())

  it('lacks nothing that lies here but what is built', ({ skip }) => {
    if (reason !== undefined) skip(reason)
    const open = succeeded(git('status', '--porcelain')).stdout
    if (open !== '') skip(`not committed yet:\n${open}`)
    const args = ['ls-files', '--others', '--ignored', '--exclude-per-directory=.gitignore', '--directory']
    const ignored = succeeded(git(...args))
      .stdout.split('\n')
      .filter((path) => path !== '')
    expect(ignored.filter((path) => !BUILT.test(path))).toEqual([])
    expect(ignored).toContain('node_modules/')
  })

  it('`npm start` sets up and runs the demo, to the same result as here', ({ skip }) => {
    if (reason !== undefined) skip(reason)
    const started = succeeded(npmIn(clone, ['start'], env))
    expect(setUp(started)).toEqual(COMPILES)
    const here = desk.cli(['run', DEMO_CONFIG, '--out', desk.path('here')])
    expect(resultOf(started)).toMatch(/^[0-9a-f]{64}$/)
    expect(resultOf(started)).toBe(resultOf(here))
    expect(readdirSync(join(clone, 'runs', 'demo'))).toContain('fills.csv')
    expect(succeeded(runIn(clone, 'git', ['status', '--porcelain'])).stdout).toBe('')
  })

  it('a second `npm start` finds everything done and gives the same result', ({ skip }) => {
    if (reason !== undefined) skip(reason)
    const first = readFileSync(join(clone, 'runs', 'demo', 'summary.json'), 'utf8')
    const again = succeeded(npmIn(clone, ['start'], env))
    expect(setUp(again)).toEqual([])
    expect(resultOf(again)).toBe((JSON.parse(first) as { result_sha256: string }).result_sha256)
  })

  it('`npm test` sets up by itself and passes', ({ skip }) => {
    if (reason !== undefined) skip(reason)
    for (const made of ['dist', 'bindings/dist']) rmSync(join(clone, made), { recursive: true, force: true })
    const tested = succeeded(npmIn(clone, ['test', '--', 'tests/e2e/command-line', 'library/order-book'], env))
    expect(setUp(tested)).toEqual(COMPILES)
    expect(tested.stdout.trimEnd().split('\n').at(-1)).toMatch(/^[1-9]\d* passed, 0 failed, 0 skipped$/)
  })

  it('`npm test` says so and ends with another code than 0 where a test fails', ({ skip }) => {
    if (reason !== undefined) skip(reason)
    const broken = "import { expect, it } from 'vitest'\nit('fails', () => expect(1).toBe(2))\n"
    writeFileSync(join(clone, 'tests', 'e2e', 'broken.test.ts'), broken)
    const { status, stdout } = npmIn(clone, ['test', '--', 'tests/e2e/broken'], env)
    expect(status).toBe(1)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed, 0 skipped')
  })
})
