/**
 * The one form of every runner's result: `target/test-reports/RUNNER.json` with
 * `{ runner, tests: [{ id, status: 'passed' | 'failed' | 'skipped', reason? }] }`.
 * `docs/requirements.md` names its proofs by `id`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPORTS } from './layout.mjs'

export function writeReport(runner, tests, folder = REPORTS) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${runner}.json`), `${JSON.stringify({ runner, tests }, null, 1)}\n`)
}

/** Forgets an earlier run: what is proved must be proved by this one. */
export function dropReport(runner, folder = REPORTS) {
  rmSync(join(folder, `${runner}.json`), { force: true })
}

/** Every test of every report there is. */
export function readReports(folder = REPORTS) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.flatMap((name) => {
    const { runner, tests } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    return tests.map((test) => ({ runner, ...test }))
  })
}

export function countOf(tests) {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const { status } of tests) count[status] += 1
  return count
}

/** The closing line of a run: `12 passed, 0 failed, 1 skipped`. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
