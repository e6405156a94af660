import { describe, expect, it } from 'vitest'
import { faults, feedFaults, fillModel } from './venue-models.js'

describe('what a run file says of a venue', () => {
  it('names faults with their numbers and fills in what is left out', () => {
    const given = [
      { fault: { kind: 'lost_ack', timeout_ns: 5 }, share: '0.01' },
      { fault: { kind: 'disconnect', timeout_ns: 5 }, from_ms: 1, until_ms: 2 },
    ]
    expect(faults.parse(given)).toEqual([
      given[0],
      { ...given[1], fault: { kind: 'disconnect', timeout_ns: 5, cancel_orders: false } },
    ])
    expect(feedFaults.parse([{ fault: { kind: 'gap' }, instrument: 'A' }])).toEqual([
      { fault: { kind: 'gap' }, instrument: 'A' },
    ])
  })

  it.each([
    ['a fault without a name', [{ fault: { ns: 5 } }]],
    ['a fault of another name', [{ fault: { kind: 'earthquake' } }]],
    ['a fault with a key of another', [{ fault: { kind: 'duplicate_fill', ns: 5 } }]],
    ['a time below 0', [{ fault: { kind: 'duplicate_fill' }, from_ms: -1 }]],
    ['a fault of a feed', [{ fault: { kind: 'gap' } }]],
  ])('refuses %s', (_, given) => {
    expect(faults.safeParse(given).success).toBe(false)
  })

  it('takes a path through bars where one is named', () => {
    const rules = { queue: 'conservative', passive: 'partial', taker: 'walk_depth' } as const
    expect(fillModel.parse(rules)).not.toHaveProperty('bar_path')
    expect(fillModel.parse({ ...rules, bar_path: 'adaptive_ohlc' })).toMatchObject({ bar_path: 'adaptive_ohlc' })
    expect(fillModel.safeParse({ ...rules, bar_path: 'best_first' }).success).toBe(false)
  })
})
