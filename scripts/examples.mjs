#!/usr/bin/env node
/** Runs every `examples/*.ts` and every config `examples/*.yaml` as its reader would; each must end with 0. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './layout.mjs'
import { run } from './process.mjs'
import { dropReport, writeReport } from './report.mjs'
import { setup } from './setup.mjs'
import { finish, runSteps } from './steps.mjs'

/** How to run an example, by its ending; folders below hold what these use. */
const WAYS = [
  { ending: '.ts', args: (path) => ['--import', 'tsx', path] },
  { ending: '.yaml', args: (path) => ['dist/cli/main.js', 'run', path] },
]

export async function runExamples() {
  dropReport('examples')
  const steps = readdirSync(join(ROOT, 'examples'))
    .sort()
    .flatMap((name) => {
      const way = WAYS.find(({ ending }) => name.endsWith(ending))
      return way ? [{ name, run: () => run(process.execPath, way.args(`examples/${name}`), { cwd: ROOT }) }] : []
    })
  const tests = await runSteps('examples', steps)
  writeReport('examples', tests)
  return tests
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await setup()
  finish(await runExamples())
}
