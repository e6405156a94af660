import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Commands, type Frame, type InstrumentSpec, OrderType, type Side, type Strategy } from '../domain/index.js'
import { Engine } from '../engine/engine.js'
import {
  Dice,
  FLAG,
  generatedTicks,
  instrumentSpec,
  KIND,
  type RawTick,
  tickBytes,
} from '../engine/generated-market.test-kit.js'
import type { EngineConfig, LedgerReport } from '../engine/types.js'
import { checkLedger } from './ledger-check.js'
import { Recorder } from './recorder.js'

/** Enough for what the dice buy. */
const DEPOSITS = { USDT: '9000', BTC: '0.02' }

/** A linear perpetual, an inverse one and a future that expires in the middle of the tape. */
const LINEAR = instrumentSpec('LINEAR')
const INSTRUMENTS: readonly InstrumentSpec[] = [
  LINEAR,
  instrumentSpec('INVERSE', {
    kind: 'inverse_perpetual',
    tick_size: '0.3',
    lot_size: '1',
    min_size: '1',
    multiplier: '7',
    quote: 'USD',
    settlement: 'BTC',
    maker_fee: '-0.0000333',
  }),
  instrumentSpec('DATED', { kind: 'future', multiplier: '3', expiry: '2023-11-14T22:13:25Z' }),
]

/** Buys and sells by dice; every other order of hedge mode may only reduce. */
class DiceTrader implements Strategy {
  readonly interests = { every: 3 }
  readonly #dice = new Dice(5)

  onTick(frame: Frame, commands: Commands): void {
    if (Number.isNaN(frame.bidTicks) || Number.isNaN(frame.askTicks)) return
    if (commands.orders.count > 15) commands.cancelAll()
    const side = this.#dice.roll(2) as Side
    const touch = side === 0 ? frame.askTicks : frame.bidTicks
    const type = [OrderType.Ioc, OrderType.Limit, OrderType.Market][this.#dice.roll(3)] as OrderType
    const reduceOnly = this.#dice.roll(2) === 0
    const size = 1 + this.#dice.roll(reduceOnly ? 9 : 40)
    commands.submit(side, touch + this.#dice.roll(5) - 2, size, type, frame.instrument, { reduceOnly })
  }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-modes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function run(config: Partial<EngineConfig>): Promise<{ ledger: LedgerReport; fills: string }> {
  const engine = new Engine({ instruments: INSTRUMENTS, deposits: DEPOSITS, seed: 3, ...config })
  try {
    engine.loadTicks(tickBytes(generatedTicks(4, 6_000, INSTRUMENTS.length)))
    const recorder = new Recorder(folder, INSTRUMENTS)
    engine.run(new DiceTrader(), { observer: recorder })
    const ledger = engine.ledger()
    await recorder.finish(ledger)
    return { ledger, fills: readFileSync(join(folder, 'fills.csv'), 'utf8') }
  } finally {
    engine.close()
  }
}

describe('a run in every account mode agrees with the independent ledger to the last digit', () => {
  test.each([
    ['one way, cross', {}],
    ['one way, isolated', { margin_mode: 'isolated' }],
    ['hedge, cross', { position_mode: 'hedge' }],
    [
      'hedge, isolated but for one',
      { position_mode: 'hedge', margin_mode: 'isolated', margins: { LINEAR: { margin_mode: 'cross' } } },
    ],
  ] as const)('%s', async (_what, config) => {
    const { ledger, fills } = await run({ ...config, leverage: '10' })
    const found = await checkLedger(folder)
    expect(found.differences).toEqual([])
    expect(found.fills).toBeGreaterThan(300)
    expect(fills).toContain(',settlement,0,')
    const sides = 'position_mode' in config ? ['long', 'short'] : ['net']
    for (const { positions } of ledger.instruments) expect(positions.map(({ side }) => side)).toEqual(sides)
    expect(ledger.instruments[2]).toMatchObject({ position_lots: '0', unrealized: '0' })
  })

  test('and one that is liquidated says so in its fills and owes nothing', async () => {
    const engine = new Engine({ instruments: [LINEAR], deposits: { USDT: '300' }, leverage: '20' })
    engine.loadTicks(tickBytes(fallingMarket([500_000, 500_000, 480_000, 470_000])))
    const recorder = new Recorder(folder, [LINEAR])
    let calls = 0
    const buyer: Strategy = {
      interests: { every: 'message' },
      onTick: (frame, commands) => void (calls++ === 0 && commands.submit(0, frame.askTicks, 100, OrderType.Market, 0)),
    }
    engine.run(buyer, { observer: recorder })
    const ledger = engine.ledger()
    engine.close()
    await recorder.finish(ledger)
    // 0.1 at 50 001 of 300 less a fee of 2.50005: bankrupt at 47 026.0005, taken over at the tick above.
    expect(readFileSync(join(folder, 'fills.csv'), 'utf8')).toContain(',sell,47026.1,0.1,liquidation,0,USDT,true')
    expect(ledger.assets[0]).toMatchObject({ equity: '0.00995', margin_ratio: '' })
    expect((await checkLedger(folder)).differences).toEqual([])
  })
})

/** A bid and an ask ten ticks around each of these mids in turn, a message a millisecond. */
function fallingMarket(mids: readonly number[]): RawTick[] {
  return mids.flatMap((mid, k) => {
    const [last = mid, recvNs] = [mids[k - 1], 1_700_000_000_000_000_000n + 1_000_000n * BigInt(k)]
    const level = (side: number, priceTicks: number, sizeLots: number, flags = 0): RawTick => {
      return { recvNs, kind: KIND.delta, side, priceTicks, sizeLots, flags }
    }
    return [level(0, last - 10, 0), level(1, last + 10, 0), level(0, mid - 10, 500), level(1, mid + 10, 500, FLAG.last)]
  })
}
