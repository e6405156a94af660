import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { judge, parseRequirements } from '../../scripts/requirements.mjs'
import { callViolations, manifestViolations, unsafeViolations } from './crates.js'
import { errorCodeViolations } from './error-codes.js'
import { layerViolations } from './layers.js'
import { lengthViolations } from './lengths.js'
import { linkViolations } from './links.js'
import { lockFileViolations } from './lock-files.js'
import { ledgerViolations, moneyViolations } from './money.js'
import { purityViolations } from './purity.js'
import { topLevelViolations } from './top-level.js'
import type { Violation } from './tree.js'
import { wordViolations } from './words.js'

const trees: string[] = []

/** A repository of these files, which lives until the test is over. */
function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'tidy-'))
  trees.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

afterEach(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true })
})

/** One broken file a case: the rule names that file, and the same rule is silent on the mended one. */
const CASES: readonly {
  readonly what: string
  readonly rule: (root: string) => Violation[]
  readonly path: string
  readonly broken: string
  readonly mended: string
}[] = [
  {
    what: 'a domain that imports a package',
    rule: layerViolations,
    path: 'ts/src/domain/order.ts',
    broken: "import { z } from 'zod'\n",
    mended: "import { Side } from './side.js'\n",
  },
  {
    what: 'a controller that imports the engine, as a type',
    rule: layerViolations,
    path: 'ts/src/controllers/maker.ts',
    broken: "import type { Engine } from '../engine/index.js'\n",
    mended: "import type { Frame } from '../domain/index.js'\n",
  },
  {
    what: 'an import that is made while running',
    rule: layerViolations,
    path: 'ts/src/engine/door.ts',
    broken: "export const late = () => import('../cli/main.js')\n",
    mended: "export const late = () => import('../domain/index.js')\n",
  },
  {
    what: 'the addon imported beside the façade',
    rule: layerViolations,
    path: 'ts/src/backtest/run.ts',
    broken: "export { step } from '@tickwright/native/addon'\n",
    mended: "export { step } from '../engine/index.js'\n",
  },
  {
    what: 'a folder that is in no layer',
    rule: layerViolations,
    path: 'ts/src/stuff/a.ts',
    broken: 'export const a = 1\n',
    mended: '',
  },
  {
    what: 'a controller that reads the clock',
    rule: purityViolations,
    path: 'ts/src/controllers/maker.ts',
    broken: 'export const now = () => Date.now()\n',
    mended: 'export const now = (frame: { tsUs: number }) => frame.tsUs // not Date.now\n',
  },
  {
    what: 'a controller that draws unseeded randomness',
    rule: purityViolations,
    path: 'ts/src/controllers/maker.ts',
    broken: 'export const coin = () => Math.random() < 0.5\n',
    mended: 'export const coin = (n: number) => n % 2 === 0\n',
  },
  {
    what: 'a book that depends on the paper venue',
    rule: manifestViolations,
    path: 'crates/book/Cargo.toml',
    broken: '[dependencies]\ntickwright-paper.workspace = true\n',
    mended:
      '[dependencies]\ntickwright-types.workspace = true\n[dev-dependencies]\ntickwright-paper.workspace = true\n',
  },
  {
    what: 'a crate that knows napi',
    rule: manifestViolations,
    path: 'crates/engine/Cargo.toml',
    broken: '[dependencies.napi]\nworkspace = true\n',
    mended: '[dependencies.tickwright-book]\nworkspace = true\n',
  },
  {
    what: 'a crate that reads the clock',
    rule: callViolations,
    path: 'crates/engine/src/lib.rs',
    broken: 'fn now() -> Instant { Instant::now() }\n',
    mended: 'fn now(ts_ns: i64) -> i64 { ts_ns }\n#[cfg(test)]\nmod tests {\n    fn t() { Instant::now(); }\n}\n',
  },
  {
    what: 'a book that opens files',
    rule: callViolations,
    path: 'crates/book/src/lib.rs',
    broken: 'use std::fs;\n',
    mended: '// never std::fs\n',
  },
  {
    what: 'unsafe code without its reason',
    rule: unsafeViolations,
    path: 'crates/book/src/lib.rs',
    broken: 'fn read(p: *const u8) -> u8 {\n    unsafe { *p }\n}\n',
    mended: 'fn read(p: *const u8) -> u8 {\n    // SAFETY: the caller owns it.\n    unsafe { *p }\n}\n',
  },
  {
    what: 'a file of 301 lines',
    rule: (root) => lengthViolations(root, {}),
    path: 'ts/src/engine/long.ts',
    broken: 'export {}\n'.repeat(301),
    mended: 'export {}\n'.repeat(300),
  },
  {
    what: 'unfinished work',
    rule: wordViolations,
    path: 'docs/page.md',
    broken: `${'TO'}DO: write\n`,
    mended: 'A method.\n',
  },
  {
    what: 'a test that never runs',
    rule: wordViolations,
    path: 'ts/src/engine/a.test.ts',
    broken: "it.skip('is asleep', () => {})\n",
    mended: "it.skipIf(noData)('is awake', () => {})\n",
  },
  {
    what: 'a focused test',
    rule: wordViolations,
    path: 'ts/src/engine/a.test.ts',
    broken: "describe.only('alone', () => {})\n",
    mended: "describe('among others', () => {})\n",
  },
  {
    what: 'an ignored Rust test',
    rule: wordViolations,
    path: 'crates/book/src/lib.rs',
    broken: '#[test]\n#[ignore = "slow"]\nfn t() {}\n',
    mended: '#[test]\nfn t() {}\n',
  },
  {
    what: 'a path of one machine',
    rule: wordViolations,
    path: 'config/demo.yaml',
    broken: 'tapes: [/root/demo.tape.parquet]\n',
    mended: 'tapes: [demo.tape.parquet]\n',
  },
  {
    what: 'a file name that says nothing',
    rule: wordViolations,
    path: 'ts/src/engine/utils.ts',
    broken: 'export {}\n',
    mended: '',
  },
  {
    what: 'floating-point money',
    rule: moneyViolations,
    path: 'crates/paper/src/account/fee.rs',
    broken: 'fn fee(value: f64) -> f64 { value * 0.0002 }\n',
    mended: 'fn to_f64(self) -> f64 { self.0 as f64 }\n',
  },
  {
    what: 'a ledger that leans on the engine',
    rule: ledgerViolations,
    path: 'ts/src/backtest/ledger.ts',
    broken: "import { Engine } from '../engine/index.js'\n",
    mended: "import { Decimal } from 'decimal.js'\n",
  },
  {
    what: 'a dead link',
    rule: linkViolations,
    path: 'docs/page.md',
    broken: '[there](nowhere.md)\n',
    mended: '# A title: here\n\n[there](#a-title-here), `[code](nowhere.md)`\n',
  },
  {
    what: 'an error code without its row in the table',
    rule: errorCodeViolations,
    path: 'crates/book/src/error.rs',
    broken: 'fn code() -> &\'static str { "E_NEW" }\n',
    mended: '/// Never `"E_NEW"`.\nfn code() {}\n',
  },
  {
    what: 'a code in the table that nothing raises',
    rule: errorCodeViolations,
    path: 'ts/src/domain/errors.ts',
    broken: "export const ERROR_CODES = {\n  E_OLD: 'Nobody says it.',\n}\n",
    mended: 'export const ERROR_CODES = {\n}\n',
  },
]

describe('the tidy rules find what is broken and let pass what is mended', () => {
  it.each(CASES.map((broken) => [broken.what, broken] as const))('%s', (_what, { rule, path, broken, mended }) => {
    const found = rule(tree({ [path]: broken }))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(path)
    expect(rule(tree(mended === '' ? {} : { [path]: mended }))).toEqual([])
  })

  it('a mirror in a lock file, a missing hash and a loose version', () => {
    const packages = {
      '': {},
      'node_modules/a': { resolved: 'https://mirror.example/a.tgz', integrity: 'sha512-x' },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { resolved: 'https://registry.npmjs.org/c.tgz', integrity: 'sha512-x' },
    }
    const root = tree({
      'package-lock.json': JSON.stringify({ packages }),
      'package.json': JSON.stringify({ dependencies: { a: '^1.0.0', c: '1.0.0' } }),
      'Cargo.lock': 'source = "registry+https://mirror.example/index"\n',
      'bench/peers/python/bars.txt': '# Pins.\nnumpy==2.4.6\npandas>=3\n',
    })
    expect(lockFileViolations(root)).toEqual([
      'package-lock.json: node_modules/a comes from https://mirror.example/a.tgz',
      'package-lock.json: node_modules/b has no integrity hash',
      'Cargo.lock: a crate comes from registry+https://mirror.example/index',
      'bench/peers/python/bars.txt: pandas>=3 pins no exact version',
      'package.json: a is ^1.0.0: pin an exact version',
    ])
  })

  it('a folder that the code map does not name, and one that it names and is not there', () => {
    const page = (...names: string[]): string =>
      `## Code map\n\n| folder | what |\n${names.map((name) => `| \`${name}\` | x |`).join('\n')}\n\n## Later\n\n| \`no\` |\n`
    const files = { 'crates/book/lib.rs': '', 'crates/tape/lib.rs': '', 'ci/run': '' }
    const mapped = (...names: string[]): Violation[] =>
      topLevelViolations(tree({ ...files, 'docs/architecture.md': page(...names) }))
    expect(mapped('ci', 'docs', 'crates/book', 'crates/tape')).toEqual([])
    expect(mapped('docs', 'crates/book', 'crates/old', 'bin')).toEqual([
      'ci: is not in the code map of docs/architecture.md',
      'docs/architecture.md: the code map names bin, which is not there',
      'docs/architecture.md: the code map names crates/old, which is not there',
      'crates/tape: is not in the code map of docs/architecture.md',
    ])
    expect(topLevelViolations(tree({ 'docs/architecture.md': '# No map\n' }))).toHaveLength(1)
  })
})

describe('a requirement holds only by tests that passed in this run', () => {
  const tests = [
    { runner: 'rust', id: 'book::model::equals_the_model', status: 'passed' },
    { runner: 'rust', id: 'book::model::of_a_recording', status: 'skipped', reason: 'no recordings' },
    { runner: 'ts', id: 'ts/src/a.test.ts > a suite > works', status: 'passed' },
    { runner: 'ts', id: 'ts/src/a.test.ts > a suite > breaks', status: 'failed' },
  ]
  const page = (state: string, proofs: string): string =>
    `| row | state | what | proofs |\n| ENG-1 | ${state} | one line | ${proofs} |\n`
  const verdict = (state: string, proofs: string): { status: string; reason?: string } => {
    const [row] = parseRequirements(page(state, proofs))
    return judge(row!, tests, ['rust', 'ts'])
  }

  it.each([
    ['open', '', 'skipped', 'open: not yet built'],
    ['holds', '', 'failed', 'ENG-1 holds without a proof: name a test'],
    ['holds', '`book::model::equals_the_model` `ts/src/a.test.ts > a suite > works`', 'passed', undefined],
    ['holds', '`book::model::equals`', 'failed', 'book::model::equals: no such test in this run'],
    ['holds', '`book::model`', 'skipped', 'book::model: no recordings'],
    [
      'holds',
      '`ts/src/a.test.ts > a suite`',
      'failed',
      'ts/src/a.test.ts > a suite: failed: ts/src/a.test.ts > a suite > breaks',
    ],
    ['holds', '`bench > W2`', 'skipped', 'bench > W2: proved by `npm run bench`'],
  ])('%s with %s is %s', (state, proofs, status, reason) => {
    expect(verdict(state, proofs)).toEqual(reason === undefined ? { status } : { status, reason })
  })

  it('a state that is neither holds nor open is an error', () => {
    expect(() => parseRequirements(page('done', ''))).toThrow('row ENG-1: state is "done", allowed are holds and open')
  })
})
