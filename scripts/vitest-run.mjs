/** Runs Vitest projects, shows them as they go and reads back their report. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPORTS, ROOT, tool } from './layout.mjs'
import { exitCodeOf } from './process.mjs'
import { dropReport } from './report.mjs'

/** Returns the tests of `projects`; `filters` narrow the files. The report is `target/test-reports/REPORT.json`. */
export async function runVitest(report, projects, filters = [], { node = [process.execPath] } = {}) {
  dropReport(report)
  const reporters = ['--reporter=default', `--reporter=${join(ROOT, 'scripts', 'vitest-report.mjs')}`]
  const chosen = projects.map((project) => `--project=${project}`)
  const [command, ...first] = node
  const args = [...first, tool.vitest, 'run', ...chosen, ...reporters, '--passWithNoTests', ...filters]
  const code = await exitCodeOf(command, args, { cwd: ROOT, env: { TICKWRIGHT_REPORT: report } })
  const path = join(REPORTS, `${report}.json`)
  const tests = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).tests : []
  if (code !== 0 && !tests.some(({ status }) => status === 'failed')) {
    tests.push({ id: `vitest ${report}`, status: 'failed', reason: `vitest ended with ${code}, see its output` })
  }
  return tests
}
