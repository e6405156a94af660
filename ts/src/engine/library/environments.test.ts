import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { Ema } from './ema.js'

/** Makes a library of its own, averages 1 to 1 000 and tells the last value; it closes nothing. */
const WORK = `
const { parentPort, workerData } = require('node:worker_threads')
import('@tickwright/native/addon').then(({ NativeLibrary }) => {
  const cells = new Float64Array(new SharedArrayBuffer(256))
  const library = new NativeLibrary(cells)
  const { emaUpdate } = library.functions()
  const handle = library.open(JSON.stringify({ ema: { period: workerData } }))
  library.open('{"book":{}}')
  for (let x = 1; x <= 1000; x++) {
    cells[0] = handle
    cells[1] = x
    emaUpdate()
  }
  parentPort.postMessage(cells[8])
})`

function plainEma(period: number, last: number): number {
  const alpha = 2 / (period + 1)
  let ema = 1
  for (let x = 1; x <= last; x++) ema += (x - ema) * alpha
  return ema
}

describe('the library in several environments', () => {
  it('keeps them apart, and each ends without harm to the others', async () => {
    using here = new Ema({ period: 5 })
    for (let x = 1; x <= 500; x++) here.update(x)
    const workers = [3, 10, 50].map((period) => new Worker(WORK, { eval: true, workerData: period }))
    const told = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]))
    await Promise.all(workers.map((worker) => worker.terminate()))
    expect(told).toEqual([3, 10, 50].map((period) => plainEma(period, 1_000)))
    for (let x = 501; x <= 1_000; x++) here.update(x)
    expect(here.value).toBe(plainEma(5, 1_000))
  })
})
