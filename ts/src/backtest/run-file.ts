import { isDeepStrictEqual } from 'node:util'
import { type InstrumentSpec, type Strategy, TickwrightError } from '../domain/index.js'
import type { RunMode, RunObserver } from '../engine/types.js'
import type { RunConfig } from './config.js'
import { DecisionTimer } from './decision-timer.js'
import type { EngineModule } from './engine-module.js'
import { loadStrategy } from './load-controller.js'
import { Recorder } from './recorder.js'
import { type AccountCurve, type RunSummary, SummaryCollector } from './summary.js'

/** What may differ from the run file. */
export interface RunFileOptions {
  readonly mode?: RunMode
  /** Folder of the results. */
  readonly out?: string
  /** Folder of the tapes' memory-mapped caches; `null` for none. */
  readonly cacheDir?: string | null
  /** Called a few times a second with records done and in all. */
  readonly onProgress?: (done: number, total: number) => void
}

/** A run that ended, and where its results lie. */
export interface RunOutcome {
  readonly summary: RunSummary
  readonly folder: string
  readonly curves: readonly AccountCurve[]
}

/**
 * Runs what a run file describes: loads tapes and controller, replays, writes the result folder.
 *
 * The same file, tapes and controller give the same orders, fills, ledger and `result_sha256` in each mode and on every
 * machine. Throws what loading and the engine throw; the folder then has no `summary.json`.
 */
export async function runFile(
  config: RunConfig,
  module: EngineModule,
  options: RunFileOptions = {},
): Promise<RunOutcome> {
  const instruments = instrumentsOf(config, module)
  const strategy = await loadStrategy(config)
  const engine = new module.Engine({ ...config.engine, instruments })
  try {
    engine.loadTapes(config.tapes, options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir })
    const folder = options.out ?? config.out
    const recorder = new Recorder(folder, instruments)
    try {
      const mode = options.mode ?? config.mode ?? naturalMode(strategy)
      const collector = new SummaryCollector(instruments)
      const timer = new DecisionTimer()
      const observer = watching(recorder, collector, engine.tickCount, options.onProgress)
      const result = engine.run(timer.around(strategy), { mode, observer })
      const ledger = engine.ledger()
      const resultSha256 = await recorder.finish(ledger)
      const summary = collector.summarize({ result, mode, ledger, decisions: timer.report(), resultSha256 })
      recorder.writeSummary(summary)
      return { summary, folder, curves: collector.curves }
    } catch (error) {
      recorder.abandon()
      throw error
    }
  } finally {
    engine.close()
  }
}

/** Reading ahead is the fastest way; a strategy that wants to see every record needs frames. */
function naturalMode(strategy: Strategy): RunMode {
  return strategy.onFrame ? 'frames' : 'advance'
}

/** The instruments of all tapes in the order of their first mention, with the run file's overrides. */
function instrumentsOf(config: RunConfig, module: EngineModule): InstrumentSpec[] {
  const byId = new Map<string, InstrumentSpec>()
  for (const path of config.tapes) {
    for (const spec of module.tape.info(path).instruments) {
      const earlier = byId.get(spec.id)
      if (earlier && !isDeepStrictEqual(earlier, spec)) {
        throw new TickwrightError('E_INSTRUMENT_CONFLICT', `${path} defines ${spec.id} otherwise than a tape before it`)
      }
      byId.set(spec.id, spec)
    }
  }
  for (const [id, override] of Object.entries(config.instruments)) {
    const spec = byId.get(id)
    if (!spec) throw config.file.fault(['instruments', id], `no tape has it, only ${[...byId.keys()].join(', ')}`)
    byId.set(id, { ...spec, ...override })
  }
  return [...byId.values()]
}

function watching(
  recorder: Recorder,
  collector: SummaryCollector,
  total: number,
  onProgress: RunFileOptions['onProgress'],
): RunObserver {
  return {
    onOwnEvent(event) {
      recorder.onOwnEvent(event)
      collector.onOwnEvent(event)
    },
    onSample(sample) {
      recorder.onSample(sample)
      collector.onSample(sample)
    },
    onMarkout(markout) {
      collector.onMarkout(markout)
    },
    onProgress(done) {
      onProgress?.(done, total)
      return true
    },
  }
}
