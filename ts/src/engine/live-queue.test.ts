import { describe, expect, it } from 'vitest'
import type { Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { FLAG, generatedTicks, KIND, type RawTick, TICK_BYTES, tickBytes } from './generated-market.test-kit.js'
import { codeOf, DiceTrader, generatedEngine, Newspaper, outcomeOf, perpetualConfig } from './recorded-run.test-kit.js'

const NOTHING: Strategy = { onTick: () => undefined }

function liveEngine(capacity?: number): Engine {
  const engine = new Engine(perpetualConfig())
  engine.goLive(capacity)
  return engine
}

describe('the live form', () => {
  it('pushed in pieces of any size gives the news and ledger of the same ticks loaded at once', () => {
    const ticks = tickBytes(generatedTicks(13, 3_000))
    const whole = outcomeOf(generatedEngine({ seed: 13, messages: 3_000 }), new DiceTrader(13))
    for (const mode of ['step', 'frames', 'advance'] as const) {
      const engine = liveEngine(1_000)
      const trader = new DiceTrader(13)
      const paper = new Newspaper()
      for (let at = 0, piece = 1; at < ticks.length; at += piece * TICK_BYTES, piece = (piece * 7) % 500) {
        engine.pushTicks(ticks.subarray(at, at + piece * TICK_BYTES))
        engine.run(trader, { mode, observer: paper })
      }
      expect(whole.fills).toBeGreaterThan(20)
      expect(paper.lines).toEqual(whole.news)
      expect(JSON.stringify(engine.ledger())).toBe(whole.ledger)
      expect(engine.queue()).toMatchObject({ depth: 0, conflated: 0 })
      engine.close()
    }
  })

  it('run returns when the queue is dry and goes on when there is more', () => {
    const engine = liveEngine()
    const trade: RawTick = {
      recvNs: 1_000_000_000n,
      kind: KIND.trade,
      side: 0,
      priceTicks: 5,
      sizeLots: 1,
      flags: FLAG.last,
    }
    expect(engine.run(NOTHING)).toMatchObject({ records: 0 })
    engine.pushTicks(tickBytes([trade, trade, trade]))
    expect(engine.queue()).toEqual({ depth: 3, deepest: 3, conflated: 0 })
    expect(engine.run(NOTHING)).toMatchObject({ records: 3 })
    expect(engine.run(NOTHING)).toMatchObject({ records: 0 })
    engine.pushTicks(tickBytes([trade]))
    expect(engine.run(NOTHING)).toMatchObject({ records: 1 })
    expect(engine.records).toBe(4)
    engine.close()
  })

  it('ticks may be pushed from inside the run', () => {
    const ticks = tickBytes(generatedTicks(13, 100))
    const engine = liveEngine()
    let at = TICK_BYTES
    engine.pushTicks(ticks.subarray(0, TICK_BYTES))
    const feeding: Strategy = {
      interests: { every: 'record' },
      onTick() {
        engine.pushTicks(ticks.subarray(at, at + TICK_BYTES))
        at += TICK_BYTES
      },
    }
    expect(engine.run(feeding).records).toBe(ticks.length / TICK_BYTES)
    engine.close()
  })

  it('when it is full newer states take the place of older ones, which is counted, and the book comes out the same', () => {
    const ticks = generatedTicks(17, 2_000).filter(({ kind }) => kind !== KIND.trade)
    const opening = ticks.findIndex(({ kind }) => kind === KIND.end) + 1
    const engine = liveEngine(200)
    engine.pushTicks(tickBytes(ticks.slice(0, opening)))
    engine.run(NOTHING)
    engine.pushTicks(tickBytes(ticks.slice(opening)))
    const { depth, deepest, conflated } = engine.queue()
    expect(deepest).toBe(200)
    expect(depth + conflated).toBe(ticks.length - opening)
    engine.run(NOTHING)

    const slow = new Engine(perpetualConfig())
    slow.loadTicks(tickBytes(ticks))
    slow.run(NOTHING)
    for (const side of [0, 1] as const) expect(engine.depth(side, 1_000)).toEqual(slow.depth(side, 1_000))
    engine.close()
    slow.close()
  })

  it('trades are never dropped: a queue full of them is E_QUEUE_FULL', () => {
    const engine = liveEngine(4)
    const trade: RawTick = { recvNs: 1n, kind: KIND.trade, side: 0, priceTicks: 5, sizeLots: 1, flags: FLAG.last }
    expect(codeOf(() => engine.pushTicks(tickBytes(Array.from({ length: 5 }, () => trade))))).toBe('E_QUEUE_FULL')
    expect(engine.run(NOTHING).records).toBe(4)
    engine.close()
  })

  it('ticks that cannot be are refused whole: nothing of them is queued', () => {
    const engine = liveEngine()
    const good: RawTick = { recvNs: 1n, kind: KIND.trade, side: 0, priceTicks: 5, sizeLots: 1 }
    expect(codeOf(() => engine.pushTicks(tickBytes([good, { ...good, kind: 99 }])))).toBe('E_TICK_RECORD')
    expect(codeOf(() => engine.pushTicks(tickBytes([good]).subarray(1)))).toBe('E_TICK_BUFFER')
    expect(engine.queue().depth).toBe(0)
    engine.close()
  })

  it('ticks pushed before going live are E_CONFIG', () => {
    const engine = new Engine(perpetualConfig())
    expect(codeOf(() => engine.pushTicks(tickBytes([])))).toBe('E_CONFIG')
    engine.close()
  })
})

describe('records that no market sends', () => {
  const trade: RawTick = { recvNs: 1_000n, kind: KIND.trade, side: 0, priceTicks: 5, sizeLots: 1 }

  it.each<[string, RawTick, string]>([
    ['of an instrument that is not there', { ...trade, instrument: 1 }, 'E_UNKNOWN_INSTRUMENT'],
    ['received before the one ahead', { ...trade, recvNs: 999n }, 'E_TIME_BACKWARDS'],
    ['a level of no side', { ...trade, kind: KIND.delta, side: 2 }, 'E_TICK_RECORD'],
  ])('%s: the run stops there with %s, again and again', (_what, bad, code) => {
    for (const mode of ['step', 'frames', 'advance'] as const) {
      const engine = new Engine(perpetualConfig())
      engine.loadTicks(tickBytes([trade, trade, bad, trade]))
      expect(codeOf(() => engine.run(NOTHING, { mode }))).toBe(code)
      expect(() => engine.run(NOTHING, { mode })).toThrow('record 2 ')
      expect(engine.records).toBe(2)
      engine.close()
    }
  })
})
