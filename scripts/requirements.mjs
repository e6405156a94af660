#!/usr/bin/env node
/**
 * Proves `docs/requirements.md` from the test reports of a run. The page's own head explains its form.
 * The tidy tests call this with what `npm test` ran; the gate calls it once more with everything.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './layout.mjs'
import { readReports } from './report.mjs'
import { finish } from './steps.mjs'

/** Proofs that are no test of `npm test`, by their first word, with the command that makes them. */
const ELSEWHERE = {
  bench: 'npm run bench',
  examples: 'node scripts/examples.mjs',
  fuzz: 'node scripts/fuzz.mjs',
  // Part of `npm test`, but this page is judged while they run.
  tidy: 'npm run ready',
}

/**
 * The rows of the page.
 * @param {string} page
 * @returns {{ row: string, state: 'holds' | 'open', promise: string, proofs: string[] }[]}
 */
export function parseRequirements(page) {
  const lines = page.split('\n').filter((line) => /^\| [A-Z]+-\d+/.test(line))
  return lines.map((line) => {
    const [row = '', state = '', promise = '', proofs = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim())
    if (state !== 'holds' && state !== 'open')
      throw new Error(`row ${row}: state is "${state}", allowed are holds and open`)
    return { row, state, promise, proofs: [...proofs.matchAll(/`([^`]+)`/g)].map((match) => match[1]) }
  })
}

/**
 * What became of one row. A proof of a runner that is not among `ran` is not missing but made elsewhere.
 * @param {{ row: string, state: string, proofs: string[] }} requirement
 * @param {{ runner: string, id: string, status: string, reason?: string }[]} tests
 * @param {string[]} ran
 * @returns {{ status: 'passed' | 'failed' | 'skipped', reason?: string }}
 */
export function judge({ row, state, proofs }, tests, ran) {
  if (state === 'open') return { status: 'skipped', reason: 'open: not yet built' }
  if (proofs.length === 0) return { status: 'failed', reason: `${row} holds without a proof: name a test` }
  const verdicts = proofs.map((proof) => ({ proof, ...judgeProof(proof, tests, ran) }))
  const worst =
    verdicts.find(({ status }) => status === 'failed') ?? verdicts.find(({ status }) => status === 'skipped')
  return worst ? { status: worst.status, reason: `${worst.proof}: ${worst.reason}` } : { status: 'passed' }
}

function judgeProof(proof, tests, ran) {
  const runner = runnerOf(proof)
  if (!ran.includes(runner)) return { status: 'skipped', reason: `proved by \`${ELSEWHERE[runner] ?? 'npm test'}\`` }
  const named = tests.filter((test) => test.runner === runner && isUnder(test.id, proof))
  if (named.length === 0) return { status: 'failed', reason: 'no such test in this run' }
  const failed = named.find(({ status }) => status === 'failed')
  if (failed) return { status: 'failed', reason: `failed: ${failed.id}` }
  const skipped = named.find(({ status }) => status === 'skipped')
  return skipped ? { status: 'skipped', reason: skipped.reason ?? 'skipped' } : { status: 'passed' }
}

function runnerOf(proof) {
  const first = proof.split(' > ')[0]
  if (first in ELSEWHERE) return first
  if (proof.startsWith('tests/tidy/')) return 'tidy'
  return /\.test\.ts\b/.test(proof) ? 'ts' : 'rust'
}

/** A proof is a whole id or the beginning of ids up to a border: a file, a suite, a module. */
function isUnder(id, proof) {
  return id === proof || id.startsWith(`${proof} > `) || id.startsWith(`${proof}::`)
}

/** One test a row of the page: `{ id, status, reason? }`. */
export function proveRequirements({ ran, root = ROOT, reports } = {}) {
  const rows = parseRequirements(readFileSync(join(root, 'docs', 'requirements.md'), 'utf8'))
  const tests = readReports(reports)
  return rows.map((row) => ({ id: `requirement ${row.row}`, ...judge(row, tests, ran) }))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const ran = [...new Set(readReports().map(({ runner }) => runner))]
  finish(proveRequirements({ ran }))
}
