import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundledInstrumentIds, readInstrumentFile, resolveInstruments } from './instrument-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'instrument-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(text: string, name = 'mine.yaml'): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const LEAST = {
  id: 'X',
  venue: 'anywhere',
  symbol: 'XUSD',
  kind: 'spot',
  tick_size: '0.10',
  lot_size: '1',
  base: 'X',
  quote: 'USD',
  settlement: 'USD',
}

describe('an instrument file', () => {
  test('is YAML or JSON, one definition or a list, with defaults for what may be left out', () => {
    const whole = {
      ...LEAST,
      min_size: '0',
      min_notional: '0',
      multiplier: '1',
      maker_fee: '0.0002',
      taker_fee: '0.0006',
      max_leverage: '1',
    }
    expect(readInstrumentFile(file(JSON.stringify(LEAST), 'x.json'))).toEqual([whole])
    expect(readInstrumentFile(file(JSON.stringify([LEAST, { ...LEAST, id: 'Y' }])))).toEqual([
      whole,
      { ...whole, id: 'Y' },
    ])
  })

  test.each([
    ['an id with a slash', { id: '../etc' }, 'id: given "../etc": expected 1 to 64 characters'],
    ['a kind that is none', { kind: 'perp' }, 'kind: given "perp": expected one of spot, linear_perpetual'],
    ['a tick of 1e400', { tick_size: '1e400' }, 'tick_size: given "1e400": expected a plain decimal number'],
    ['a lot of thirty digits', { lot_size: '1'.repeat(30) }, 'lot_size: '],
    ['a key that is none', { ticksize: '1' }, 'unknown key "ticksize": allowed are id, venue'],
    ['a missing key', { base: undefined }, 'base: '],
  ])('with %s is refused, and says where and why', (_what, spoilt, message) => {
    const path = file(JSON.stringify([LEAST, { ...LEAST, ...spoilt }]))
    expect(() => readInstrumentFile(path)).toThrow(expect.objectContaining({ code: 'E_CONFIG' }))
    expect(() => readInstrumentFile(path)).toThrow(message)
  })
})

describe('instruments of a command line', () => {
  test('are files and bundled ids alike, in their order', () => {
    const ids = resolveInstruments(['BTCUSD_PERP', file(JSON.stringify(LEAST)), 'BTCUSDT']).map(({ id }) => id)
    expect(ids).toEqual(['BTCUSD_PERP', 'X', 'BTCUSDT'])
  })

  test('that are neither are an error that lists the bundled ones', () => {
    expect(() => resolveInstruments(['DOGE'])).toThrow('neither a file nor one that is bundled: BTCUSDT, BTCUSDT-PERP')
  })

  test('cannot be defined twice', () => {
    expect(() => resolveInstruments(['BTCUSDT', 'BTCUSDT'])).toThrow('instrument BTCUSDT is defined twice')
  })

  test('of the house are named as their files', () => {
    for (const id of bundledInstrumentIds()) expect(resolveInstruments([id]).map((spec) => spec.id)).toEqual([id])
  })
})
