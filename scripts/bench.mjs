#!/usr/bin/env node
/** `npm run bench -- …`: sets up what is missing, then hands everything to `bench/main.ts`. */
import { ROOT } from './layout.mjs'
import { exitCodeOf } from './process.mjs'
import { setup } from './setup.mjs'

try {
  await setup()
  // Garbage collections are counted and forced between works; the flag costs nothing otherwise.
  const args = ['--expose-gc', '--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)]
  const code = await exitCodeOf(process.execPath, args, { cwd: ROOT })
  process.exitCode = typeof code === 'number' ? code : 1
} catch (error) {
  process.stderr.write(`npm run bench: ${error.message}\n`)
  process.exitCode = error.exitCode ?? 1
}
