/** Format, lint, types and docs, for both languages. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, tool } from './layout.mjs'
import { outputOf, run } from './process.mjs'

const node = (path, ...args) => run(process.execPath, [path, ...args], { cwd: ROOT })
const cargo = (args, env = {}) => run('cargo', args, { cwd: ROOT, env })

export const CHECK_STEPS = [
  { name: 'format: Rust', run: () => withComponent('rustfmt', 'fmt', ['--all', '--check']) },
  {
    name: 'lint: Rust',
    run: () => withComponent('clippy', 'clippy', ['--workspace', '--all-targets', '--', '-D', 'warnings']),
  },
  {
    name: 'docs: Rust',
    run: () => cargo(['doc', '--workspace', '--no-deps', '--quiet'], { RUSTDOCFLAGS: '-D warnings' }),
  },
  { name: 'format and lint: TypeScript', run: () => node(tool.biome, 'ci', '.') },
  { name: 'types: TypeScript', run: () => node(tool.tsc, '-p', 'tsconfig.json') },
  { name: 'dead code: TypeScript', run: () => node(tool.knip) },
]

/** Toolchains without an optional component say so instead of "no such command". */
async function withComponent(component, command, args) {
  const version = await outputOf('cargo', [command, '--version'])
  if (version === undefined) throw new Error(`${component} is not installed: run \`rustup component add ${component}\``)
  await cargo([command, ...args])
}

/** Generated files that are committed: a build must leave them as they are. `*.generated.ts` is held by a Rust test. */
const GENERATED = ['bindings/index.js', 'bindings/index.d.ts', 'package-lock.json', 'Cargo.lock', 'fuzz/Cargo.lock']

export const DRIFT_STEP = {
  name: 'generated files are as the build makes them',
  run: async () => {
    if (!existsSync(join(ROOT, '.git'))) return
    const changed = await outputOf('git', ['status', '--porcelain', '--', ...GENERATED], { cwd: ROOT })
    if (changed?.trim()) throw new Error(`the build changed or left uncommitted:\n${changed.trimEnd()}`)
  },
}
