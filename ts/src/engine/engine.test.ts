import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Frame, Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { generatedTicks, instrumentSpec } from './generated-market.test-kit.js'
import { DiceTrader, generatedEngine, outcomeOf, perpetualConfig } from './recorded-run.test-kit.js'
import { tape } from './tape.js'
import type { RunMode } from './types.js'

const DEMO = fileURLToPath(new URL('../../../config/demo/btcusdt.tape.parquet', import.meta.url))
const MODES: readonly RunMode[] = ['step', 'frames', 'advance']

describe('how native and JavaScript take turns never changes a result', () => {
  it('step, frames and advance give equal news, ledgers and books on the bundled recording', () => {
    const [step, frames, advance] = MODES.map((mode) => {
      const { instruments } = tape.info(DEMO)
      const engine = new Engine(perpetualConfig({ instruments, deposits: { USDT: '10000000', BTC: '100' } }))
      engine.loadTapes([DEMO])
      return outcomeOf(engine, new DiceTrader(5, { intervalMs: 200, ownEvent: true }), { mode })
    })
    expect(step?.fills).toBeGreaterThan(200)
    expect(frames).toEqual(step)
    expect(advance).toEqual(step)
  })

  it.each([1, 2, 3, 4])('and on generated ticks of seed %i, of two instruments and every fill model', (seed) => {
    const fill_model = ['conservative', 'probabilistic', 'hft_no_partial', 'conservative'][seed - 1] ?? ''
    const config = { instruments: [instrumentSpec('A'), instrumentSpec('B')], fill_model, sample_ms: 100 }
    const [step, frames, advance] = MODES.map((mode) =>
      outcomeOf(generatedEngine({ seed, messages: 4_000, config }), new DiceTrader(seed), { mode }),
    )
    expect(step?.fills).toBeGreaterThan(20)
    expect(frames).toEqual(step)
    expect(advance).toEqual(step)
  })

  it.each([
    { every: 'record' },
    { every: 'message' },
    { every: 17 },
    { trade: true },
    { bestPrice: true },
    { midMovedTicks: 3 },
    { intervalMs: 50 },
    { crossesTicks: [500_002, 499_997] },
  ] as const)('whatever the controller waits for: %j', (interests) => {
    const calls: number[] = []
    const [step, frames, advance] = MODES.map((mode) => {
      const trader = new DiceTrader(9, interests)
      const outcome = outcomeOf(generatedEngine({ seed: 6 }), trader, { mode })
      calls.push(trader.calls)
      return outcome
    })
    expect(calls[0]).toBeGreaterThan(0)
    expect(new Set(calls).size).toBe(1)
    expect(frames).toEqual(step)
    expect(advance).toEqual(step)
  })
})

describe('what a controller sees', () => {
  it('frames mode shows every record once and in order', () => {
    const ticks = generatedTicks(3, 3_000)
    const seen: string[] = []
    const watcher: Strategy = {
      interests: { every: 7 },
      onTick: () => undefined,
      onFrame: (frame) =>
        void seen.push(`${frame.kind} ${frame.side} ${frame.priceTicks} ${frame.sizeLots} ${frame.tsUs}`),
    }
    const engine = generatedEngine({ seed: 3, messages: 3_000, config: { frame_ring: 64 } })
    expect(engine.run(watcher, { mode: 'frames' }).records).toBe(ticks.length)
    engine.close()
    const expected = ticks.map(({ kind, side = 2, priceTicks = 0, sizeLots = 0, recvNs }) =>
      [kind, side, priceTicks, sizeLots, Number(recvNs / 1000n)].join(' '),
    )
    expect(seen).toEqual(expected)
  })

  it('the same sights at an action point in each mode, details included', () => {
    const sightsIn = (mode: RunMode) => {
      const sights: string[] = []
      const watcher: Strategy = { interests: { every: 5 }, onTick: (frame) => void sights.push(sightOf(frame)) }
      const engine = generatedEngine({ seed: 8, config: { indicators: [{ name: 'fast', kind: 'ema', period: 10 }] } })
      engine.run(watcher, { mode })
      engine.close()
      return sights
    }
    const sights = sightsIn('step')
    expect(sights.length).toBeGreaterThan(300)
    expect(sightsIn('frames')).toEqual(sights)
    expect(sightsIn('advance')).toEqual(sights)
  })

  it('prices for reading beside exact ticks', () => {
    const engine = generatedEngine({ messages: 10 })
    const watcher: Strategy = {
      onTick(frame) {
        expect(frame.bid).toBeCloseTo(frame.bidTicks * 0.1, 9)
        expect(frame.mid).toBeCloseTo((frame.bid + frame.ask) / 2, 9)
        expect(frame.spreadTicks).toBe(frame.askTicks - frame.bidTicks)
        expect(frame.isLast && frame.isLive).toBe(true)
        expect(frame.tsNs / 1000n).toBe(BigInt(frame.tsUs))
        expect(frame.exchTsNs).toBeLessThan(frame.tsNs)
        expect(frame.equity).toBe(10_000_000)
      },
    }
    expect(engine.run(watcher).ended).toBe(true)
    engine.close()
  })
})

function sightOf(frame: Frame): string {
  const { tsNs, exchTsNs, instrument, kind, side, isLast, priceTicks, sizeLots, bidTicks, askTicks, isLive } = frame
  const rest = [frame.bidLots, frame.askLots, frame.indicator(0), frame.positionLots, frame.openOrders, frame.equity]
  return [
    tsNs,
    exchTsNs,
    instrument,
    kind,
    side,
    isLast,
    priceTicks,
    sizeLots,
    bidTicks,
    askTicks,
    isLive,
    ...rest,
  ].join()
}
