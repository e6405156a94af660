import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SweepReport } from './jobs.js'

/** A thread does not inherit how its process loads TypeScript. */
const CODE = `
  const { workerData } = require('node:worker_threads')
  import('tsx/esm/api').then(({ tsImport }) => tsImport(workerData.entry, workerData.entry))
`

/** What a thread of a sweep says of one run. */
export interface SweepRun {
  readonly wrong?: string
}

/**
 * A sweep as it is run: a thread of each CPU does one whole W2 of its own. Every round runs one thread alone and then
 * all at once, so that whatever the machine does it does to both.
 */
export async function measureSweep(records: number, rounds: number): Promise<SweepReport> {
  const threads = availableParallelism()
  const workers = Array.from({ length: threads }, () => new SweepThread(records))
  const alone: number[] = []
  const together: number[] = []
  let wrong: string | undefined
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [times, taking] of [
        [alone, workers.slice(0, 1)],
        [together, workers],
      ] as const) {
        // Each makes its engine and loads its ticks before the clock starts.
        await Promise.all(taking.map((worker) => worker.ask('prepare')))
        const started = process.hrtime.bigint()
        const runs = await Promise.all(taking.map((worker) => worker.ask('run')))
        times.push(Number(process.hrtime.bigint() - started) / 1e9)
        wrong ??= runs.find((run) => run.wrong !== undefined)?.wrong
      }
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
  }
  return wrong === undefined ? { threads, alone, together } : { threads, alone, together, wrong }
}

class SweepThread {
  readonly #worker: Worker

  constructor(records: number) {
    const entry = new URL('./sweep-thread.ts', import.meta.url).href
    this.#worker = new Worker(CODE, { eval: true, workerData: { records, entry } })
  }

  ask(what: 'prepare' | 'run'): Promise<SweepRun> {
    return new Promise((resolve, reject) => {
      this.#worker.once('error', reject)
      this.#worker.once('message', (said: SweepRun) => {
        this.#worker.off('error', reject)
        resolve(said)
      })
      this.#worker.postMessage(what)
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}
