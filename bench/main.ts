/** Entry of `npm run bench`. */
import { TickwrightError } from '../ts/src/domain/index.js'
import { describeMachine } from './machine.js'
import { HELP, type Options, parseOptions } from './options.js'
import { allRows } from './rows/all.js'
import type { Row } from './rows/row.js'
import { formatTable } from './table.js'

const PASSED = 0
const FAILED = 1
const CALLED_WRONGLY = 2

async function main(args: readonly string[]): Promise<number> {
  let options: Options
  try {
    options = parseOptions(args)
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}; see --help\n`)
    return CALLED_WRONGLY
  }
  if (options.help) process.stdout.write(HELP)
  else if (options.single !== undefined) await printSingle(options)
  else return table(options)
  return PASSED
}

async function table({ quick, json }: Options): Promise<number> {
  const machine = describeMachine(new Date())
  const started = performance.now()
  const rows = await allRows(quick, (what) => {
    process.stderr.write(`bench: ${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what}\n`)
  })
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else process.stdout.write(`${formatTable(rows, process.stdout.isTTY)}\n\n${summary(rows)}\n${machine}\n`)
  return rows.some(({ verdict }) => verdict === 'fail') ? FAILED : PASSED
}

function summary(rows: readonly Row[]): string {
  const count = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length
  return `${count('goal')} rows at their goal, ${count('floor')} above the floor, ${count('fail')} failed, ${count('skipped')} skipped`
}

async function printSingle({ single, json }: Options): Promise<void> {
  // Only this way needs tapes.
  const { runSingle } = await import('./single.js')
  const report = runSingle(single!)
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else for (const [key, value] of Object.entries(report)) process.stdout.write(`${key.padEnd(14)} ${value}\n`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`bench: ${describe(error)}\n`)
  process.exitCode = FAILED
}

/** What is the caller's to mend in one line with its code, what is ours with its stack. */
function describe(error: unknown): string {
  if (error instanceof TickwrightError && error.code !== 'E_INTERNAL') return `${error.message} (${error.code})`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
