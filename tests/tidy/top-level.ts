/** The code map of the architecture page names what lies at the top level, and nothing else; so it does below it. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { NOT_OURS, type Violation } from './tree.js'

const PAGE = 'docs/architecture.md'

export function topLevelViolations(root: string): Violation[] {
  const named = namedIn(readFileSync(join(root, PAGE), 'utf8'))
  if (named.length === 0) return [`${PAGE}: has no "## Code map" with tables that name files and folders`]
  const there = topLevelOf(root)
  const known = new Set(named.map((path) => path.split('/')[0]))
  return [
    ...there.filter((name) => !known.has(name)).map((name) => `${name}: is not in the code map of ${PAGE}`),
    ...[...known].filter((name) => !there.includes(name ?? '')).map((name) => gone(name ?? '')),
    ...named.filter((path) => path.includes('/') && !existsSync(join(root, path))).map(gone),
    ...unnamedSiblings(root, named),
  ]
}

function gone(path: string): Violation {
  return `${PAGE}: the code map names ${path}, which is not there`
}

/** Files and folders in the first column of the section's tables. */
function namedIn(page: string): string[] {
  const section = /^## Code map\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(page)?.[1] ?? ''
  const cells = section.split('\n').map((line) => /^\|([^|]*)\|/.exec(line)?.[1] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
}

/** What is committed, or what lies there where nobody can tell. */
function topLevelOf(root: string): string[] {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  const committed = status === 0 ? stdout.split('\0').filter((path) => path !== '') : []
  if (committed.length === 0) return readdirSync(root).filter((name) => !NOT_OURS.has(name))
  return [...new Set(committed.map((path) => path.split('/')[0] ?? ''))].sort()
}

/** Where the map names one folder of several (`crates/book`), it names each. */
function unnamedSiblings(root: string, named: readonly string[]): Violation[] {
  const parents = [...new Set(named.filter((path) => path.includes('/')).map((path) => posix.dirname(path)))]
  return parents
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) =>
      readdirSync(join(root, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !NOT_OURS.has(entry.name))
        .map((entry) => `${parent}/${entry.name}`),
    )
    .filter((folder) => !named.includes(folder))
    .map((folder) => `${folder}: is not in the code map of ${PAGE}`)
}
