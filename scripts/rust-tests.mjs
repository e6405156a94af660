/** Runs the Rust tests and doctests of the workspace, shows them as they go and writes their report. */
import { CargoTestOutput, prefixesOf } from './cargo-test-output.mjs'
import { ROOT } from './layout.mjs'
import { eachLine, outputOf, run } from './process.mjs'
import { dropReport, writeReport } from './report.mjs'

const PROGRAMS = ['test', '--workspace', '--no-fail-fast']

/** Returns the tests; throws where the code does not compile. */
export async function runRustTests() {
  dropReport('rust')
  // Compiled apart from the run: errors and progress reach the terminal as they are.
  await run('cargo', [...PROGRAMS, '--no-run'], { cwd: ROOT, quiet: true })
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
