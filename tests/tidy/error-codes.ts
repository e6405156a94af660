/** One table of error codes: what the code can raise and what `ERROR_CODES` explains are the same. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTest, numberedLines, sourceFiles, type Violation, withoutRustTests } from './tree.js'

const TABLE = 'ts/src/domain/errors.ts'

export function errorCodeViolations(root: string): Violation[] {
  const known = tableOf(root)
  const used = usesOf(root)
  const unknown = [...used].filter(([code]) => !known.has(code))
  const idle = [...known].filter((code) => !used.has(code))
  return [
    ...unknown.map(([code, where]) => `${where}: ${code} is not in ERROR_CODES (${TABLE})`),
    ...idle.map((code) => `${TABLE}: ${code} is raised nowhere`),
  ]
}

function tableOf(root: string): Set<string> {
  const path = join(root, TABLE)
  if (!existsSync(path)) return new Set()
  const table = /ERROR_CODES = \{([\s\S]*?)\n\}/.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
  return new Set([...table.matchAll(/^\s+(E_[A-Z0-9_]+):/gm)].map((match) => match[1] ?? ''))
}

/** Quoted codes outside of tests, with the first place of each. */
function usesOf(root: string): Map<string, string> {
  const isCode = (path: string): boolean =>
    /^(?:crates|bindings)\/.*\.rs$/.test(path) || (/^ts\/src\/.*\.ts$/.test(path) && path !== TABLE)
  const uses = new Map<string, string>()
  for (const { path, text } of sourceFiles(root, (file) => isCode(file) && !isTest(file))) {
    const code = path.endsWith('.rs') ? withoutRustTests(text) : text
    for (const { line, number } of numberedLines(code)) {
      if (/^\s*\/\//.test(line)) continue
      for (const match of line.matchAll(/["'](E_[A-Z0-9_]+)["']/g)) {
        const name = match[1] ?? ''
        if (!uses.has(name)) uses.set(name, `${path}:${number}`)
      }
    }
  }
  // What the table's own class falls back on.
  const own = existsSync(join(root, TABLE)) ? readFileSync(join(root, TABLE), 'utf8') : ''
  for (const match of own.matchAll(/'(E_[A-Z0-9_]+)'/g)) uses.set(match[1] ?? '', TABLE)
  return uses
}
