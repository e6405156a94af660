#!/usr/bin/env node
/**
 * `npm test`: sets up what is missing, then runs the Rust tests, the TypeScript tests and last the tidy tests, which read
 * the reports of the others. Ends with one line, `N passed, N failed, N skipped`. `npm test -- ts/src/engine` runs
 * TypeScript test files whose path contains the word, and nothing else.
 */
import { runRustTests } from './rust-tests.mjs'
import { setup } from './setup.mjs'
import { finish } from './steps.mjs'
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

try {
  finish(await main(process.argv.slice(2)))
} catch (error) {
  finish([{ id: 'npm test', status: 'failed', reason: error.message }])
}
