import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { DiceTrader, generatedEngine, type Outcome, outcomeOf } from './recorded-run.test-kit.js'

/** Loads TypeScript as it is in a thread of its own and runs the same market and trader there. */
const CODE = `
  const { parentPort, workerData } = require('node:worker_threads')
  import('tsx/esm/api').then(async ({ tsImport }) => {
    const kit = await tsImport(workerData.kit, workerData.kit)
    const engine = kit.generatedEngine({ seed: workerData.seed, messages: 4000 })
    parentPort.postMessage(kit.outcomeOf(engine, new kit.DiceTrader(workerData.seed), { mode: workerData.mode }))
  })
`

function outcomeInThread(seed: number, mode: string): Promise<Outcome> {
  const kit = new URL('./recorded-run.test-kit.ts', import.meta.url).href
  return new Promise((resolve, reject) => {
    const worker = new Worker(CODE, { eval: true, workerData: { kit, seed, mode } })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  })
}

describe('a worker thread', () => {
  it('gives the news, ledger and books of the main thread, two threads at once', async () => {
    const here = [21, 22].map((seed) => outcomeOf(generatedEngine({ seed, messages: 4_000 }), new DiceTrader(seed)))
    const there = await Promise.all([outcomeInThread(21, 'advance'), outcomeInThread(22, 'frames')])
    expect(here[0]?.fills).toBeGreaterThan(20)
    expect(there).toEqual(here)
  })

  it('that is ended in the middle of a run takes nothing with it', async () => {
    const worker = new Worker(CODE, {
      eval: true,
      workerData: { kit: new URL('./recorded-run.test-kit.ts', import.meta.url).href, seed: 1, mode: 'step' },
    })
    await new Promise((resolve) => worker.once('online', resolve))
    await new Promise((resolve) => setTimeout(resolve, 150))
    await worker.terminate()
    expect(outcomeOf(generatedEngine({ seed: 21 }), new DiceTrader(21)).records).toBeGreaterThan(1_000)
  })
})
