/** A Vitest reporter that writes `target/test-reports/NAME.json`; ids are `file > suite > case`. */
import { relative } from 'node:path'
import { ROOT } from './layout.mjs'
import { writeReport } from './report.mjs'

export default class Report {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = [...modules.flatMap(testsOf), ...unhandledErrors.map(strayError)]
    writeReport(process.env.TICKWRIGHT_REPORT ?? 'ts', tests)
  }
}

function testsOf(module) {
  const file = relative(ROOT, module.moduleId).replaceAll('\\', '/')
  const tests = [...module.children.allTests()].map((test) => {
    const { state, note } = test.result()
    const id = `${file} > ${test.fullName}`
    if (state === 'passed') return { id, status: 'passed' }
    if (state === 'skipped')
      return { id, status: 'skipped', reason: note ?? 'what it needs is not set, see its condition' }
    return { id, status: 'failed' }
  })
  // A file that could not be loaded has no tests, and an error outside of them is in none.
  if (module.state() === 'failed' && !tests.some(({ status }) => status === 'failed')) {
    tests.push({ id: `${file} > (whole file)`, status: 'failed', reason: module.errors()[0]?.message })
  }
  return tests
}

function strayError(error) {
  return { id: `(outside of any test) ${error.message}`, status: 'failed', reason: error.message }
}
