/** The Rust side of the layers: which crate may depend on which, and what no crate may call. */
import { codeOf, isTest, numberedLines, sourceFiles, type Violation, withoutRustTests } from './tree.js'

/** Our own crates that each may name; the table of the architecture page. */
const CRATES: Readonly<Record<string, readonly string[]>> = {
  types: [],
  book: ['types'],
  indicators: ['types'],
  // A reader that starts from a snapshot proves its synchronisation on a book.
  tape: ['types', 'book'],
  paper: ['types', 'book'],
  engine: ['types', 'book', 'indicators', 'paper'],
}

/** Crates that open files. */
const FILE_CRATES = new Set(['tape'])

const BANNED_CALLS: readonly (readonly [RegExp, string, (crate: string) => boolean])[] = [
  [/\bInstant::now\b|\bSystemTime\b/, 'reads the wall clock: time is an argument', () => true],
  [/\bstd::env\b|\benv::(?:var|args)/, 'reads the environment', () => true],
  [/\bstd::thread\b|\bthread::spawn\b/, 'starts threads', () => true],
  [/\bstd::net\b|\bstd::process\b/, 'leaves the process', () => true],
  [/\be?print(?:ln)?!|\bdbg!|\b(?:log|tracing)::/, 'logs: return it instead', () => true],
  [/\brand::|\bthread_rng\b|\bRandomState\b/, 'draws unseeded randomness', () => true],
  [/\bHash(?:Map|Set)\b/, 'a HashMap has no order: use a BTreeMap or a Vec', () => true],
  [/\bstd::fs\b|\bFile::(?:open|create)\b|\bOpenOptions\b/, 'touches files', (crate) => !FILE_CRATES.has(crate)],
]

/** A HashMap that is only looked up, never iterated, does no harm: where and why. */
const CALL_EXCEPTIONS: Readonly<Record<string, string>> = {}

export function manifestViolations(root: string): Violation[] {
  const manifests = sourceFiles(root, (path) => /^(crates\/[^/]+|bindings)\/Cargo\.toml$/.test(path))
  return manifests.flatMap(({ path, text }) => {
    const crate = path.startsWith('bindings') ? 'bindings' : (path.split('/')[1] ?? '')
    const allowed = crate === 'bindings' ? Object.keys(CRATES) : CRATES[crate]
    if (!allowed) return [`${path}: crate ${crate} is in no layer: add it to CRATES with what it may name`]
    return dependenciesOf(text).flatMap((name) => {
      const own = /^tickwright-(.+)$/.exec(name)?.[1]
      if (own && !allowed.includes(own)) return [`${path}: ${crate} must not depend on ${own}`]
      if (/^napi/.test(name) && crate !== 'bindings') return [`${path}: only bindings depends on ${name}`]
      return []
    })
  })
}

/** Names under `[dependencies]`, `[build-dependencies]` and target tables; those of tests may be anything. */
function dependenciesOf(manifest: string): string[] {
  const names: string[] = []
  let isInside = false
  for (const line of manifest.split('\n')) {
    const table = /^\[(.+)\]\s*$/.exec(line.trim())?.[1]
    if (table !== undefined) {
      const direct = /^(?:target\..+\.)?(?:build-)?dependencies(?:\.(.+))?$/.exec(table)
      isInside = direct !== null && direct[1] === undefined
      if (direct?.[1]) names.push(direct[1])
      continue
    }
    const name = /^([A-Za-z0-9_-]+)\s*[.=]/.exec(line)?.[1]
    if (isInside && name) names.push(name)
  }
  return names
}

export function callViolations(root: string): Violation[] {
  const files = sourceFiles(root, (path) => /^crates\/[^/]+\/src\/.*\.rs$/.test(path) && !isTest(path))
  return files.flatMap(({ path, text }) => {
    if (path in CALL_EXCEPTIONS) return []
    const crate = path.split('/')[1] ?? ''
    return numberedLines(withoutRustTests(text)).flatMap(({ line, number }) =>
      BANNED_CALLS.filter(([pattern, , concerns]) => concerns(crate) && pattern.test(codeOf(line))).map(
        ([, what]) => `${path}:${number}: ${what}: ${line.trim()}`,
      ),
    )
  })
}

/** `unsafe` is for the crates that lay out shared memory; the others forbid it in their door. */
export function unsafeViolations(root: string): Violation[] {
  const doors = sourceFiles(root, (path) => /^crates\/[^/]+\/src\/lib\.rs$/.test(path))
  return doors.flatMap(({ path, text }) => {
    const crate = path.split('/')[1] ?? ''
    if (text.includes('#![forbid(unsafe_code)]')) return []
    const files = sourceFiles(root, (other) => other.startsWith(`crates/${crate}/src/`) && other.endsWith('.rs'))
    const bare = files.flatMap((file) =>
      numberedLines(file.text)
        .filter(({ line, number }) =>
          isUnexplainedUnsafe(line, file.text.split('\n').slice(Math.max(0, number - 6), number)),
        )
        .map(({ number }) => `${file.path}:${number}: unsafe without a SAFETY line above it`),
    )
    return bare
  })
}

function isUnexplainedUnsafe(line: string, above: readonly string[]): boolean {
  if (!/\bunsafe\s*(\{|impl\b)/.test(codeOf(line))) return false
  return !above.some((earlier) => /SAFETY|# Safety/.test(earlier))
}
