import { describe, expect, test } from 'vitest'
import type { Desired } from '../domain/index.js'
import { SimpleMaker, type SimpleMakerParams } from './simple-maker.js'
import { frameOf } from './simulated-orders.test-kit.js'

const BTC = { id: 'BTCUSDT-PERP', tickSize: 0.1, lotSize: 0.001 }
const PARAMS: SimpleMakerParams = { size: 0.002, max_position: 0.01, half_spread_ticks: 10, skew_ticks: 10 }

function quotesOf(params: SimpleMakerParams, frame: Parameters<typeof frameOf>[0]): string[] {
  const maker = new SimpleMaker(params)
  maker.onStart({ instruments: [BTC], indicatorIndex: () => 0 })
  const quotes: string[] = []
  const desired: Desired = {
    bid: (price, lots, level = 0) => quotes.push(`bid ${level}: ${lots} @ ${price}`),
    ask: (price, lots, level = 0) => quotes.push(`ask ${level}: ${lots} @ ${price}`),
    keep: () => quotes.push('keep'),
  }
  maker.onTick(frameOf(frame), desired)
  return quotes
}

describe('the simple maker', () => {
  test('quotes both sides at its half spread around the mid', () => {
    expect(quotesOf(PARAMS, { bidTicks: 618_000, askTicks: 618_001 })).toEqual([
      'bid 0: 2 @ 617990',
      'ask 0: 2 @ 618011',
    ])
  })

  test('moves both quotes down when it is long', () => {
    expect(quotesOf(PARAMS, { bidTicks: 618_000, askTicks: 618_002, positionLots: 5 })).toEqual([
      'bid 0: 2 @ 617986',
      'ask 0: 2 @ 618006',
    ])
  })

  test('stops buying where a fill would pass its limit', () => {
    expect(quotesOf(PARAMS, { bidTicks: 618_000, askTicks: 618_002, positionLots: 9 })).toEqual(['ask 0: 2 @ 618002'])
  })

  test('stops selling where a fill would pass its limit', () => {
    expect(quotesOf(PARAMS, { bidTicks: 618_000, askTicks: 618_002, positionLots: -10 })).toEqual(['bid 0: 2 @ 618001'])
  })

  test('never quotes through the market, however strong the skew', () => {
    const skewed = { ...PARAMS, skew_ticks: 1_000 }
    expect(quotesOf(skewed, { bidTicks: 618_000, askTicks: 618_002, positionLots: 10 })).toEqual(['ask 0: 2 @ 618001'])
  })

  test('counts the levels before a quote towards the limit', () => {
    const layered = { ...PARAMS, levels: 3, level_step_ticks: 5, skew_ticks: 0 }
    expect(quotesOf(layered, { bidTicks: 618_000, askTicks: 618_002, positionLots: 6 })).toEqual([
      'bid 0: 2 @ 617991',
      'ask 0: 2 @ 618011',
      'bid 1: 2 @ 617986',
      'ask 1: 2 @ 618016',
      'ask 2: 2 @ 618021',
    ])
  })

  test('wants nothing while the book is not to be trusted', () => {
    expect(quotesOf(PARAMS, { bidTicks: Number.NaN, askTicks: 618_001, isLive: false })).toEqual([])
  })

  test('leaves the orders of other instruments as they are', () => {
    expect(quotesOf(PARAMS, { bidTicks: 1, askTicks: 2, instrument: 1 })).toEqual(['keep'])
  })

  test('refuses a size that is no multiple of the lot', () => {
    const start = () => quotesOf({ ...PARAMS, size: 0.0025 }, { bidTicks: 1, askTicks: 2 })
    expect(start).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', message: expect.stringContaining('params.size') }),
    )
  })

  test('refuses a setting it does not know', () => {
    expect(SimpleMaker.params.safeParse({ ...PARAMS, spread: 3 }).success).toBe(false)
  })
})
