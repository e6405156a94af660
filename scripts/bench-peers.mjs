#!/usr/bin/env node
/** `npm run bench:peers -- …`: sets up what is missing, then hands everything to `bench/peers/main.ts`. */
import { ROOT } from './layout.mjs'
import { exitCodeOf } from './process.mjs'
import { setup } from './setup.mjs'

try {
  await setup()
  const args = ['--import', 'tsx', 'bench/peers/main.ts', ...process.argv.slice(2)]
  const code = await exitCodeOf(process.execPath, args, { cwd: ROOT })
  process.exitCode = typeof code === 'number' ? code : 1
} catch (error) {
  process.stderr.write(`npm run bench:peers: ${error.message}\n`)
  process.exitCode = error.exitCode ?? 1
}
