import { describe, expect, it } from 'vitest'
import type { Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { generatedTicks, instrumentSpec, tickBytes } from './generated-market.test-kit.js'
import { codeOf, DiceTrader, generatedEngine, Newspaper, outcomeOf, perpetualConfig } from './recorded-run.test-kit.js'
import type { EngineConfig } from './types.js'

const CONFIG: EngineConfig = perpetualConfig({
  instruments: [instrumentSpec('A'), instrumentSpec('B', { venue: 'another-town' })],
  indicators: [{ name: 'fast', kind: 'ema', period: 10 }],
  fill_model: 'probabilistic',
  entry_latency: { kind: 'uniform', min_ns: 1_000_000, max_ns: 20_000_000 },
  sample_ms: 50,
  markouts_ms: [200],
})
const TICKS = tickBytes(generatedTicks(11, 4_000, 2))

function loaded(config = CONFIG): Engine {
  const engine = new Engine(config)
  engine.loadTicks(TICKS)
  return engine
}

/** The whole run, saved after each of those many records and taken up by a new engine. */
function interrupted(after: readonly number[]) {
  const trader = new DiceTrader(4)
  const news: string[] = []
  let fills = 0
  let records = 0
  let engine = loaded()
  for (const maxRecords of after) {
    const paper = new Newspaper()
    records += engine.run(trader, { maxRecords, observer: paper }).records
    news.push(...paper.lines)
    fills += paper.fills
    const saved = engine.snapshot()
    engine.close()
    engine = loaded()
    engine.restore(saved)
    expect(engine.records).toBe(records)
  }
  const rest = outcomeOf(engine, trader)
  return { ...rest, news: [...news, ...rest.news], fills: fills + rest.fills, records: records + rest.records }
}

describe('a run that is saved and taken up again', () => {
  const whole = outcomeOf(loaded(), new DiceTrader(4))

  it.each([[[1]], [[1_000]], [[2_345, 1]], [[500, 500, 500, 500, 77, 3_000]]])(
    'after %j records is the run without a break',
    (after) => {
      expect(whole.fills).toBeGreaterThan(20)
      expect(interrupted(after)).toEqual(whole)
    },
  )

  it('goes on with the same orders in sight', () => {
    const ordersOf = (engine: Engine, trader: Strategy, maxRecords: number) => {
      let seen: string[] = []
      engine.run(
        {
          interests: { every: 'record' },
          onTick(frame, commands) {
            trader.onTick(frame, commands)
            const { orders } = commands
            seen = Array.from({ length: orders.count }, (_, k) => {
              const id = orders.idAt(k)
              return [id, orders.state(id), orders.side(id), orders.priceTicks(id), orders.leavesLots(id)].join()
            })
          },
        },
        { maxRecords },
      )
      return seen
    }
    const engine = loaded()
    const before = ordersOf(engine, new DiceTrader(4), 1_500)
    const saved = engine.snapshot()
    engine.close()
    const again = loaded()
    again.restore(saved)
    const after = ordersOf(again, { onTick: () => undefined }, 1)
    expect(before.length).toBeGreaterThan(3)
    // News of one record may have come in between: most orders are still there as they were.
    expect(after.filter((order) => before.includes(order)).length).toBeGreaterThan(before.length / 2)
    again.close()
  })

  it('an engine that is saved goes on as if it had not been', () => {
    const engine = loaded()
    const trader = new DiceTrader(4)
    const paper = new Newspaper()
    engine.run(trader, { maxRecords: 3_000, observer: paper })
    engine.snapshot()
    const rest = outcomeOf(engine, trader)
    expect([...paper.lines, ...rest.news]).toEqual(whole.news)
    expect(rest.ledger).toBe(whole.ledger)
  })
})

describe('a snapshot that does not fit is refused and the engine stays as it was', () => {
  const saved = (() => {
    const engine = loaded()
    engine.run(new DiceTrader(4), { maxRecords: 1_000 })
    const bytes = engine.snapshot()
    engine.close()
    return bytes
  })()
  const flipped = Uint8Array.from(saved, (byte, at) => (at === saved.length - 9 ? byte ^ 1 : byte))

  it.each<[string, Uint8Array]>([
    ['no bytes', new Uint8Array()],
    ['other bytes', new Uint8Array(1_000)],
    ['a cut one', saved.slice(0, -1)],
    ['a damaged one', flipped],
    ['one with more behind it', Uint8Array.from([...saved, 0])],
  ])('%s: E_SNAPSHOT', (_what, bytes) => {
    const engine = loaded()
    expect(codeOf(() => engine.restore(bytes))).toBe('E_SNAPSHOT')
    expect(outcomeOf(engine, new DiceTrader(4)).fills).toBeGreaterThan(20)
  })

  it('one of another config, for an engine that has run, or longer than its ticks: E_SNAPSHOT', () => {
    const other = loaded({ ...CONFIG, seed: 8 })
    expect(codeOf(() => other.restore(saved))).toBe('E_SNAPSHOT')
    other.close()
    const ran = loaded()
    ran.run({ onTick: () => undefined }, { maxRecords: 10 })
    expect(codeOf(() => ran.restore(saved))).toBe('E_SNAPSHOT')
    ran.close()
    const short = generatedEngine({ messages: 50, config: CONFIG })
    expect(codeOf(() => short.restore(saved))).toBe('E_SNAPSHOT')
    short.close()
  })
})
