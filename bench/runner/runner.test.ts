import { expect, test } from 'vitest'
import type { Answer } from '../answers.js'
import { interleave } from './interleave.js'
import { median, medianRatio, quantile, timesOf } from './statistics.js'

test('the first round is told apart from the warm ones', () => {
  expect(timesOf([100, 50, 9, 7, 8], 2)).toEqual({ first: 100, least: 7, median: 8, worst: 9 })
})

test('a series without a round after the warm-up is refused', () => {
  expect(() => timesOf([1, 2], 2)).toThrow(/leave none/)
})

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(quantile([1, 2, 3, 4, 5], 0.9)).toBeCloseTo(4.6)
})

test('a ratio is taken within each round, so a slow round does not move it', () => {
  expect(medianRatio([99, 20, 200, 20], [1, 10, 100, 10], 1)).toBe(2)
})

test('contestants run in turn, a round at a time', () => {
  const order: string[] = []
  const contestant = (name: string) => ({
    prepare: () => () => {
      order.push(name)
      return { checksum: 1 }
    },
  })
  const outcomes = interleave(
    new Map([
      ['a', contestant('a')],
      ['b', contestant('b')],
    ]),
    10,
    3,
    { checksum: 1 },
  )
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
  expect(outcomes.get('a')!.rounds).toHaveLength(3)
  expect(outcomes.get('a')!.wrong).toBeUndefined()
})

test('an answer that differs from the agreed one is told, also if only one round gave it', () => {
  const answers: Answer[] = [{ checksum: 1 }, { checksum: 2 }, { checksum: 1 }]
  const contestant = { prepare: () => () => answers.shift()! }
  const outcome = interleave(new Map([['a', contestant]]), 10, 3, { checksum: 1 }).get('a')!
  expect(outcome.wrong).toBe('checksum 2 instead of 1')
})
