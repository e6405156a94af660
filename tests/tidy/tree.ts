/** The repository as the house rules see it: its own text files, without what is built or fetched. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** A file with its path from the root, `/` between the parts. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** A finding: where and what, as one line that a person can act on. */
export type Violation = string

/** Names of what is built or fetched. */
export const NOT_OURS: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  'target',
  'dist',
  'runs',
  'coverage',
  '.cache',
  'corpus',
  'artifacts',
])
const TEXT = /(\.(rs|ts|mts|mjs|js|json|toml|yaml|yml|md)|^\.?[A-Za-z]+|\/run)$/
/** Data, lock files and the licence are not written by hand. */
const LARGE = 400_000

/** Every text file under `root` whose path `wanted` accepts, sorted by path. */
export function sourceFiles(root: string, wanted: (path: string) => boolean = () => true): SourceFile[] {
  return [...walk(root, root)]
    .filter((path) => TEXT.test(path) && wanted(path) && statSync(join(root, path)).size <= LARGE)
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function* walk(root: string, folder: string): Generator<string> {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(root, path)
    else if (entry.isFile()) yield relative(root, path).replaceAll('\\', '/')
  }
}

/** Lines of a file with their numbers from 1. */
export function numberedLines(text: string): { line: string; number: number }[] {
  return text.split('\n').map((line, index) => ({ line, number: index + 1 }))
}

/** A Rust file without its inline test module, which stands last; line numbers stay. */
export function withoutRustTests(text: string): string {
  const start = text.search(/^#\[cfg\((?:test|all\(test\b.*\))\)\]\s*\nmod \w+ \{/m)
  return start < 0 ? text : text.slice(0, start)
}

/** Code of a line: without the comment at its end. Strings with `//` (addresses) survive. */
export function codeOf(line: string): string {
  return line.replace(/(^|\s)\/\/.*$/, '$1')
}

export const isGenerated = (path: string): boolean =>
  /\.generated\.(ts|rs)$/.test(path) || path === 'bindings/index.js' || path === 'bindings/index.d.ts'

export const isTypeScript = (path: string): boolean => path.endsWith('.ts') && !isGenerated(path)

export const isTest = (path: string): boolean =>
  /\.test\.ts$|\.test-kit\.ts$|^tests\/|\/tests\/|\/tests\.rs$|\/benches\/|\/examples\//.test(path)
