#!/usr/bin/env node
/**
 * Makes a fresh clone ready: npm packages, native addon, compiled TypeScript. Does only what is out of date and needs
 * nothing but Node and Rust. Speaks on standard error only.
 */
import { pathToFileURL } from 'node:url'
import { buildAddon } from './addon.mjs'
import { buildJavascript } from './javascript.mjs'
import { installPackages } from './packages.mjs'

const NODE_FLOOR = [20, 19]

/** Throws with what to do where something needed is missing or a build fails. */
export async function setup(say = (text) => process.stderr.write(`setup: ${text}\n`)) {
  checkNode(process.versions.node)
  await installPackages(say)
  await buildAddon(say)
  await buildJavascript(say)
}

function checkNode(version) {
  const [major, minor] = version.split('.').map(Number)
  const isOld = major < NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor < NODE_FLOOR[1])
  if (isOld) throw new Error(`Node ${version} is too old: Tickwright needs ${NODE_FLOOR.join('.')} or later`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await setup()
  } catch (error) {
    process.stderr.write(`setup failed: ${error.message}\n`)
    process.exitCode = error.exitCode ?? 1
  }
}
