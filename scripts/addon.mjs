/** Builds the native addon `bindings/*.node` where its sources have changed. */
import { readdirSync } from 'node:fs'
import { BINDINGS, ROOT, tool } from './layout.mjs'
import { outputOf, run } from './process.mjs'
import { filesUnder, fingerprint, forget, isFresh, remember } from './stamp.mjs'

/** Everything that can change the addon: sources and manifests, not tests, benches or examples beside them. */
export function addonInputs() {
  const isSource = (file) => /[\\/]src[\\/].*\.rs$|[\\/](Cargo\.toml|build\.rs)$/.test(file)
  return [
    'Cargo.toml',
    'Cargo.lock',
    'bindings/package.json',
    ...filesUnder('crates', isSource),
    ...filesUnder('bindings/src'),
    'bindings/Cargo.toml',
    'bindings/build.rs',
  ]
}

/** Builds it in release form, with its loader `index.js` and its types `index.d.ts`. */
export async function buildAddon(say) {
  const rustc = await outputOf('rustc', ['-vV'])
  if (!rustc) {
    throw new Error('no Rust compiler found: install Rust from https://rustup.rs (see rust-version in Cargo.toml)')
  }
  const inputs = fingerprint(addonInputs(), [rustc, process.platform, process.arch])
  if (isFresh('addon', inputs)) return
  say('building the native addon (the first build takes some minutes)')
  forget('addon')
  const args = ['build', '--platform', '--release', '--esm', '--js', 'index.js', '--dts', 'index.d.ts', '-o', '.']
  await run(process.execPath, [tool.napi, ...args], { cwd: BINDINGS, quiet: true })
  const outputs = readdirSync(BINDINGS).filter((name) => name.endsWith('.node'))
  if (outputs.length === 0) throw new Error(`the build left no .node file in ${BINDINGS} (root ${ROOT})`)
  remember('addon', inputs, [...outputs.map((name) => `bindings/${name}`), 'bindings/index.js', 'bindings/index.d.ts'])
}
