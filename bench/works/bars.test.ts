import { expect, test } from 'vitest'
import { BARS_ANSWER, isClose } from '../answers.js'
import { generateBars } from '../inputs/bars.js'
import { barContestants } from './bars.js'

test('plain JavaScript and native columns give the agreed averages of the million bars, again and again', () => {
  const contestants = barContestants(new Float64Array(generateBars(1_000_000).buffer))
  expect([...contestants.keys()]).toEqual(['plain', 'columns'])
  for (const [name, contestant] of contestants) {
    for (let round = 0; round < 2; round += 1) {
      const { ema, atr } = contestant.prepare()()
      expect([isClose(ema, BARS_ANSWER.ema), isClose(atr, BARS_ANSWER.atr)], name).toEqual([true, true])
    }
  }
})
