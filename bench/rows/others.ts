import type { Outcome } from '../runner/interleave.js'
import { runJob } from '../runner/process.js'
import { median } from '../runner/statistics.js'
import { asRate, measuredNs, WARM_UP } from './figures.js'
import {
  BARS_LIBRARY,
  BARS_PLAIN,
  CACHE_READING,
  COLLECTIONS,
  CROSSOVER_COLUMNS,
  CROSSOVER_ENGINE,
  CROSSOVER_LIBRARY,
  CROSSOVER_PLAIN,
  MEMORY,
  READING,
  SWEEP,
} from './limits.js'
import { attempt, failed, judge, type Limits, type Row, skipped } from './row.js'

const NS_PER_S = 1e9

/** A run counts only if it did what it is about. */
const MIN_FILLS = 1000
/** Commands of such a run must wrap the rings many times over. */
const MIN_ORDERS = 100_000

/** Row 8 and W3: a crossover at each of a million bars; W4: EMA and ATR of them. */
export async function barRows(rounds: number): Promise<Row[]> {
  return [...(await crossoverRows(rounds)), ...(await indicatorRows(rounds))]
}

function crossoverRows(rounds: number): Promise<Row[]> {
  return attempt([CROSSOVER_ENGINE, CROSSOVER_LIBRARY, CROSSOVER_COLUMNS, CROSSOVER_PLAIN], async () => {
    const { engine, library, columns, plain } = await runJob({ kind: 'bars', work: 'W3', rounds: WARM_UP + rounds })
    const rate = (outcome: Outcome) => asRate(measuredNs(outcome, plain, [outcome]), NS_PER_S)
    return [
      judge(CROSSOVER_ENGINE, rate(engine!)),
      judge(CROSSOVER_LIBRARY, rate(library!)),
      judge(CROSSOVER_COLUMNS, rate(columns!)),
      judge(CROSSOVER_PLAIN, { ...rate(plain!), ratio: undefined }),
    ]
  })
}

function indicatorRows(rounds: number): Promise<Row[]> {
  return attempt([BARS_LIBRARY, BARS_PLAIN], async () => {
    const { library, plain } = await runJob({ kind: 'bars', work: 'W4', rounds: WARM_UP + rounds })
    return [
      judge(BARS_LIBRARY, measuredNs(library!, plain, [library!])),
      judge(BARS_PLAIN, measuredNs(plain!, undefined, [plain!])),
    ]
  })
}

/** Row 6: how much of the CPUs a sweep gets, one W2 a thread. */
export function sweepRows(records: number, rounds: number): Promise<Row[]> {
  return attempt([SWEEP], async () => {
    const { threads, alone, together, wrong } = await runJob({ kind: 'sweep', records, rounds: WARM_UP + rounds })
    if (threads === 1) return [skipped(SWEEP, 'there is one CPU')]
    const shares = alone.map((seconds, round) => seconds / together[round]!)
    const warm = shares.slice(WARM_UP)
    return [judge(SWEEP, { figure: median(warm), first: shares[0], best: Math.max(...warm), wrong })]
  })
}

/** Garbage collections of a run with fills, requotes and rings that wrap. */
export function collectionRows(records: number): Promise<Row[]> {
  const limits = { ...COLLECTIONS, unit: `in ${millions(records)} ticks` }
  return attempt([limits], async () => {
    const { fills, orders, collections } = await runJob({ kind: 'collections', records })
    if (fills >= MIN_FILLS && orders >= MIN_ORDERS) return [judge(limits, { figure: collections })]
    return [failed(limits, `only ${fills} fills of ${orders} orders: the run shows nothing`)]
  })
}

/** Growth of the process from the first tenth of a long run to its end. */
export function memoryRows(records: number): Promise<Row[]> {
  const limits = { ...MEMORY, unit: `MB in ${millions(records)} ticks` }
  return attempt([limits], async () => {
    const { startMb, endMb } = await runJob({ kind: 'memory', records })
    return [judge(limits, { figure: Math.max(0, endMb - startMb) })]
  })
}

/** A tape decoded, and the same from its cache. */
export function readingRows(rounds: number): Promise<Row[]> {
  return attempt([READING, CACHE_READING], async () => {
    const { decode, cache } = await runJob({ kind: 'reading', rounds })
    return [readingRow(READING, decode), readingRow(CACHE_READING, cache)]
  })
}

function readingRow(limits: Limits, times: readonly number[]): Row {
  return judge(limits, { figure: median(times), best: Math.min(...times), first: times[0] })
}

function millions(records: number): string {
  return `${(records / 1e6).toFixed(0)} M`
}
