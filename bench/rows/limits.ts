import type { TapeName } from '../inputs/catalog.js'
import type { ContestantName, WorkName } from '../works/contestants.js'
import type { Limits } from './row.js'

const NS_PER_S = 1e9
const S_PER_MIN = 60

function perSecond(name: string, floor: number, goal: number): Limits {
  return { name, unit: 'ticks/s', better: 'more', floor, goal }
}

function barsPerSecond(name: string, floor: number | null, goal: number | null): Limits {
  return { name, unit: 'bars/s', better: 'more', floor, goal }
}

function ns(name: string, unit: string, floor: number | null, goal: number | null): Limits {
  return { name, unit, better: 'less', floor, goal }
}

/** The brief's line: a TypeScript controller called on every tick. */
export const BRIEF: Limits = {
  name: 'ticks a minute, TypeScript controller at every record',
  unit: 'ticks/min',
  better: 'more',
  floor: 500_000,
  goal: 40e6 * S_PER_MIN,
}

export const BOOK: Limits = ns('1 book update + best price, Rust', 'ns', 100, 10)
export const BOOKS: Limits = ns('1 the same at random over 500 books', 'ns', 100, 20)
export const ORDERS: Limits = ns('2 order added or cancelled, 50 000 resting, Rust', 'ns', 150, 20)
export const FILL: Limits = ns('2 fill of a resting order, Rust', 'ns', 150, 40)
export const STEP: Limits = perSecond('3 whole tick by step', 5e6, 40e6)
export const FRAMES: Limits = perSecond('4 whole tick by frames', 10e6, 55e6)
export const ADVANCE: Limits = perSecond('5 advance to every 100th record', 15e6, 100e6)
export const SWEEP: Limits = { name: '6 sweep over all CPUs', unit: '× linear', better: 'more', floor: 0.6, goal: 0.85 }
export const INDICATORS: Limits = ns('7 EMA + ATR streaming, Rust', 'ns/bar', 20, 5)
export const CROSSOVER_ENGINE: Limits = barsPerSecond('8 SMA crossover, engine called each bar', 2e6, 20e6)
export const CROSSOVER_LIBRARY: Limits = barsPerSecond('8 SMA crossover, `Sma` called each bar', 2e6, 20e6)
export const CROSSOVER_COLUMNS: Limits = barsPerSecond(
  '8 SMA crossover, `Sma` by columns, TypeScript each bar',
  2e6,
  20e6,
)
export const CROSSOVER_PLAIN: Limits = barsPerSecond('W3 SMA crossover, plain', null, null)
export const BOUNDARY: Limits = ns('9 step above native', 'ns', 40, 10)

/** Ahead of JavaScript: the ratio is the figure. */
export const AHEAD_WARM: Limits = {
  name: '4 frames against warm plain JS',
  unit: '×',
  better: 'more',
  floor: null,
  goal: 1,
}
export const AHEAD_FIRST: Limits = {
  name: '4 frames against plain JS, first',
  unit: '×',
  better: 'more',
  floor: null,
  goal: 3,
}

export const FRAME: Limits = ns('12 JSON depth frame, 20 levels, to book', 'ns', 20_000, 1_000)
export const COLLECTIONS: Limits = { name: 'garbage collections', unit: '', better: 'less', floor: 0, goal: 0 }
export const MEMORY: Limits = { name: 'growth of resident memory', unit: 'MB', better: 'less', floor: 10, goal: 10 }
export const READING: Limits = ns('reading a tape, decoded', 'ns/record', 1000, 55)
export const CACHE_READING: Limits = ns('reading a tape, from its cache', 'ns/record', 100, 5)
export const BARS_LIBRARY: Limits = ns('W4 EMA + ATR a bar, library by columns', 'ns/bar', null, null)
export const BARS_PLAIN: Limits = ns('W4 EMA + ATR a bar, plain', 'ns/bar', null, null)

/** The prototype's figures in ns a record, and what a whole engine may need beside them. */
const PROTOTYPE: Record<'W1' | 'W2', Record<TapeName, Record<'step' | 'frames' | 'advance', number>>> = {
  W1: {
    real: { step: 16.6, frames: 9.9, advance: 4.7 },
    bench: { step: 18.4, frames: 11.7, advance: 6.6 },
  },
  W2: {
    real: { step: 21.9, frames: 16.8, advance: 7.8 },
    bench: { step: 24.9, frames: 19.8, advance: 9.6 },
  },
}
const WHOLE_ENGINE = 1.25
const FLOOR_PER_S = { step: 5e6, frames: 10e6, advance: 15e6 } as const

/** What W0, W1 and W2 are held against. */
export function workLimits(work: WorkName, input: TapeName, name: ContestantName): Limits {
  const title = `${work} ${input}, ${name}`
  if (name === 'plain') return ns(`${work} ${input}, plain JavaScript`, 'ns/record', null, null)
  if (work === 'W0') return ns(title, 'ns/record', name === 'step' ? null : 100, null)
  const goal = Math.round(PROTOTYPE[work][input][name] * WHOLE_ENGINE * 10) / 10
  return ns(title, 'ns/record', Math.round(NS_PER_S / FLOOR_PER_S[name]), goal)
}
