/** Where things lie in the repository. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
export const BINDINGS = join(ROOT, 'bindings')
/** What tells a later run that nothing changed; gone with `target/`, which only means building again. */
export const STAMPS = join(ROOT, 'target', 'setup')
/** One JSON file a runner: what `docs/requirements.md` is proved from. */
export const REPORTS = join(ROOT, 'target', 'test-reports')

/** The command-line entry of an installed package. */
export const tool = {
  biome: join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  knip: join(ROOT, 'node_modules', 'knip', 'bin', 'knip.js'),
  napi: join(ROOT, 'node_modules', '@napi-rs', 'cli', 'dist', 'cli.js'),
  tsc: join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
  tsx: join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'),
  vitest: join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
}
