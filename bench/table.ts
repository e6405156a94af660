import type { Row, Verdict } from './rows/row.js'

const COLOURS: Record<Verdict, string> = { fail: '31', floor: '33', goal: '32', skipped: '2' }
const HEAD = ['', 'first run', 'figure', 'best', 'floor', 'goal', 'unit', '× plain JS', 'verdict'] as const

/** The rows as aligned text; colours only where they are wanted. */
export function formatTable(rows: readonly Row[], colours: boolean): string {
  const lines = [HEAD, ...rows.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const text = lines.map((line) =>
    line
      .map((cell, column) => pad(cell, widths[column]!, column))
      .join('  ')
      .trimEnd(),
  )
  return text.map((line, n) => paint(line, rows[n - 1], colours)).join('\n')
}

function cells(row: Row): readonly string[] {
  const { name, first, figure, best, floor, goal, unit, ratio, verdict, reason } = row
  const judged = reason === undefined ? verdict : `${verdict}: ${reason}`
  return [name, number(first), number(figure), number(best), number(floor), number(goal), unit, number(ratio), judged]
}

/** Names, units and verdicts to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 || column === 6 || column === 8 ? cell.padEnd(width) : cell.padStart(width)
}

function paint(line: string, row: Row | undefined, colours: boolean): string {
  if (!colours || row === undefined) return line
  return `\u001b[${COLOURS[row.verdict]}m${line}\u001b[0m`
}

/** Three figures that say something: 1 234 567, 123, 12.3, 0.12. */
export function number(value: number | null): string {
  if (value === null) return '–'
  if (Math.abs(value) >= 1000)
    return Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, ' ')
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return value.toFixed(0)
  return value.toFixed(Math.abs(value) >= 1 ? 1 : 2)
}
