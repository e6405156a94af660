#!/usr/bin/env node
/**
 * All that CI runs, in the order in which a failure is cheapest to find. A step that fails does not stop the others.
 * The README's two commands are run as they are: on a new clone `npm start` sets up everything.
 * Ends with one line, `N passed, N failed, N skipped`, over steps and tests.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runQuickBench } from './bench-rows.mjs'
import { CHECK_STEPS, DRIFT_STEP } from './check-steps.mjs'
import { runExamples } from './examples.mjs'
import { runFuzzTargets } from './fuzz.mjs'
import { ROOT } from './layout.mjs'
import { runOnNodeLts } from './other-node.mjs'
import { npm, outputOf, run } from './process.mjs'
import { dropReport, readReports } from './report.mjs'
import { proveRequirements } from './requirements.mjs'
import { finish, runSteps } from './steps.mjs'

const RUNNERS = ['rust', 'ts', 'tidy', 'node-lts', 'examples', 'bench', 'fuzz']

async function showToolchain() {
  const cargo = await outputOf('cargo', ['--version'])
  const rustc = await outputOf('rustc', ['--version'])
  if (!cargo || !rustc) throw new Error('Rust is not installed: see https://rustup.rs')
  process.stdout.write(`Node ${process.version}, ${cargo.trim()}, ${rustc.trim()}\n`)
  process.stdout.write(`recordings: ${process.env.TICKWRIGHT_TEST_DATA ?? 'TICKWRIGHT_TEST_DATA is not set'}\n`)
  const built = ['node_modules', 'dist', 'target'].filter((name) => existsSync(join(ROOT, name)))
  process.stdout.write(`built before: ${built.join(', ') || 'nothing, this clone is new'}\n`)
}

/** The README's own commands; what they ran is read from the reports they leave. */
async function readmeCommand(runners, ...words) {
  const [command, args] = npm(words)
  let failure
  try {
    await run(command, args, { cwd: ROOT })
  } catch (error) {
    failure = error
  }
  const tests = readReports().filter(({ runner }) => runners.includes(runner))
  if (failure && !tests.some(({ status }) => status === 'failed')) throw failure
  return tests.length > 0 ? tests : undefined
}

const STEPS = [
  { name: 'toolchain', run: showToolchain },
  { name: 'npm start', run: () => readmeCommand([], 'start') },
  DRIFT_STEP,
  ...CHECK_STEPS,
  { name: 'npm test', run: () => readmeCommand(['rust', 'ts', 'tidy'], 'test') },
  { name: 'examples', run: runExamples },
  { name: 'npm run bench -- --quick', run: runQuickBench },
  { name: 'façade on Node LTS', run: runOnNodeLts },
  { name: 'fuzz', run: () => runFuzzTargets() },
  { name: 'requirements are proved', run: () => proveRequirements({ ran: RUNNERS }) },
]

for (const runner of RUNNERS) dropReport(runner)
finish(await runSteps('ready', STEPS))
