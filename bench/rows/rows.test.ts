import { expect, test } from 'vitest'
import { agreedAnswer, difference } from '../answers.js'
import { parseOptions } from '../options.js'
import { formatTable, number } from '../table.js'
import { asRate } from './figures.js'
import { attempt, judge, type Limits, skipped } from './row.js'
import { bookTimes, frameTimes, indicatorTimes, orderTimes } from './rust.js'

const NS: Limits = { name: 'step', unit: 'ns', better: 'less', floor: 100, goal: 10 }
const RATE: Limits = { name: 'rate', unit: 'ticks/s', better: 'more', floor: 5, goal: 50 }

test('a figure at the goal is a goal, one between is a floor, one beyond the floor fails', () => {
  expect([10, 10.1, 100, 100.1].map((figure) => judge(NS, { figure }).verdict)).toEqual([
    'goal',
    'floor',
    'floor',
    'fail',
  ])
  expect([50, 49, 5, 4].map((figure) => judge(RATE, { figure }).verdict)).toEqual(['goal', 'floor', 'floor', 'fail'])
})

test('a floor is missed only where no round passed it', () => {
  expect(judge(NS, { figure: 150, best: 90 }).verdict).toBe('floor')
})

test('a wrong answer fails whatever its time, and no figure is shown', () => {
  const row = judge(NS, { figure: 1, wrong: 'fills 1 instead of 2' })
  expect(row).toMatchObject({ verdict: 'fail', figure: null, reason: 'wrong answer: fills 1 instead of 2' })
})

test('what is not a number fails', () => {
  expect(judge(NS, { figure: Number.NaN }).verdict).toBe('fail')
})

test('a row without limits is judged by its answers alone', () => {
  expect(judge({ ...NS, floor: null, goal: null }, { figure: 1e9 }).verdict).toBe('goal')
})

test('a measurement that breaks fails its rows and no others', async () => {
  const rows = await attempt([NS, RATE], () => Promise.reject(new Error('no such tape')))
  expect(rows.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['fail', 'no such tape'],
    ['fail', 'no such tape'],
  ])
})

test('a time becomes a rate with its first run and its best round', () => {
  expect(asRate({ figure: 20, first: 40, best: 10 }, 1e9)).toMatchObject({ figure: 50e6, first: 25e6, best: 100e6 })
})

test('answers are compared exactly, floats to a billionth', () => {
  const agreed = agreedAnswer('W2', 'real', 100_000)!
  expect(difference({ ...agreed, ema: agreed.ema! * (1 + 1e-12) }, agreed)).toBeUndefined()
  expect(difference({ ...agreed, atr: agreed.atr! * (1 + 1e-8) }, agreed)).toMatch(/^atr/)
  expect(difference({ ...agreed, fills: 191 }, agreed)).toBe('fills 191 instead of 190')
  expect(agreedAnswer('W2', 'real', 7)).toBeUndefined()
})

test('the figures of the Rust examples are read from their lines', () => {
  const book = bookTimes(
    'ns a record   min  median   first\nwalk, new book   7.1 8 9\nwalk, warm book      6.10    7.20    9.30\n',
  )
  expect(book.get('walk')).toEqual({ best: 6.1, figure: 7.2, first: 9.3 })
  const orders = orderTimes(
    'add or cancel, 50000 resting   25.1 26.0 39.2\nthe same, fetched ahead   20.0 21.0 22.0\nfill of a resting order   12.3 13.4 14.5\n',
  )
  expect([...orders]).toEqual([
    ['add or cancel, 50000 resting', { best: 25.1, figure: 26, first: 39.2 }],
    ['fill of a resting order', { best: 12.3, figure: 13.4, first: 14.5 }],
  ])
  const frame = frameTimes('depth frame of 20 levels, 587 bytes ns: first 3625, least 2330, median 3565\n')
  expect(frame.get('depth frame of 20 levels')).toEqual({ first: 3625, best: 2330, figure: 3565 })
  const bars = indicatorTimes('ema 14 + atr 14  ns/bar: first 5.02, least 4.61, median 4.80, worst 6.00\n')
  expect(bars.get('ema 14 + atr 14')).toEqual({ first: 5.02, best: 4.61, figure: 4.8 })
})

test('the table aligns its columns and says why a row was skipped', () => {
  const [head, first, second] = formatTable([judge(NS, { figure: 12.34 }), skipped(RATE, 'no cargo')], false).split(
    '\n',
  )
  expect(head!.indexOf('figure') + 'figure'.length).toBe(first!.indexOf('12.3') + '12.3'.length)
  expect(second).toContain('skipped: no cargo')
  expect(number(1_234_567)).toBe('1 234 567')
})

test('colours appear only when they are asked for', () => {
  const row = judge(NS, { figure: 1 })
  expect(formatTable([row], false)).not.toContain('\u001b')
  expect(formatTable([row], true)).toContain('\u001b[32m')
})

test('options name what was given and what is allowed', () => {
  expect(parseOptions(['--work', 'W2', '--tape', 'a.tape.parquet', '--json'])).toMatchObject({
    json: true,
    single: { work: 'W2', tape: 'a.tape.parquet', mode: 'step' },
  })
  expect(() => parseOptions(['--work', 'W9', '--tape', 'a'])).toThrow('--work W9 is not one of W0, W1, W2')
  expect(() => parseOptions(['--work', 'W2'])).toThrow('give both')
  expect(() => parseOptions(['--fast'])).toThrow(/--fast/)
})
