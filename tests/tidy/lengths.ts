/** A file is one idea: at most 300 lines, and every longer one has its reason here. */
import { isGenerated, isTest, sourceFiles, type Violation, withoutRustTests } from './tree.js'

const LIMIT = 300
/** No reason carries further than this. */
const HARD_LIMIT = 500

/** Files that read best whole, with why. Inline Rust tests are not counted, they stand beside what they test. */
const LENGTH_EXCEPTIONS: Readonly<Record<string, string>> = {
  'ts/src/engine/engine.ts': 'one class whose three loops share its private state and must stay apart for speed',
  'crates/book/src/monitor/judge.rs':
    'every rule of trust in a book, beside the one place where its state follows from them',
  'crates/engine/src/report.rs': 'what the reports hold and how it is read off the engine',
  'crates/tape/src/error.rs': 'one table of errors, a variant and a sentence each',
  'crates/tape/src/reader.rs': 'opening a tape is one sequence of checks, which reads best in its order',
  'crates/tape/src/readers/binance_raw/mod.rs':
    'one venue is one reader: messages, synchronisation and order of records',
}

export function lengthViolations(root: string, exceptions = LENGTH_EXCEPTIONS): Violation[] {
  const isCode = (path: string): boolean => /\.(rs|ts|mjs)$/.test(path) && !isGenerated(path)
  const isData = (path: string): boolean => path.startsWith('tests/data/') || /\/tests\/(?:data|generated)/.test(path)
  const files = sourceFiles(root, (path) => isCode(path) && !isData(path))
  const tooLong = files.flatMap(({ path, text }) => {
    const lines = withoutRustTests(text).trimEnd().split('\n').length
    const limit = path in exceptions ? HARD_LIMIT : isTest(path) ? LIMIT + 100 : LIMIT
    return lines > limit ? [`${path}: ${lines} lines, ${limit} are allowed: split it by idea`] : []
  })
  const paths = new Set(files.map(({ path }) => path))
  const idle = Object.keys(exceptions).filter((path) => !paths.has(path))
  return [...tooLong, ...idle.map((path) => `${path}: has an exception and is not there`)]
}
