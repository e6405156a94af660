import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type InstrumentSpec, Side } from '../domain/index.js'
import type { LedgerReport, OwnEvent } from '../engine/types.js'
import { PERP } from './fake-engine.test-kit.js'
import { recomputeLedger } from './ledger.js'
import { checkLedger } from './ledger-check.js'
import { PlainAccount, type PlainFill } from './plain-account.test-kit.js'
import { Recorder } from './recorder.js'

/** Its fees have so many digits that they must be rounded, and one is a rebate. */
const ODD: InstrumentSpec = {
  ...PERP,
  id: 'ODD',
  tick_size: '0.00003',
  lot_size: '0.0007',
  multiplier: '0.9',
  maker_fee: '-0.000123456789',
  taker_fee: '0.000987654321',
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function record(specs: readonly InstrumentSpec[], events: readonly OwnEvent[], ledger: LedgerReport) {
  const recorder = new Recorder(folder, specs)
  for (const event of events) recorder.onOwnEvent(event)
  return recorder.finish(ledger)
}

function spoil(file: string, from: string | RegExp, to: string): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  const spoilt = text.replace(from, to)
  expect(spoilt).not.toBe(text)
  writeFileSync(path, spoilt)
}

/** Buys 0.003 in two fills, sells 0.001: as the example on a position's page. */
async function recordExample(): Promise<void> {
  const account = new PlainAccount([PERP], 10_000n * 10n ** 12n)
  const fill = (side: Side, priceTicks: number, sizeLots: number, isMaker = true) =>
    account.fill({ instrument: 0, side, priceTicks, sizeLots, isMaker })
  const events = [
    fill(Side.Buy, 618_000, 2),
    fill(Side.Buy, 618_005, 1, false),
    fill(Side.Sell, 618_100, 1),
    account.pay(0, -5_000_000_000n),
  ]
  await record([PERP], events, account.report([2 * 618_050 + 1]))
}

describe('the independent ledger', () => {
  test('recomputes position, cost, profit, fees and equity from the files', async () => {
    await recordExample()
    const inputs = {
      markHalfTicks: { 'BTCUSDT-PERP': '1236101' },
      deposits: [{ venue: 'binance', asset: 'USDT', deposits: '10000' }],
    }
    const { instruments, assets, faults } = await recomputeLedger(folder, inputs)
    expect(faults).toEqual([])
    // floor(1 854 005 × 1 / 3) = 618 001 of the cost goes with the lot that is sold for 618 100: 99 × 0.0001 realized.
    expect(instruments).toEqual([
      {
        id: 'BTCUSDT-PERP',
        position_lots: '2',
        basis_tick_lots: '1236004',
        avg_entry: '61800.2',
        realized: '0.0099',
        unrealized: '0.0097',
        fees: '0.06798225',
        funding: '-0.005',
        fills: 3,
        positions: [
          {
            side: 'net',
            lots: '2',
            basis: '1236004',
            entry_value: '123.6004',
            realized: '0.0099',
            unrealized: '0.0097',
            fees: '0.06798225',
            funding: '-0.005',
          },
        ],
      },
    ])
    expect(assets[0]?.equity).toBe('9999.94661775')
  })

  test('begins with what a spot account held of its base asset', async () => {
    const account = new PlainAccount([PERP], 0n)
    const sold = account.fill({ instrument: 0, side: Side.Sell, priceTicks: 618_100, sizeLots: 1, isMaker: true })
    await record([{ ...PERP, kind: 'spot' }], [sold], account.report([0]))
    const { instruments } = await recomputeLedger(folder, {
      markHalfTicks: { 'BTCUSDT-PERP': '1236000' },
      deposits: [],
      openings: { 'BTCUSDT-PERP': { lots: '3', basis_tick_lots: '1854000' } },
    })
    expect(instruments[0]).toMatchObject({
      position_lots: '2',
      basis_tick_lots: '1236000',
      realized: '0.01',
      unrealized: '0',
    })
  })

  test('finds a run that adds up without a difference', async () => {
    await recordExample()
    expect(await checkLedger(folder)).toMatchObject({ fills: 3, instruments: 1, differences: [] })
  })

  test.each([
    [
      'a fee that is not price × size × rate',
      'fills.csv',
      ',maker,0.02472,',
      ',maker,0.02473,',
      'fee is stated as 0.02473',
    ],
    [
      'a fill that the ledger does not know',
      'fills.csv',
      ',61800.5,0.001,',
      ',61800.6,0.001,',
      'realized is stated as',
    ],
    ['an equity that is not the sum', 'ledger.json', '9999.946617750000', '9999.946617750001', 'equity is stated as'],
    ['a funding payment left out', 'funding.csv', /^\d.*\n/m, '', 'funding is stated as'],
    [
      'a position that the fills do not give',
      'ledger.json',
      '"position_lots": "2"',
      '"position_lots": "3"',
      'position_lots',
    ],
  ])('finds %s', async (_what, file, from, to, found) => {
    await recordExample()
    spoil(file, from, to)
    const { differences } = await checkLedger(folder)
    expect(differences.join('\n')).toContain(found)
  })

  test.each([
    ['a header of other columns', 'fills.csv', 'trade_id', 'trade', 'E_CSV'],
    ['a row that is cut off', 'fills.csv', /,maker.*\n$/, '', 'E_CSV'],
    ['a price of 1e400', 'fills.csv', ',61800.5,', ',1e400,', 'E_LEDGER'],
    ['a price off the tick', 'fills.csv', ',61800.5,', ',61800.55,', 'E_LEDGER'],
    ['a side that is none', 'fills.csv', ',buy,', ',long,', 'E_LEDGER'],
    ['an instrument that is not defined', 'fills.csv', 'BTCUSDT-PERP', 'OTHER', 'E_LEDGER'],
    ['a payment of a position that is none', 'funding.csv', ',long\n', ',net\n', 'E_LEDGER'],
    ['a fill that reduces perhaps', 'fills.csv', ',false\n', ',maybe\n', 'E_LEDGER'],
    ['a ledger that is no JSON', 'ledger.json', '{', '', 'E_LEDGER'],
  ])('says clearly that it cannot read %s', async (_what, file, from, to, code) => {
    await recordExample()
    spoil(file, from, to)
    await expect(checkLedger(folder)).rejects.toMatchObject({ code })
  })

  test('says clearly that a file is missing', async () => {
    await recordExample()
    rmSync(join(folder, 'fills.csv'))
    await expect(checkLedger(folder)).rejects.toMatchObject({ code: 'E_FILE' })
  })

  test('agrees to the last digit with a second account that knows only cash, over random fills and payments', async () => {
    const fill = fc.record<PlainFill>({
      instrument: fc.constantFrom(0, 1),
      side: fc.constantFrom<Side>(Side.Buy, Side.Sell),
      priceTicks: fc.integer({ min: 1, max: 9_000_000_000 }),
      sizeLots: fc.integer({ min: 1, max: 50 }),
      isMaker: fc.boolean(),
    })
    const payment = fc.tuple(fc.constantFrom(0, 1), fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }))
    const story = fc.array(fc.oneof({ arbitrary: fill, weight: 9 }, { arbitrary: payment, weight: 1 }), {
      maxLength: 60,
    })
    const marks = fc.tuple(fc.integer({ min: 1, max: 10 ** 10 }), fc.integer({ min: 1, max: 10 ** 10 }))
    await fc.assert(
      fc.asyncProperty(story, marks, async (steps, markHalfTicks) => {
        const account = new PlainAccount([PERP, ODD], 10n ** 16n)
        const events = steps.map((step) => (Array.isArray(step) ? account.pay(...step) : account.fill(step)))
        await record([PERP, ODD], events, account.report(markHalfTicks))
        expect((await checkLedger(folder)).differences).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})
