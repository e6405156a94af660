import { describe, expect, it } from 'vitest'
import { Side, type Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { FLAG, generatedTicks, instrumentSpec, KIND, type RawTick, tickBytes } from './generated-market.test-kit.js'
import { DiceTrader, generatedEngine, Newspaper, outcomeOf, perpetualConfig } from './recorded-run.test-kit.js'
import type { Markout, RunMode, Sample } from './types.js'

const MODES: readonly RunMode[] = ['step', 'frames', 'advance']

describe('small event rings lose nothing', () => {
  it.each(MODES)('in %s mode: a ring of 16 gives the news of one of 4096', (mode) => {
    const config = { instruments: [instrumentSpec('A'), instrumentSpec('B')], sample_ms: 20, markouts_ms: [50, 500] }
    const [small, large] = [16, 4_096].map((event_ring) => {
      const engine = generatedEngine({ seed: 5, messages: 4_000, config: { ...config, event_ring } })
      const seen = { samples: [] as string[], markouts: [] as string[] }
      const paper = new Newspaper()
      engine.run(new DiceTrader(5, undefined, 6), {
        mode,
        observer: {
          onOwnEvent: (event) => paper.onOwnEvent(event),
          onSample: ({ tsNs, instrument, mid, equity }) =>
            void seen.samples.push([tsNs, instrument, mid, equity].join()),
          onMarkout: ({ tradeId, horizonMs, mid }) => void seen.markouts.push([tradeId, horizonMs, mid].join()),
        },
      })
      const { lost_samples, undelivered_events } = engine.books()
      engine.close()
      return { ...seen, news: paper.lines, fills: paper.fills, lost_samples, undelivered_events }
    })
    expect(small?.fills).toBeGreaterThan(40)
    expect(small?.samples.length).toBeGreaterThan(500)
    expect(small?.markouts.length).toBeGreaterThan(80)
    for (const what of ['news', 'samples', 'markouts'] as const) expect(small?.[what].length).toBe(large?.[what].length)
    expect(small).toEqual(large)
    expect(small?.lost_samples).toBe(0)
  })

  it('more news at once than a ring of 16 holds comes record by record: forty orders are forty fills', () => {
    const engine = generatedEngine({ messages: 3_000, config: { event_ring: 16, command_ring: 64 } })
    const fills: number[] = []
    const strategy: Strategy = {
      interests: { every: 'message' },
      onTick(frame, commands) {
        if (commands.orders.count > 0 || fills.length > 0) return
        for (let k = 0; k < 40; k++) commands.submit(Side.Buy, frame.askTicks + 50, 1)
      },
      onFill: (fill) => void fills.push(fill.orderId),
    }
    engine.run(strategy, { mode: 'advance', maxRecords: 500 })
    expect(new Set(fills).size).toBe(40)
    expect(engine.ledger().instruments[0]).toMatchObject({ position_lots: '40', position: '0.04' })
    engine.close()
  })
})

describe('what reaches strategy and observer', () => {
  it('fills and updates tell the same story as the ledger', () => {
    const engine = generatedEngine({ seed: 5, messages: 4_000 })
    const trader = new DiceTrader(5)
    let position = 0
    let fees = 0
    let fills = 0
    const strategy: Strategy = {
      interests: trader.interests,
      onTick(frame, commands) {
        expect(frame.positionLots).toBe(position)
        trader.onTick(frame, commands)
      },
      onFill(fill) {
        fills += 1
        position += fill.side === Side.Buy ? fill.sizeLots : -fill.sizeLots
        fees += fill.fee
        expect(fill.leavesLots).toBeGreaterThanOrEqual(0)
      },
    }
    engine.run(strategy)
    const [line] = engine.ledger().instruments
    expect(fills).toBeGreaterThan(50)
    expect(line).toMatchObject({ fills, position_lots: `${position}` })
    expect(fees).toBeCloseTo(Number(line?.fees), 6)
    engine.close()
  })

  it('samples come with the first record at each multiple of their interval, one an instrument, and the last is near the ledger', () => {
    const instruments = [instrumentSpec('A'), instrumentSpec('B')]
    const engine = generatedEngine({ seed: 5, config: { instruments, sample_ms: 100 } })
    const samples: (Sample & { readonly tsNs: bigint })[] = []
    engine.run(new DiceTrader(5), {
      observer: {
        onSample: ({ tsNs, instrument, equity, mid }) => void samples.push({ tsNs, instrument, equity, mid } as Sample),
      },
    })
    expect(samples.length).toBeGreaterThan(40)
    expect(samples.every(({ tsNs }) => tsNs % 100_000_000n < 5_000_000n)).toBe(true)
    expect(samples.filter(({ instrument }) => instrument === 1)).toHaveLength(samples.length / 2)
    expect(samples.at(-1)?.equity).toBeCloseTo(Number(engine.ledger().assets[0]?.equity), -2)
    engine.close()
  })

  it('a markout of each fill at each horizon', () => {
    const engine = generatedEngine({ seed: 5, messages: 4_000, config: { markouts_ms: [100, 300] } })
    const markouts = new Map<string, Pick<Markout, 'side' | 'fillPriceTicks' | 'sizeLots' | 'mid'>>()
    const fills = new Map<number, { side: Side; priceTicks: number; sizeLots: number }>()
    engine.run(new DiceTrader(5), {
      observer: {
        onOwnEvent({ kind, tradeId, side, priceTicks, sizeLots }) {
          if (kind === 3) fills.set(tradeId, { side, priceTicks, sizeLots })
        },
        onMarkout({ tradeId, horizonMs, side, fillPriceTicks, sizeLots, mid }) {
          markouts.set(`${tradeId}/${horizonMs}`, { side, fillPriceTicks, sizeLots, mid })
        },
      },
    })
    engine.close()
    const [early] = fills
    for (const horizon of [100, 300]) {
      const markout = markouts.get(`${early?.[0]}/${horizon}`)
      expect(markout).toMatchObject({
        side: early?.[1].side,
        fillPriceTicks: early?.[1].priceTicks,
        sizeLots: early?.[1].sizeLots,
      })
      expect(Math.abs(Number(markout?.mid) - Number(early?.[1].priceTicks) * 0.1)).toBeLessThan(20)
    }
    // Of the last fills the horizon lies behind the end.
    expect(markouts.size).toBeGreaterThan(1.8 * fills.size)
  })

  it('bars close with open, high, low, close, volume and count of their trades', () => {
    const minute = 60_000_000_000n
    const trades = [100, 103, 99, 101].map(
      (priceTicks, k): RawTick => ({
        recvNs: minute + BigInt(k) * 10_000_000_000n + 5_000_000n,
        kind: KIND.trade,
        side: 0,
        priceTicks,
        sizeLots: k + 1,
        flags: FLAG.last,
      }),
    )
    const next: RawTick = { ...(trades[0] as RawTick), recvNs: 2n * minute + 7_000_000n }
    for (const mode of MODES) {
      const engine = new Engine(perpetualConfig({ bars: [{ interval_ms: 60_000 }] }))
      engine.loadTicks(tickBytes([...trades, next]))
      const bars: unknown[] = []
      let acted = 0
      engine.run(
        {
          interests: { barClose: true },
          onTick: () => void acted++,
          onBar: (bar) => {
            const { openUs, closeUs, openTicks, highTicks, lowTicks, closeTicks, volumeLots, trades: count } = bar
            bars.push({ openUs, closeUs, prices: [openTicks, highTicks, lowTicks, closeTicks], volumeLots, count })
          },
        },
        { mode },
      )
      engine.close()
      expect(bars).toEqual([{ openUs: 60e6, closeUs: 120e6, prices: [100, 103, 99, 101], volumeLots: 10, count: 4 }])
      expect(acted).toBe(1)
    }
  })

  it('an observer that has seen enough stops the run, which can go on later', () => {
    const engine = generatedEngine({ messages: 2_000 })
    engine.loadTicks(tickBytes(generatedTicks(1, 2_000)), 5_000)
    const stopped = engine.run(
      { interests: { every: 'record' }, onTick: () => undefined },
      { observer: { onProgress: () => false } },
    )
    expect(stopped.ended).toBe(false)
    expect(stopped.records).toBeLessThan(engine.tickCount)
    expect(
      engine.run({ interests: { every: 1_000_000_000 }, onTick: () => undefined }, { maxRecords: 100 }),
    ).toMatchObject({
      records: 100,
      ended: false,
    })
    engine.close()
  })

  it('a seed of its own gives another course of a random fill model', () => {
    const [one, same, other] = [1, 1, 2].map((seed) =>
      outcomeOf(
        generatedEngine({
          seed: 5,
          config: { seed, entry_latency: { kind: 'uniform', min_ns: 0, max_ns: 9_000_000 } },
        }),
        new DiceTrader(5),
      ),
    )
    expect(same).toEqual(one)
    expect(other?.news).not.toEqual(one?.news)
  })
})
