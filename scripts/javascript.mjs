/** Compiles the TypeScript: all of it to `dist/`, the engine façade to `bindings/dist/`. */
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, tool } from './layout.mjs'
import { run } from './process.mjs'
import { filesUnder, fingerprint, forget, isFresh, remember } from './stamp.mjs'

const PROJECTS = [
  { name: 'dist', project: 'tsconfig.build.json', out: 'dist' },
  { name: 'native-dist', project: 'bindings/tsconfig.json', out: 'bindings/dist' },
]

export async function buildJavascript(say) {
  const sources = filesUnder('ts/src', (file) => file.endsWith('.ts'))
  const settings = ['tsconfig.base.json', 'bindings/index.d.ts', 'package-lock.json']
  for (const { name, project, out } of PROJECTS) {
    const inputs = fingerprint([...sources, ...settings, project])
    if (isFresh(name, inputs)) continue
    say(`compiling TypeScript to ${out}/`)
    forget(name)
    // A renamed source would leave its old output behind.
    rmSync(join(ROOT, out), { recursive: true, force: true })
    await run(process.execPath, [tool.tsc, '-p', project], { cwd: ROOT, quiet: true })
    makeExecutable(join(ROOT, out, 'cli', 'main.js'))
    remember(name, inputs, [out])
  }
}

function makeExecutable(path) {
  if (existsSync(path)) chmodSync(path, 0o755)
}
