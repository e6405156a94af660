import { homedir } from 'node:os'
import { join } from 'node:path'
import type { NativeModule } from './native-module.js'

/** Where text goes to. */
export interface Output {
  write(text: string): void
  readonly isTTY: boolean
  /** Width in columns, where known. */
  readonly columns: number
}

/** Everything that a command gets from outside; tests bring their own. */
export interface CliContext {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Loads the addon; throws `E_UNSUPPORTED_PLATFORM` and the like. */
  native(): Promise<NativeModule>
}

/** The context of this process. */
export function processContext(): CliContext {
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    now: () => performance.now(),
    native: async () => import('../engine/index.js'),
  }
}

/** Folder of the tapes' memory-mapped caches: `TICKWRIGHT_CACHE`, or one in the home folder. */
export function cacheDir(env: CliContext['env']): string {
  return env.TICKWRIGHT_CACHE || join(homedir(), '.cache', 'tickwright')
}

/** Whether to paint: only on a terminal, and never against the user's wish (no-color.org). */
export function hasColour({ stdout, env }: CliContext): boolean {
  return stdout.isTTY && !env.NO_COLOR && env.TERM !== 'dumb'
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // Whoever reads our output may stop reading (`| head`): that ends us, and is no error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  return { write: (text) => void stream.write(text), isTTY: stream.isTTY === true, columns: stream.columns ?? 80 }
}
