/** Runs the Rust tests and doctests of the workspace, shows them as they go and writes their report. */
import { CargoTestOutput, prefixesOf } from './cargo-test-output.mjs'
import { ROOT } from './layout.mjs'
import { eachLine, exitCodeOf, outputOf } from './process.mjs'
import { dropReport, writeReport } from './report.mjs'

const PROGRAMS = ['test', '--workspace', '--no-fail-fast']

/** Returns the tests; code that does not compile is one that failed. */
export async function runRustTests() {
  dropReport('rust')
  // Compiled apart from the run: errors and progress reach the terminal as they are.
  const compiled = await exitCodeOf('cargo', [...PROGRAMS, '--no-run'], { cwd: ROOT, quiet: true })
  if (compiled !== 0) return [{ id: 'cargo test --no-run', status: 'failed', reason: 'it does not compile' }]
  const built = await outputOf('cargo', [...PROGRAMS, '--no-run', '--message-format=json'], { cwd: ROOT })
  const output = new CargoTestOutput(prefixesOf((built ?? '').split('\n')))
  const show = (text) => {
    if (output.line(text)) process.stdout.write(`${text}\n`)
  }
  const code = await eachLine('cargo', [...PROGRAMS, '--', '--show-output'], show, { cwd: ROOT })
  const { tests } = output
  if (code !== 0 && !tests.some(({ status }) => status === 'failed')) {
    tests.push({ id: 'cargo test', status: 'failed', reason: `cargo test ended with ${code}, see its output` })
  }
  writeReport('rust', tests)
  return tests
}
