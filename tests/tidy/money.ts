/** No floating point where money is counted. */
import { codeOf, isTest, numberedLines, sourceFiles, type Violation, withoutRustTests } from './tree.js'

/** The files that count money, prices and sizes. */
const EXACT =
  /^crates\/(?:types\/src\/(?:money|decimal|instrument)|paper\/src\/(?:account|fills?|fees?|ledger))(?:\/.*)?\.rs$/
/** Functions that turn an exact value into a number for reading; nothing is counted on with it. */
const FOR_READING = /^(?:to_f64|avg_entry(?:_with_fees)?_ticks)$/

export function moneyViolations(root: string): Violation[] {
  const files = sourceFiles(root, (path) => EXACT.test(path) && !isTest(path))
  return files.flatMap(({ path, text }) => {
    let current = ''
    return numberedLines(withoutRustTests(text)).flatMap(({ line, number }) => {
      const code = codeOf(line)
      current = /\bfn (\w+)/.exec(code)?.[1] ?? current
      if (!/\bf(?:32|64)\b/.test(code) || FOR_READING.test(current)) return []
      return [`${path}:${number}: floating point in ${current || 'the file'}: ${line.trim()}`]
    })
  })
}

/** The independent ledger recomputes money from files alone: decimal.js, and nothing of the engine. */
export function ledgerViolations(root: string): Violation[] {
  const files = sourceFiles(root, (path) => /^ts\/src\/backtest\/ledger(?:-[a-z-]+)?\.ts$/.test(path) && !isTest(path))
  return files.flatMap(({ path, text }) =>
    numberedLines(text)
      .filter(({ line }) => /\bparseFloat\(|from '\.\.\/engine\/(?!types\.js)/.test(codeOf(line)))
      .filter(({ line }) => !/^import type/.test(line))
      .map(({ line, number }) => `${path}:${number}: the ledger stands alone and counts in decimals: ${line.trim()}`),
  )
}
