import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readReports } from '../../scripts/report.mjs'
import { judge, parseRequirements } from '../../scripts/requirements.mjs'
import { ROOT } from './root.js'

/** Every row that this repository promises so far; a row that leaves the page must leave this list too. */
const ROWS = [
  ...Array.from({ length: 21 }, (_, n) => `ENG-${n + 1}`),
  ...['SPD-1', 'SPD-2', 'DEL-1', 'DEL-6', 'DEL-7', 'DEL-8'],
]

const rows = parseRequirements(readFileSync(join(ROOT, 'docs', 'requirements.md'), 'utf8'))
const tests = readReports()

describe('every requirement is proved by tests of this run', () => {
  it('the page has each row once', () => {
    expect(rows.map(({ row }) => row).sort()).toEqual([...ROWS].sort())
  })

  it.for(rows.map((row) => [row.row, row] as const))('%s is proved', ([, row], { skip }) => {
    const verdict = judge(row, tests, ['rust', 'ts'])
    if (verdict.status === 'skipped') skip(verdict.reason)
    expect(verdict).toEqual({ status: 'passed' })
  })
})
