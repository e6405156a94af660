import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InstrumentSpec, Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { instrumentSpec } from './generated-market.test-kit.js'
import { codeOf, DiceTrader, outcomeOf, perpetualConfig } from './recorded-run.test-kit.js'
import { tape } from './tape.js'

const path = (from: string) => fileURLToPath(new URL(`../../../${from}`, import.meta.url))
const SPOT = path('config/demo/btcusdt.tape.parquet')
const RECORDING = path('tests/data/binance-l2-raw/usdm_btcusdt_20240808.gz')
const PERPETUAL = instrumentSpec('BTCUSDT-PERP', { venue: 'binance-usdm', symbol: 'BTCUSDT' })
const NOTHING: Strategy = { interests: { every: 1_000_000_000 }, onTick: () => undefined }

let folder = ''
let perp = ''
let spotSpec: InstrumentSpec

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'several-tapes-'))
  perp = join(folder, 'perp.tape.parquet')
  tape.convert({ from: 'binance-raw', inputs: [RECORDING], out: perp, instruments: [PERPETUAL] })
  spotSpec = tape.info(SPOT).instruments[0] as InstrumentSpec
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Everything of a book that does not depend on when the run ended. */
function bookAfter(instruments: readonly InstrumentSpec[], tapes: readonly string[], id: string, cacheDir?: string) {
  const engine = new Engine(perpetualConfig({ instruments }))
  const loaded = engine.loadTapes(tapes, cacheDir === undefined ? {} : { cacheDir })
  const { records, ended } = engine.run(NOTHING, { mode: 'advance' })
  expect([records, ended]).toEqual([loaded, true])
  const at = instruments.findIndex((spec) => spec.id === id)
  const { best_bid, best_ask, bid_levels, ask_levels, crossed, locked, gaps } =
    engine.books().books[at] ?? ({} as never)
  const book = { best_bid, best_ask, bid_levels, ask_levels, crossed, locked, gaps }
  const depth = ([0, 1] as const).map((side) => engine.depth(side, 100_000, at))
  engine.close()
  return { book, depth }
}

describe('a spot and a perpetual of the same minutes', () => {
  it.each([
    ['spot first', (): InstrumentSpec[] => [spotSpec, PERPETUAL]],
    ['perpetual first', (): InstrumentSpec[] => [PERPETUAL, spotSpec]],
  ])('merged give the books that each gives alone, %s', (_what, both) => {
    const spotAlone = bookAfter([spotSpec], [SPOT], 'BTCUSDT')
    const perpAlone = bookAfter([PERPETUAL], [perp], 'BTCUSDT-PERP')
    expect(spotAlone.depth[0]?.length).toBeGreaterThan(500)
    expect(perpAlone.depth[0]?.length).toBeGreaterThan(500)
    expect(bookAfter(both(), [SPOT, perp], 'BTCUSDT')).toEqual(spotAlone)
    expect(bookAfter(both(), [perp, SPOT], 'BTCUSDT-PERP', join(folder, 'cache'))).toEqual(perpAlone)
  })

  it('a run over both is the run over the tape that they were merged into, in each mode', () => {
    const out = join(folder, 'both.tape.parquet')
    expect(tape.merge({ inputs: [SPOT, perp], out }).ticks).toBe(tape.info(SPOT).ticks + tape.info(perp).ticks)
    const outcomes = (['step', 'frames', 'advance'] as const).map((mode) => {
      const engine = new Engine(
        perpetualConfig({ instruments: [spotSpec, PERPETUAL], deposits: { USDT: '10000000', BTC: '100' } }),
      )
      engine.loadTapes(mode === 'step' ? [SPOT, perp] : [out])
      return outcomeOf(engine, new DiceTrader(3, { intervalMs: 500 }), { mode })
    })
    expect(outcomes[0]?.fills).toBeGreaterThan(100)
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(outcomes[2]).toEqual(outcomes[0])
  })

  it('records come by receive time across the tapes', () => {
    const engine = new Engine(perpetualConfig({ instruments: [spotSpec, PERPETUAL] }))
    engine.loadTapes([SPOT, perp])
    const seen = new Set<number>()
    let lastUs = 0
    let changes = 0
    let last = -1
    engine.run(
      {
        onTick(frame) {
          expect(frame.tsUs).toBeGreaterThanOrEqual(lastUs)
          lastUs = frame.tsUs
          changes += Number(frame.instrument !== last)
          last = frame.instrument
          seen.add(last)
        },
      },
      { maxRecords: 100_000 },
    )
    expect([...seen].sort()).toEqual([0, 1])
    expect(changes).toBeGreaterThan(1_000)
    engine.close()
  })
})

describe('tapes that an engine cannot take', () => {
  it.each<[string, () => readonly string[], string]>([
    ['none', () => [], 'E_ARGUMENT'],
    ['one that is not there', () => [join(folder, 'none.tape.parquet')], 'E_NOT_FOUND'],
    ['one that is none', () => [RECORDING], 'E_NOT_A_TAPE'],
    ['one of an instrument that it does not have', () => [perp], 'E_CONFIG'],
  ])('%s: refused, and the engine can still be loaded', (_what, tapes, code) => {
    const engine = new Engine(perpetualConfig({ instruments: [spotSpec] }))
    expect(codeOf(() => engine.loadTapes(tapes()))).toBe(code)
    expect(engine.loadTapes([SPOT])).toBe(tape.info(SPOT).ticks)
    engine.close()
  })

  it('one that counts other ticks or lots is E_CONFIG and says which', () => {
    const engine = new Engine(perpetualConfig({ instruments: [{ ...PERPETUAL, lot_size: '0.01' }] }))
    expect(codeOf(() => engine.loadTapes([perp]))).toBe('E_CONFIG')
    expect(() => engine.loadTapes([perp])).toThrow('lots of 0.001, the engine 0.1 and 0.01')
    engine.close()
  })
})
