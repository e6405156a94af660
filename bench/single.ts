import { Engine } from '../ts/src/engine/index.js'
import { readWorkTape } from './inputs/tape-file.js'
import type { SingleRun } from './options.js'
import { newWork } from './works/contestants.js'
import { quotingConfig, replayConfig } from './works/instrument.js'

/** What one work on one tape came to. */
export interface SingleReport {
  readonly work: string
  readonly mode: string
  readonly records: number
  readonly seconds: number
  readonly ns_per_record: number
  readonly checksum: number
  readonly ema: number | null
  readonly atr: number | null
  readonly fills: number | null
  readonly end_position: number | null
}

/** Runs one work once, in a fresh engine of a fresh process. */
export function runSingle({ work, tape, mode }: SingleRun): SingleReport {
  const { instrument, records, ticks } = readWorkTape(tape)
  using engine = new Engine(work === 'W2' ? quotingConfig(instrument) : replayConfig(instrument))
  engine.loadTicks(ticks)
  const strategy = newWork(work, mode, records)
  const { seconds } = engine.run(strategy, { mode })
  const { checksum, ema = null, atr = null, fills = null, endPosition: end_position = null } = strategy.answer()
  const ns_per_record = (seconds * 1e9) / records
  return { work, mode, records, seconds, ns_per_record, checksum, ema, atr, fills, end_position }
}
