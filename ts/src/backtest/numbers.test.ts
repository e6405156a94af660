import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DecisionTimer } from './decision-timer.js'
import { EquityCurve } from './equity-curve.js'
import { Grid } from './grid.js'

describe('a grid', () => {
  test.each([
    ['0.10', 618_003, '61800.3'],
    ['0.00001', -7, '-0.00007'],
    ['0.25', 3, '0.75'],
    ['5', 12, '60'],
    ['0.1', 0, '0'],
    ['0.000000000001', 10n ** 30n, `1${'0'.repeat(18)}`],
  ])('of %s writes %s steps as %s', (step, count, text) => {
    expect(new Grid(step).text(count)).toBe(text)
  })

  test('writes what a number would say, wherever numbers are exact', () => {
    fc.assert(
      fc.property(fc.integer(), (count) => {
        expect(Number(new Grid('0.125').text(count))).toBe(count * 0.125 + 0)
      }),
    )
  })

  test('refuses steps that are no decimal and counts that are not whole', () => {
    expect(() => new Grid('1e-7')).toThrow('is no decimal number')
    expect(() => new Grid('1').text(Number.NaN)).toThrow('is no whole number of steps')
  })
})

describe('an equity curve', () => {
  test('finds the deepest fall from an earlier height', () => {
    const curve = new EquityCurve()
    for (const equity of [100, 120, 90, 110, 130, 105]) curve.add(equity)
    expect(curve.drawdown).toEqual({ amount: 30, percent: 25 })
  })

  test('keeps its memory bounded and still ends at the last sample', () => {
    const curve = new EquityCurve()
    for (let k = 0; k <= 100_000; k++) curve.add(k)
    const points = curve.resampled(80)
    expect([points.length, points[0], points.at(-1)]).toEqual([80, 0, 100_000])
    expect(points).toEqual([...points].sort((a, b) => a - b))
  })

  test('of no samples draws nothing and has not fallen', () => {
    const curve = new EquityCurve()
    expect([curve.resampled(80), curve.drawdown]).toEqual([[], { amount: 0, percent: 0 }])
  })
})

describe('a decision timer', () => {
  test('passes everything on and times the first decisions and every n-th one after them', () => {
    const timer = new DecisionTimer(1, 2)
    const seen: string[] = []
    class Chatty {
      readonly interests = { trade: true }
      readonly name = 'me'
      onTick(): void {
        seen.push(this.name)
      }
      onBar(): void {
        seen.push('bar')
      }
    }
    const timed = timer.around(new Chatty())
    for (let k = 0; k < 5; k++) timed.onTick({} as never, {} as never)
    timed.onBar?.({} as never)
    expect(seen).toEqual(['me', 'me', 'me', 'me', 'me', 'bar'])
    expect([timed.interests, timed.onFrame]).toEqual([{ trade: true }, undefined])
    const report = timer.report()
    expect(report.timed).toBe(3)
    expect(report.p50_ns).toBeLessThanOrEqual(report.p99_ns)
  })
})
