import { runJob } from '../runner/process.js'
import { median } from '../runner/statistics.js'
import { measuredNs, WARM_UP } from './figures.js'
import { BARS_COLUMNS, BARS_PLAIN, CACHE_READING, COLLECTIONS, MEMORY, READING } from './limits.js'
import { attempt, failed, judge, type Limits, type Row } from './row.js'

/** A run counts only if it did what it is about. */
const MIN_FILLS = 1000
/** Commands of such a run must wrap the rings many times over. */
const MIN_ORDERS = 100_000

/** W4: EMA and ATR of a million bars. */
export function barRows(rounds: number): Promise<Row[]> {
  return attempt([BARS_PLAIN, BARS_COLUMNS], async () => {
    const { plain, columns } = await runJob({ kind: 'bars', rounds: WARM_UP + rounds })
    return [
      judge(BARS_PLAIN, { ...measuredNs(plain!, undefined), first: plain!.rounds[0] }),
      judge(BARS_COLUMNS, { ...measuredNs(columns!, plain), first: columns!.rounds[0] }),
    ]
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
