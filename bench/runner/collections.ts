import { PerformanceObserver } from 'node:perf_hooks'
import type { CollectionReport } from './jobs.js'
import { LongRun } from './long-run.js'

/** Records in which the code is compiled and the observer's own garbage arises. */
const WARM_UP = 1_000_000

/** Counts the garbage collections of a long W2 run after its warm-up. */
export async function countCollections(records: number): Promise<CollectionReport> {
  const found: { start: number; ms: number }[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) found.push({ start: startTime, ms: duration })
  })
  observer.observe({ entryTypes: ['gc'] })
  const run = new LongRun(WARM_UP + records)
  run.go(WARM_UP)
  globalThis.gc?.()
  await settled()
  const fillsBefore = run.fills
  const ordersBefore = run.quoter.orders
  const started = performance.now()
  run.go(records)
  const ended = performance.now()
  await settled()
  observer.disconnect()
  const during = found.filter(({ start }) => start >= started && start <= ended)
  const report = {
    records,
    fills: run.fills - fillsBefore,
    orders: run.quoter.orders - ordersBefore,
    collections: during.length,
    pauseMs: during.reduce((sum, { ms }) => sum + ms, 0),
  }
  run.close()
  return report
}

/** Collections are reported from the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}
