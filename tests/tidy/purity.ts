/** What domain and controllers must not do: read a clock, draw unseeded randomness, wait, or touch the outside. */
import { codeOf, isTest, isTypeScript, numberedLines, sourceFiles, type Violation } from './tree.js'

const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\b|\bDate\(\)|\bperformance\.now\b|\bprocess\.hrtime\b/, 'reads the wall clock'],
  [/\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/, 'draws unseeded randomness'],
  [/\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\basync\b|\bawait\b|\bnew Promise\b/, 'waits'],
  [/\bprocess\.|\bconsole\.|\bfetch\(/, 'touches the outside'],
]

export function purityViolations(root: string): Violation[] {
  const isPure = (path: string): boolean => /^ts\/src\/(domain|controllers)\//.test(path)
  const files = sourceFiles(root, (path) => isPure(path) && isTypeScript(path) && !isTest(path))
  return files.flatMap(({ path, text }) =>
    numberedLines(text).flatMap(({ line, number }) => {
      const code = /^\s*(\*|\/\*)/.test(line) ? '' : codeOf(line)
      return BANNED.filter(([pattern]) => pattern.test(code)).map(
        ([, what]) => `${path}:${number}: ${what}: ${line.trim()}`,
      )
    }),
  )
}
