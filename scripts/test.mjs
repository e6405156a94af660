#!/usr/bin/env node
/**
 * `npm test`: sets up what is missing, then runs the Rust tests, the TypeScript tests and last the tidy tests, which read
 * the reports of the others. Ends with one line, `N passed, N failed, N skipped`. `npm test -- ts/src/engine` runs
 * TypeScript test files whose path contains the word, and nothing else.
 */
import { closingLine, countOf } from './report.mjs'
import { runRustTests } from './rust-tests.mjs'
import { setup } from './setup.mjs'
import { runVitest } from './vitest-run.mjs'

async function main(filters) {
  await setup()
  const tests = []
  if (filters.length > 0) {
    tests.push(...(await runVitest('ts', ['ts', 'tests'], filters)))
  } else {
    tests.push(...(await runRustTests()))
    tests.push(...(await runVitest('ts', ['ts', 'tests'])))
    tests.push(...(await runVitest('tidy', ['tidy'])))
  }
  return tests
}

function report(tests) {
  const skipped = tests.filter(({ status }) => status === 'skipped')
  const failed = tests.filter(({ status }) => status === 'failed')
  for (const { id, reason } of skipped) process.stdout.write(`skipped: ${id}: ${reason}\n`)
  for (const { id, reason } of failed) process.stdout.write(`failed: ${id}${reason ? `: ${reason}` : ''}\n`)
  process.stdout.write(`${closingLine(countOf(tests))}\n`)
  return failed.length === 0
}

try {
  if (!report(await main(process.argv.slice(2)))) process.exitCode = 1
} catch (error) {
  process.stderr.write(`npm test: ${error.message}\n`)
  process.stdout.write('0 passed, 1 failed, 0 skipped\n')
  process.exitCode = 1
}
