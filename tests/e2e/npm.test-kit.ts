import { spawnSync } from 'node:child_process'
import { npm } from '../../scripts/process.mjs'
import type { Finished } from './cli.test-kit.js'

/** The environment as a person at a prompt has it: nothing of the npm and Vitest that run the tests. */
function plainEnv(changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean =>
    /^(?:npm_(?!config_)|npm_config_local_prefix$|VITEST|TICKWRIGHT_|NODE_ENV$|INIT_CWD$)/i.test(name)
  const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)))
  return { ...rest, NO_COLOR: '1', ...changes }
}

/** Runs a program in `folder` to its end. */
export function runIn(folder: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Finished {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    env: plainEnv(env),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (error) throw error
  return { status, stdout, stderr }
}

/** Runs npm in `folder` to its end. */
export function npmIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Finished {
  const [command, all] = npm(args)
  return runIn(folder, command, all, env)
}

/** The same where it must end with 0. */
export function succeeded(finished: Finished): Finished {
  if (finished.status !== 0) throw new Error(`ended with ${finished.status}:\n${finished.stdout}\n${finished.stderr}`)
  return finished
}
