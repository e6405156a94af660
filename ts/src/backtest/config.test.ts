import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RunConfig, readRunConfig } from './config.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function read(text: string): RunConfig {
  const path = join(folder, 'my-run.yaml')
  writeFileSync(path, text)
  return readRunConfig(path)
}

const LEAST = 'tapes: [btc.tape.parquet]\ncontroller: simple-maker\n'

describe('a run file', () => {
  test('needs tapes and a controller and fills in the rest', () => {
    expect(read(LEAST)).toMatchObject({
      name: 'my-run',
      tapes: [join(folder, 'btc.tape.parquet')],
      decider: { level: 'controller', name: 'simple-maker' },
      params: {},
      executor: {},
      engine: { sample_ms: 1_000, markouts_ms: [1_000, 5_000, 30_000] },
      mode: undefined,
      out: join(process.cwd(), 'runs/my-run'),
    })
  })

  test('keeps decimal numbers exact, in quotes or bare', () => {
    const { engine, instruments } = read(
      `${LEAST}engine: { deposits: { USDT: 10000.10, BTC: "0.000000000000000001" } }\ninstruments: { X: { maker_fee: -0.0000001 } }`,
    )
    expect(engine.deposits).toEqual({ USDT: '10000.1', BTC: '0.000000000000000001' })
    expect(instruments).toEqual({ X: { maker_fee: '-0.0000001' } })
  })

  test('takes every kind of indicator, and bars by each rule', () => {
    const indicators = [
      { name: 'bb', kind: 'bollinger', period: 20, deviations: 2.5, on: 'bar', bars: 'minutes' },
      { name: 'trend', kind: 'macd', fast: 12, slow: 26, signal: 9 },
      { name: 'day', kind: 'session_vwap', session_s: 86_400, session_offset_s: 79_200 },
      { name: 'busy', kind: 'volume_ratio', period: 20, recent: 1, on: 'trade' },
      { name: 'z', kind: 'z_score', period: 100 },
    ]
    const bars = [
      { name: 'minutes', interval_ms: 60_000 },
      { ticks: 100 },
      { volume: '0.5' },
      { notional: '1000' },
      { from: 'mids', interval_ms: 1_000 },
    ]
    const { engine } = read(`${LEAST}engine: ${JSON.stringify({ indicators, bars })}`)
    expect(engine).toMatchObject({ indicators, bars })
    expect(() => read(`${LEAST}engine: { indicators: [{ name: x, kind: vwop, period: 5 }] }`)).toThrow(/kind/)
    expect(() => read(`${LEAST}engine: { bars: [{ every: 5 }] }`)).toThrow(/every/)
  })

  test('parts what an instrument says of its account from what it says of itself', () => {
    const { engine, instruments } = read(
      `${LEAST}engine: { position_mode: hedge, margin_mode: isolated, leverage: 10 }
instruments:
  X: { margin_mode: cross, leverage: "20", maintenance_margin_rate: 0.005, expiry: "2024-06-28T08:00:00Z" }
  Y: { leverage: 3 }
  Z: { taker_fee: 0 }
`,
    )
    expect(engine).toMatchObject({
      position_mode: 'hedge',
      margin_mode: 'isolated',
      leverage: '10',
      margins: { X: { margin_mode: 'cross', leverage: '20' }, Y: { leverage: '3' } },
    })
    expect(instruments).toEqual({
      X: { maintenance_margin_rate: '0.005', expiry: '2024-06-28T08:00:00Z' },
      Y: {},
      Z: { taker_fee: '0' },
    })
  })

  test('takes a fill model by name or written out, and every kind of latency', () => {
    const rules =
      '{ queue: { probabilistic: { shape: { power: 3 }, variant: v3 } }, passive: partial, taker: walk_depth }'
    expect(read(`${LEAST}engine: { fill_model: ${rules} }`).engine.fill_model).toEqual({
      queue: { probabilistic: { shape: { power: 3 }, variant: 'v3' } },
      passive: 'partial',
      taker: 'walk_depth',
      participation: '1',
      consume_liquidity: true,
      passive_fill_ratio: '1',
    })
    expect(read(`${LEAST}engine: { fill_model: hft_partial }`).engine.fill_model).toBe('hft_partial')
    const exponential = { kind: 'exponential', min_ns: 1, mean_ns: 2, max_ns: 9 }
    const quantiles = { kind: 'quantiles', ns: [1, 2, 3] }
    const { engine } = read(
      `${LEAST}engine: ${JSON.stringify({ entry_latency: exponential, response_latency: quantiles })}`,
    )
    expect(engine).toMatchObject({ entry_latency: exponential, response_latency: quantiles })
  })

  test.each([
    [
      'an unknown key',
      `${LEAST}controler: x\n`,
      ':1:1: unknown key "controler": allowed are tapes, controller, strategy',
    ],
    ['an unknown key of the engine', `${LEAST}engine: { sed: 1 }\n`, ':3:9: engine: unknown key "sed": allowed are'],
    ['no tapes', 'controller: simple-maker\n', 'tapes: expected array, received undefined'],
    ['no controller', 'tapes: [a]\n', 'name either a controller'],
    ['a controller and a strategy', `${LEAST}strategy: ./a.ts#A\n`, 'name either a controller'],
    [
      'a mode that is none',
      `${LEAST}mode: fast\n`,
      ':3:7: mode: given "fast": Invalid option: expected one of "step"|"frames"',
    ],
    ['a seed below zero', `${LEAST}engine:\n  seed: -1\n`, ':4:9: engine.seed: given -1: '],
    ['a latency of no kind', `${LEAST}engine: { entry_latency: { kind: slow } }\n`, 'expected { kind: none }'],
    ['a latency with a key too many', `${LEAST}engine: { entry_latency: { kind: none, ns: 3 } }\n`, 'unknown key "ns"'],
    ['quantiles of one', `${LEAST}engine: { entry_latency: { kind: quantiles, ns: [5] } }\n`, 'entry_latency.ns: '],
    [
      'a fill model with half its rules',
      `${LEAST}engine: { fill_model: { queue: conservative } }\n`,
      'engine.fill_model',
    ],
    [
      'a rate limit without a window',
      `${LEAST}engine: { rate_limit: { requests: 1 } }\n`,
      'engine.rate_limit.window_ns',
    ],
    ['a deposit of 1e400', `${LEAST}engine: { deposits: { USDT: 1e400 } }\n`, 'engine.deposits.USDT: '],
    [
      'a bare number with too many digits',
      `${LEAST}engine: { deposits: { USDT: 0.12345678901234567 } }\n`,
      'expected a plain',
    ],
    ['a ring that is no power of two', `${LEAST}engine: { command_ring: 1000 }\n`, 'expected a power of two'],
    ['a tick size, which is the tape’s', `${LEAST}instruments: { X: { tick_size: "1" } }\n`, 'unknown key "tick_size"'],
    [
      'a position mode of another venue',
      `${LEAST}engine: { position_mode: both }\n`,
      ':3:26: engine.position_mode: given "both": expected one of one_way, hedge',
    ],
    [
      'a margin mode that is none',
      `${LEAST}engine: { margin_mode: portfolio }\n`,
      'engine.margin_mode: given "portfolio": expected one of cross, isolated',
    ],
    [
      'an instrument’s margin mode that is none',
      `${LEAST}instruments: { X: { margin_mode: both } }\n`,
      'instruments.X.margin_mode: given "both": expected one of cross, isolated',
    ],
    ['a leverage that is no number', `${LEAST}engine: { leverage: 10x }\n`, 'engine.leverage: given "10x": '],
    [
      'an expiry that is a date',
      `${LEAST}instruments: { X: { expiry: "2024-06-28" } }\n`,
      'instruments.X.expiry: given "2024-06-28": expected a moment as RFC 3339',
    ],
    ['two faults', 'tapes: []\ncontroller: 5\n', 'tapes: '],
    ['a list instead of a map', '- a\n', 'expected object'],
    ['broken YAML', 'tapes: [a\n', ':2:1: '],
    ['one key twice', `${LEAST}tapes: [b]\n`, ':3:1: Map keys must be unique'],
  ])('with %s is refused, and says where, what and why', (_what, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', message: expect.stringContaining(`my-run.yaml`) }),
    )
    expect(() => read(text)).toThrow(message)
  })

  test('that is not there is an error of the file', () => {
    expect(() => readRunConfig(join(folder, 'none.yaml'))).toThrow(expect.objectContaining({ code: 'E_FILE' }))
  })
})
