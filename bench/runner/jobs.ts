import type { TapeName } from '../inputs/catalog.js'
import type { BarWork } from '../works/bars.js'
import type { ContestantName, WorkName } from '../works/contestants.js'
import type { Outcome } from './interleave.js'

/** One thing for a process of its own to do; goes to it as JSON. */
export type Job =
  | {
      readonly kind: 'work'
      readonly work: WorkName
      readonly input: TapeName
      readonly records: number
      readonly contestants: readonly ContestantName[]
      readonly rounds: number
    }
  | { readonly kind: 'bars'; readonly work: BarWork; readonly rounds: number }
  | { readonly kind: 'sweep'; readonly records: number; readonly rounds: number }
  | { readonly kind: 'collections'; readonly records: number }
  | { readonly kind: 'memory'; readonly records: number }
  | { readonly kind: 'reading'; readonly rounds: number }

/** What comes back of each kind of job. */
export interface JobResults {
  work: Record<string, Outcome>
  bars: Record<string, Outcome>
  sweep: SweepReport
  collections: CollectionReport
  memory: MemoryReport
  reading: ReadingReport
}

/** One W2 on one thread, and one on a thread of each CPU at once: seconds of each round. */
export interface SweepReport {
  readonly threads: number
  readonly alone: readonly number[]
  readonly together: readonly number[]
  readonly wrong?: string
}

/** Garbage collections of a run with fills, requotes and rings that wrap. */
export interface CollectionReport {
  readonly records: number
  readonly fills: number
  readonly orders: number
  readonly collections: number
  readonly pauseMs: number
}

/** Resident memory after a tenth of a run and at its end. */
export interface MemoryReport {
  readonly records: number
  readonly fills: number
  readonly startMb: number
  readonly endMb: number
}

/** Nanoseconds a record of a tape: decoded, and from its cache. */
export interface ReadingReport {
  readonly records: number
  readonly decode: readonly number[]
  readonly cache: readonly number[]
}
