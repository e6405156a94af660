/** Runs the quick bench and takes each of its rows as one test: a row below its floor is one that failed. */
import { ROOT } from './layout.mjs'
import { capture, npm } from './process.mjs'
import { dropReport, writeReport } from './report.mjs'

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
  if (code !== 0 && !tests.some(({ status }) => status === 'failed')) {
    tests.push({ id: 'bench > (whole run)', status: 'failed', reason: `ended with ${code}` })
  }
  writeReport('bench', tests)
  return tests
}

function testOf(row) {
  const test = { id: `bench > ${row.name}`, status: STATUS[row.verdict] ?? 'failed' }
  return test.status === 'passed' ? test : { ...test, reason: row.reason ?? lineOf(row) }
}

function lineOf({ name, figure, unit, floor, goal, verdict }) {
  return `${verdict.padEnd(8)} ${name}: ${figure ?? '–'} ${unit} (floor ${floor ?? '–'}, goal ${goal ?? '–'})`
}
