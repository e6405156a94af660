import { spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Job, JobResults } from './jobs.js'

const ENTRY = fileURLToPath(new URL('./job.ts', import.meta.url))
const LAST_CPU = availableParallelism() - 1

let pins: boolean | undefined

/** Whether processes can be tied to one CPU here: moves between CPUs cost caches and make figures jump. */
export function canPin(): boolean {
  pins ??= spawnSync('taskset', ['-c', String(LAST_CPU), 'true']).status === 0
  return pins
}

/** The command on one CPU, always the same, where that can be had. */
export function pinned(command: readonly string[]): readonly string[] {
  return canPin() ? ['taskset', '-c', String(LAST_CPU), ...command] : command
}

/** Does a job in a fresh process. Its messages go to standard error. Throws what the process said where it fails. */
export function runJob<K extends Job['kind']>(job: Job & { kind: K }): Promise<JobResults[K]> {
  const node = [process.execPath, '--expose-gc', '--import', 'tsx', ENTRY, JSON.stringify(job)]
  const [command, ...args] = job.kind === 'sweep' ? node : pinned(node)
  return new Promise((resolve, reject) => {
    const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(said) as JobResults[K])
      else reject(new Error(`a ${job.kind} process ended with ${signal ?? `code ${code}`}`))
    })
  })
}
