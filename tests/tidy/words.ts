/** Words that must not stand in the repository: unfinished work, sleeping tests, machine paths. */
import { codeOf, isTest, numberedLines, type SourceFile, sourceFiles, type Violation } from './tree.js'

interface Rule {
  readonly pattern: RegExp
  readonly what: string
  readonly concerns?: (path: string) => boolean
  /** Also in comments and prose; else in code only. */
  readonly everywhere?: boolean
}

const isRust = (path: string): boolean => path.endsWith('.rs')
const isTsTest = (path: string): boolean => path.endsWith('.ts') && isTest(path)
const isUnder =
  (...folders: string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path.startsWith(folder))

const RULES: readonly Rule[] = [
  { pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/, what: 'unfinished work: do it or open an issue', everywhere: true },
  { pattern: /\b(?:todo|unimplemented)!/, what: 'unfinished work', concerns: isRust },
  {
    pattern: /#\[ignore\b/,
    what: 'a test that never runs: print `skipped: why` where its data is absent',
    concerns: isRust,
  },
  { pattern: /\b(?:it|test|describe)\.(?:only|todo)\b/, what: 'a focused or empty test', concerns: isTsTest },
  {
    pattern: /\b(?:it|test|describe)\.skip\b(?!If)/,
    what: 'a test that never runs: use skipIf or context.skip(why)',
    concerns: isTsTest,
  },
  { pattern: /(?:^|[\s"'`(=[])\/(?:work|root|home|Users)\/[\w.]/, what: 'a path of one machine', everywhere: true },
  {
    pattern: /\.\.\/shared\b/,
    what: 'a folder beside the clone',
    concerns: (path) => path !== '.ci/run',
    everywhere: true,
  },
  {
    pattern: /\bas any\b|: any\b|@ts-ignore|@ts-nocheck/,
    what: 'a hole in the types',
    concerns: isUnder('ts/', 'bench/', 'examples/'),
  },
  {
    pattern: /\b(?:utils?|helpers?|common|misc)\b(?=\.(?:rs|ts|mjs)|\/)/,
    what: 'a name that says nothing',
    concerns: isUnder('ts/', 'crates/', 'bindings/src/'),
  },
]

/** The rules name what they forbid. */
const SELF = (path: string): boolean => path.startsWith('tests/tidy/')

export function wordViolations(root: string): Violation[] {
  const isLock = (path: string): boolean => /(?:package-lock\.json|Cargo\.lock)$/.test(path)
  const files = sourceFiles(root, (path) => !SELF(path) && !isLock(path) && path !== 'LICENSE')
  return files.flatMap((file) => [...nameViolations(file), ...textViolations(file)])
}

function textViolations({ path, text }: SourceFile): Violation[] {
  const rules = RULES.filter(({ concerns }) => concerns?.(path) ?? true)
  return numberedLines(text).flatMap(({ line, number }) =>
    rules
      .filter(({ pattern, everywhere }) => pattern.test(everywhere ? line : codeOf(line)))
      .map(({ what }) => `${path}:${number}: ${what}: ${line.trim().slice(0, 100)}`),
  )
}

function nameViolations({ path }: SourceFile): Violation[] {
  const name = path.split('/').at(-1)?.replace(/\..*$/, '') ?? ''
  if (/^(?:utils?|helpers?|common|misc)$/.test(name)) return [`${path}: a file name that says nothing`]
  if (/^(?:ts|tests|bench|scripts)\/.*\.(?:ts|mjs)$/.test(path) && !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) {
    return [`${path}: TypeScript files are kebab-case`]
  }
  return []
}
