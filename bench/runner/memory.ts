import type { MemoryReport } from './jobs.js'
import { LongRun } from './long-run.js'

/** Resident memory of a long W2 run: after its first tenth, when all that it needs is there, and at its end. */
export function measureMemory(records: number): MemoryReport {
  const run = new LongRun(records)
  run.go(records / 10)
  globalThis.gc?.()
  const startMb = residentMb()
  run.go(records - records / 10)
  const report = { records: run.records, fills: run.fills, startMb, endMb: residentMb() }
  run.close()
  return report
}

function residentMb(): number {
  return process.memoryUsage.rss() / 2 ** 20
}
