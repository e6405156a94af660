import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Atr,
  BollingerBands,
  Ema,
  Macd,
  RollingMax,
  RollingMin,
  RollingStd,
  RollingVwap,
  Rsi,
  SessionVwap,
  Sma,
  VolumeRatio,
  ZScore,
} from './index.js'

type Row = readonly number[]

/** What all indicators have in common. */
interface Instance extends Disposable {
  update(...row: number[]): number
  updateMany(...columns: never[]): number
  reset(): void
  readonly isReady: boolean
}

interface Case {
  readonly name: string
  make(): Instance
  /** What it takes of a generated row of time, price and size. */
  row(tsUs: number, price: number, size: number): Row
  /** Its definition, from all rows so far; NaN during the warm-up. */
  plain(rows: readonly Row[]): number[]
  /** What it shows, in the order of `plain`. */
  readonly outputs?: readonly string[]
}

const N = 5
const price: Case['row'] = (_, price) => [price]
const last = <T>(xs: readonly T[], n: number) => (xs.length < n ? undefined : xs.slice(-n))
const sum = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0)
const mean = (xs: readonly number[]) => sum(xs) / xs.length
const deviation = (xs: readonly number[], degrees = xs.length) =>
  Math.sqrt(sum(xs.map((x) => (x - mean(xs)) ** 2)) / degrees)
const firsts = (rows: readonly Row[]) => rows.map((row) => row[0] as number)
const smoothed = (xs: readonly number[], alpha: number) => xs.reduce((average, x) => average + (x - average) * alpha)
const ema = (xs: readonly number[], n: number) => smoothed(xs, 2 / (n + 1))
const wilder = (xs: readonly number[], n: number) => smoothed([mean(xs.slice(0, n)), ...xs.slice(n)], 1 / n)

/** A definition over the last `n` rows. */
const windowed = (n: number, of: (rows: readonly Row[]) => number) => (rows: readonly Row[]) => {
  const window = last(rows, n)
  return [window === undefined ? Number.NaN : of(window)]
}

function rsi(rows: readonly Row[]): number[] {
  const prices = firsts(rows)
  if (prices.length <= N) return [Number.NaN]
  const changes = prices.slice(1).map((x, k) => x - (prices[k] as number))
  const [gains, losses] = [1, -1].map((sign) =>
    wilder(
      changes.map((change) => Math.max(sign * change, 0)),
      N,
    ),
  ) as [number, number]
  return [gains + losses === 0 ? 50 : (100 * gains) / (gains + losses)]
}

function macd(rows: readonly Row[]): number[] {
  const prices = firsts(rows)
  if (prices.length < 5 + 3 - 1) return [Number.NaN, Number.NaN, Number.NaN]
  const lines = prices.map((_, k) => ema(prices.slice(0, k + 1), 2) - ema(prices.slice(0, k + 1), 5))
  const signal = ema(lines.slice(4), 3)
  const line = lines.at(-1) as number
  return [line, signal, line - signal]
}

function atr(rows: readonly Row[]): number[] {
  if (rows.length < N) return [Number.NaN]
  const ranges = rows.map(([high, low], k) => {
    const before = rows[k - 1]?.[2]
    return Math.max(high as number, before ?? -Infinity) - Math.min(low as number, before ?? Infinity)
  })
  return [wilder(ranges, N)]
}

const vwap = (rows: readonly Row[], priceAt: number) => {
  const volume = sum(rows.map((row) => row[priceAt + 1] as number))
  return volume === 0
    ? Number.NaN
    : sum(rows.map((row) => (row[priceAt] as number) * (row[priceAt + 1] as number))) / volume
}

const day = (row: Row | undefined) => Math.floor((row?.[0] as number) / 86_400_000_000)

const zScore = (xs: readonly number[]) => (deviation(xs) === 0 ? 0 : ((xs.at(-1) as number) - mean(xs)) / deviation(xs))

const CASES: readonly Case[] = [
  {
    name: 'Ema',
    make: () => new Ema({ period: N }),
    row: price,
    plain: (rows) => [rows.length < N ? Number.NaN : ema(firsts(rows), N)],
  },
  { name: 'Sma', make: () => new Sma({ period: N }), row: price, plain: windowed(N, (rows) => mean(firsts(rows))) },
  {
    name: 'RollingStd',
    make: () => new RollingStd({ period: N, divisor: 'sample' }),
    row: price,
    plain: windowed(N, (rows) => deviation(firsts(rows), N - 1)),
  },
  {
    name: 'ZScore',
    make: () => new ZScore({ period: N }),
    row: price,
    plain: windowed(N, (rows) => zScore(firsts(rows))),
  },
  {
    name: 'RollingMin',
    make: () => new RollingMin({ period: N }),
    row: price,
    plain: windowed(N, (rows) => Math.min(...firsts(rows))),
  },
  {
    name: 'RollingMax',
    make: () => new RollingMax({ period: N }),
    row: price,
    plain: windowed(N, (rows) => Math.max(...firsts(rows))),
  },
  { name: 'Rsi', make: () => new Rsi({ period: N }), row: price, plain: rsi },
  {
    name: 'Macd',
    make: () => new Macd({ fast: 2, slow: 5, signal: 3 }),
    row: price,
    plain: macd,
    outputs: ['line', 'signal', 'histogram'],
  },
  {
    name: 'BollingerBands',
    make: () => new BollingerBands({ period: N, deviations: 1.5 }),
    row: price,
    plain: (rows) => {
      const xs = last(firsts(rows), N)
      if (xs === undefined) return [Number.NaN, Number.NaN, Number.NaN]
      return [mean(xs), mean(xs) + 1.5 * deviation(xs), mean(xs) - 1.5 * deviation(xs)]
    },
    outputs: ['middle', 'upper', 'lower'],
  },
  {
    name: 'Atr',
    make: () => new Atr({ period: N }),
    row: (_, price, size) => [price + size, price, price],
    plain: atr,
  },
  {
    name: 'RollingVwap',
    make: () => new RollingVwap({ period: N }),
    row: (_, price, size) => [price, size],
    plain: windowed(N, (rows) => vwap(rows, 0)),
  },
  {
    name: 'SessionVwap',
    make: () => new SessionVwap(),
    row: (tsUs, price, size) => [tsUs, price, size],
    plain: (rows) => [
      vwap(
        rows.filter((row) => day(row) === day(rows.at(-1))),
        1,
      ),
    ],
  },
  {
    name: 'VolumeRatio',
    make: () => new VolumeRatio({ period: N, recent: 2 }),
    row: (_, __, size) => [size],
    plain: windowed(N, (rows) =>
      sum(firsts(rows)) === 0 ? Number.NaN : mean(firsts(rows.slice(-2))) / mean(firsts(rows)),
    ),
  },
]

/** Hours between trades, prices that a double holds exactly, sizes of which many are 0. */
const trades = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 1, max: 2 ** 20 }),
    fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 20 })),
  ),
  { minLength: 1, maxLength: 40 },
)

function rowsOf({ row }: Case, steps: readonly (readonly [hours: number, price: number, size: number])[]): Row[] {
  let tsUs = 0
  return steps.map(([hours, units, size]) => {
    tsUs += hours * 3_600_000_000
    return row(tsUs, units / 1_024, size / 1_024)
  })
}

/** The form for columns, whose arguments differ from class to class. */
const batch = (instance: Instance, ...columns: readonly unknown[]) =>
  Reflect.apply(instance.updateMany, instance, columns) as number

/** Equal to 1e-9 of what was computed with, which a difference is small beside. */
function expectClose(shown: readonly number[], plain: readonly number[], size: number): void {
  for (const [k, value] of plain.entries()) {
    if (Number.isNaN(value)) expect(shown[k]).toBeNaN()
    else expect(Math.abs((shown[k] as number) - value)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(value), size))
  }
}

const shownBy = (instance: Instance, outputs: readonly string[]) =>
  outputs.map((output) => Reflect.get(instance, output) as number)

describe.each(CASES)('$name', (of) => {
  const outputs = of.outputs ?? ['value']

  it('equals its definition on random streams, value by value', () => {
    fc.assert(
      fc.property(trades, (steps) => {
        using instance = of.make()
        const rows = rowsOf(of, steps)
        const size = outputs.length > 1 ? Math.max(...rows.flat()) / 1_024 : 0
        for (const [at, row] of rows.entries()) {
          const returned = instance.update(...row)
          const shown = shownBy(instance, outputs)
          const plain = of.plain(rows.slice(0, at + 1))
          expect(returned).toBe(shown[0])
          expectClose(shown, plain, of.name === 'ZScore' ? 1 : size)
          expect(instance.isReady).toBe(!Number.isNaN(plain[0]))
        }
      }),
    )
  })

  it('gives the same bits by columns, and starts afresh when it is reset', () => {
    const steps = Array.from({ length: 60 }, (_, k) => [1, 600_000 + ((k * 7_919) % 1_000), (k * 31) % 7] as const)
    const rows = rowsOf(of, steps)
    using singly = of.make()
    using columns = of.make()
    const shown = rows.map((row) => {
      singly.update(...row)
      return shownBy(singly, outputs)
    })
    const given = (rows[0] as Row).map((_, k) => Float64Array.from(rows, (row) => row[k] as number))
    const out = outputs.map(() => new Float64Array(rows.length))
    const named = Object.fromEntries(outputs.map((output, k) => [output, out[k] as Float64Array]))
    const returned = batch(columns, ...given, of.outputs === undefined ? out[0] : named)
    expect(returned).toBe(shownBy(singly, outputs)[0])
    expect(out.map((column) => [...column])).toEqual(outputs.map((_, k) => shown.map((values) => values[k])))
    expect(shownBy(columns, outputs)).toEqual(shownBy(singly, outputs))
    columns.reset()
    expect(columns.isReady).toBe(false)
    expect(shownBy(columns, outputs).every(Number.isNaN)).toBe(true)
    expect(batch(columns, ...given)).toBe(returned)
  })

  it('refuses columns of different lengths, with nothing taken', () => {
    using instance = of.make()
    const row = rowsOf(of, [[0, 1_024, 1]])[0] as Row
    const long = row.map(() => new Float64Array(3).fill(1))
    const short = of.outputs === undefined ? new Float64Array(2) : { [of.outputs[1] as string]: new Float64Array(2) }
    expect(() => batch(instance, ...long, short)).toThrow(expect.objectContaining({ code: 'E_INDICATOR_COLUMNS' }))
    expect(instance.isReady).toBe(false)
  })
})
