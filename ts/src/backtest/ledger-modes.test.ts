import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type InstrumentSpec, Side } from '../domain/index.js'
import { csvLine } from './csv.js'
import { PERP } from './fake-engine.test-kit.js'
import { recomputeLedger } from './ledger.js'
import { FILL_COLUMNS, FUNDING_COLUMNS, RESULT_FILES } from './result-files.js'

/** Contracts of 100 USD, settled in BTC. */
const INVERSE: InstrumentSpec = {
  ...PERP,
  id: 'BTCUSD_PERP',
  kind: 'inverse_perpetual',
  lot_size: '1',
  multiplier: '100',
  quote: 'USD',
  settlement: 'BTC',
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-modes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

type Fill = readonly [side: Side, price: string, size: string, liquidity: string, fee: string, reduces?: boolean]
type Payment = readonly [amount: string, position: 'long' | 'short']

/** A run folder as a recorder leaves it, of one instrument. */
function folderOf(spec: InstrumentSpec, fills: readonly Fill[], payments: readonly Payment[] = []): void {
  const rows = fills.map(([side, price, size, liquidity, fee, reduces], k) =>
    csvLine([
      '2',
      '1',
      `${k + 1}`,
      `${k + 1}`,
      spec.id,
      side === Side.Buy ? 'buy' : 'sell',
      price,
      size,
      liquidity,
      fee,
      spec.settlement,
      `${reduces ?? false}`,
    ]),
  )
  const paid = payments.map(([amount, position]) => csvLine(['2', '1', spec.id, amount, spec.settlement, position]))
  writeFileSync(join(folder, RESULT_FILES.instruments), JSON.stringify([spec]))
  writeFileSync(join(folder, RESULT_FILES.fills), [csvLine(FILL_COLUMNS), ...rows].join(''))
  writeFileSync(join(folder, RESULT_FILES.funding), [csvLine(FUNDING_COLUMNS), ...paid].join(''))
}

async function recomputed(spec: InstrumentSpec, markHalfTicks: string, hedged = false) {
  const { instruments, assets, faults } = await recomputeLedger(folder, {
    markHalfTicks: { [spec.id]: markHalfTicks },
    deposits: [{ venue: spec.venue, asset: spec.settlement, deposits: '1' }],
    hedged: hedged ? [spec.id] : [],
  })
  expect(faults).toEqual([])
  return { row: instruments[0], asset: assets[0] }
}

describe('the independent ledger of other accounts', () => {
  test('counts an inverse contract in the base asset, with the harmonic average of its entries', async () => {
    const { Buy, Sell } = Side
    folderOf({ ...INVERSE, multiplier: '1' }, [
      [Buy, '5000', '1000', 'maker', '0.00004'],
      [Buy, '6000', '2000', 'maker', '0.000066666667'],
      [Sell, '6000', '1000', 'maker', '0.000033333333'],
    ])
    const { row, asset } = await recomputed({ ...INVERSE, multiplier: '1' }, '100000')
    // floor(533333333333 × 1000 / 3000) = 177777777777 of the basis goes for 166666666667 at 6 000.
    expect(row).toMatchObject({
      position_lots: '2000',
      basis_tick_lots: '',
      avg_entry: '5624.999999992969',
      realized: '0.01111111111',
      unrealized: '-0.044444444444',
      fees: '0.00014',
      positions: [{ side: 'net', basis: '355555555556', entry_value: '0.355555555556' }],
    })
    expect(asset?.equity).toBe('0.966526666666')
  })

  test('takes a future that settles in its base asset as inverse and one in its quote asset as linear', async () => {
    const fills: Fill[] = [[Side.Buy, '50000', '600', 'taker', '0.0006']]
    folderOf({ ...INVERSE, kind: 'future' }, fills)
    expect((await recomputed({ ...INVERSE, kind: 'future' }, '1200000')).row).toMatchObject({ unrealized: '0.2' })
    const linear: InstrumentSpec = { ...INVERSE, kind: 'future', settlement: 'USD' }
    folderOf(linear, [[Side.Buy, '50000', '600', 'taker', '1500000']])
    expect((await recomputed(linear, '1200000')).row).toMatchObject({ unrealized: '600000000' })
  })

  test('keeps a long and a short apart: what may only reduce closes the other side', async () => {
    const { Buy, Sell } = Side
    folderOf(
      PERP,
      [
        [Buy, '60000', '0.003', 'maker', '0.036'],
        [Sell, '61000', '0.002', 'maker', '0.0244'],
        [Sell, '61500', '0.001', 'maker', '0.0123', true],
        [Buy, '62000', '0.002', 'taker', '0.062', true],
      ],
      [
        ['-0.5', 'long'],
        ['0.25', 'short'],
      ],
    )
    const { row, asset } = await recomputed(PERP, '1240000', true)
    expect(row).toMatchObject({ position_lots: '2', basis_tick_lots: '', realized: '-0.5', unrealized: '4' })
    expect(row?.positions).toMatchObject([
      { side: 'long', lots: '2', basis: '1200000', realized: '1.5', fees: '0.0483', funding: '-0.5' },
      { side: 'short', lots: '0', basis: '0', realized: '-2', fees: '0.0864', funding: '0.25' },
    ])
    expect(asset?.equity).toBe('4.1153')
  })

  test('takes liquidations and settlements as fills without a fee and finds one that states a fee', async () => {
    folderOf(PERP, [
      [Side.Buy, '60000', '0.003', 'taker', '0.09'],
      [Side.Sell, '55000', '0.002', 'liquidation', '0', true],
      [Side.Sell, '56000', '0.001', 'settlement', '0', true],
    ])
    expect((await recomputed(PERP, '')).row).toMatchObject({ realized: '-14', fees: '0.09', position_lots: '0' })
    folderOf(PERP, [[Side.Buy, '60000', '0.003', 'liquidation', '0.09']])
    const { faults } = await recomputeLedger(folder, { markHalfTicks: { [PERP.id]: '1200000' }, deposits: [] })
    expect(faults.join()).toContain('fee is stated as 0.09, liquidation rate gives 0')
  })
})
