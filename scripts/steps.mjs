/** Runs named steps one after another, says how each went and how long it took, and goes on after one that failed. */
import { closingLine, countOf } from './report.mjs'

/** What a step throws where it cannot run here: it counts as skipped and the reason is printed. */
export class NotHere extends Error {}

/**
 * `steps` are `{ name, run }`; `run` throws or resolves with nothing, or with tests to be counted in the step's place.
 * Returns the tests, a step being one with the id `RUNNER > NAME`.
 */
export async function runSteps(runner, steps) {
  const tests = []
  for (const step of steps) tests.push(...(await runStep(runner, step)))
  return tests
}

async function runStep(runner, { name, run }) {
  const id = `${runner} > ${name}`
  const startedMs = Date.now()
  process.stdout.write(`\n── ${name}\n`)
  const say = (text) =>
    process.stdout.write(`── ${name}: ${text} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)\n`)
  try {
    const tests = (await run()) ?? [{ id, status: 'passed' }]
    say(tests.some(({ status }) => status === 'failed') ? 'failed' : 'passed')
    return tests
  } catch (error) {
    const status = error instanceof NotHere ? 'skipped' : 'failed'
    say(`${status}: ${error.message}`)
    return [{ id, status, reason: error.message }]
  }
}

/** Prints what failed or was skipped and the closing line; sets the exit code. */
export function finish(tests) {
  process.stdout.write('\n')
  for (const { id, status, reason } of tests) {
    if (status !== 'passed') process.stdout.write(`${status}: ${id}${reason ? `: ${reason}` : ''}\n`)
  }
  process.stdout.write(`${closingLine(countOf(tests))}\n`)
  if (tests.some(({ status }) => status === 'failed')) process.exitCode = 1
}
