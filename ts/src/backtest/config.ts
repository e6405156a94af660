import { basename, dirname, extname, resolve } from 'node:path'
import { z } from 'zod'
import type { EngineConfig, RunMode } from '../engine/types.js'
import { marginMode, marginsApart, positionMode } from './account-settings.js'
import { instrumentOverride } from './instrument-file.js'
import { bars, indicator } from './readers.js'
import { decimalText, keyed } from './schema.js'
import { barPath, faults, feedFaults, fillModel, latency, rateLimit } from './venue-models.js'
import { YamlFile } from './yaml-file.js'

/** How native and JavaScript take turns; the results are the same in each. */
export const RUN_MODES = ['step', 'frames', 'advance'] as const satisfies readonly RunMode[]

const nanoseconds = z.int().min(0)

const powerOfTwo = z.int().refine((n) => n >= 2 && 2 ** Math.round(Math.log2(n)) === n, 'expected a power of two')

/** Settings of the engine except its instruments, which come from the tapes. */
const engine = keyed({
  indicators: z.array(indicator).optional(),
  bars: z.array(bars).optional(),
  feed_latency_ns: nanoseconds.optional(),
  entry_latency: latency.optional(),
  response_latency: latency.optional(),
  fill_model: fillModel.optional(),
  rate_limit: rateLimit.optional(),
  day_ends_ms: z.int().min(0).max(86_399_999).optional(),
  faults: faults.optional(),
  feed_faults: feedFaults.optional(),
  participation: decimalText.optional(),
  bar_path: barPath.optional(),
  deposits: z.record(z.string().min(1).max(64), decimalText).optional(),
  position_mode: positionMode.optional(),
  margin_mode: marginMode.optional(),
  leverage: decimalText.optional(),
  check_margin: z.boolean().optional(),
  seed: z.int().min(0).optional(),
  book: keyed({
    crossed_ms: z.int().min(0).optional(),
    feed_silence_ms: z.int().min(0).optional(),
    top_unchanged_ms: z.int().min(0).optional(),
  }).optional(),
  sample_ms: z.int().min(0).default(1_000),
  markouts_ms: z.array(z.int().min(1)).max(8).default([1_000, 5_000, 30_000]),
  command_ring: powerOfTwo.optional(),
  event_ring: powerOfTwo.optional(),
  frame_ring: powerOfTwo.optional(),
})

const runFile = keyed({
  tapes: z.array(z.string().min(1)).min(1),
  controller: z.string().min(1).optional(),
  strategy: z.string().min(1).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  executor: keyed({
    refresh_tolerance_ticks: z.number().min(0).optional(),
    reject_pause_ms: z.number().min(0).optional(),
  }).optional(),
  engine: engine.prefault({}),
  instruments: z.record(z.string(), instrumentOverride).default({}),
  mode: z.enum(RUN_MODES).optional(),
  out: z.string().min(1).optional(),
}).refine((run) => (run.controller === undefined) !== (run.strategy === undefined), {
  error:
    'name either a controller (states which orders it wants) or a strategy (sends commands itself): a registered ' +
    'name or ./file.ts#Class',
})

/** A run as its file describes it, its paths resolved against the file's folder. */
export interface RunConfig {
  /** The run file, for complaints about what it names. */
  readonly file: YamlFile
  /** Name of the file without its ending. */
  readonly name: string
  readonly tapes: readonly string[]
  /** What decides: its name as written, and at which of the two levels. */
  readonly decider: { readonly level: 'controller' | 'strategy'; readonly name: string }
  /** What its constructor gets. */
  readonly params: Readonly<Record<string, unknown>>
  readonly executor: { readonly refreshToleranceTicks?: number; readonly rejectPauseMs?: number }
  readonly engine: Omit<EngineConfig, 'instruments'>
  readonly instruments: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly mode: RunMode | undefined
  readonly out: string
}

/**
 * Reads and checks a run file. Unknown keys are errors; every complaint names file, line, path, value and what is
 * allowed. `E_FILE`, `E_CONFIG`.
 */
export function readRunConfig(path: string): RunConfig {
  const file = YamlFile.read(path)
  const run = file.check(runFile)
  const folder = dirname(resolve(path))
  const name = basename(path, extname(path))
  const level = run.controller === undefined ? 'strategy' : 'controller'
  const instruments = Object.entries(run.instruments).map(([id, keys]) => [id, given(keys)] as const)
  const { definitions, margins } = marginsApart(Object.fromEntries(instruments))
  return {
    file,
    name,
    tapes: run.tapes.map((tape) => resolve(folder, tape)),
    decider: { level, name: run.controller ?? run.strategy ?? '' },
    params: run.params ?? {},
    executor: given({
      refreshToleranceTicks: run.executor?.refresh_tolerance_ticks,
      rejectPauseMs: run.executor?.reject_pause_ms,
    }),
    engine: { ...given(run.engine), ...(Object.keys(margins).length > 0 && { margins }) } as RunConfig['engine'],
    instruments: definitions,
    mode: run.mode,
    out: run.out === undefined ? resolve('runs', name) : resolve(folder, run.out),
  }
}

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** The keys that were given, without the undefined ones. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}
