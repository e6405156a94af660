import { frameOf, SimulatedOrders } from '../controllers/simulated-orders.test-kit.js'
import { type InstrumentSpec, OrderEventKind, type Strategy } from '../domain/index.js'
import type { EngineConfig, LedgerReport, RunOptions, RunResult } from '../engine/types.js'
import type { BacktestEngine, EngineModule } from './engine-module.js'
import { eventOf, PlainAccount } from './plain-account.test-kit.js'

/** A linear perpetual for tests. */
export const PERP: InstrumentSpec = {
  id: 'BTCUSDT-PERP',
  venue: 'binance',
  symbol: 'BTCUSDT',
  kind: 'linear_perpetual',
  tick_size: '0.1',
  lot_size: '0.001',
  min_size: '0.001',
  min_notional: '0',
  multiplier: '1',
  base: 'BTC',
  quote: 'USDT',
  settlement: 'USDT',
  maker_fee: '0.0002',
  taker_fee: '0.0005',
  max_leverage: '1',
}

const TICKS = 3_000
const START_US = 1_723_161_256_000_000
const UNIT = 10n ** 12n

/**
 * A toy market behind the engine's interface, for tests of what stands around an engine: the mid swings, quotes that it
 * passes are filled, acknowledgements come at once.
 */
class FakeEngine implements BacktestEngine {
  readonly tickCount = TICKS
  readonly #account: PlainAccount
  readonly #config: EngineConfig
  #lastMid = 0
  closed = false

  constructor(config: EngineConfig) {
    this.#config = config
    this.#account = new PlainAccount(config.instruments, BigInt(config.deposits?.USDT ?? '0') * UNIT)
  }

  loadTapes(): void {}

  run(strategy: Strategy, { observer }: RunOptions = {}): RunResult {
    const orders = new SimulatedOrders()
    const { instruments } = this.#config
    strategy.onStart?.({
      instruments: instruments.map(({ id, tick_size, lot_size }) => ({
        id,
        tickSize: Number(tick_size),
        lotSize: Number(lot_size),
      })),
      indicatorIndex: () => 0,
    })
    let positionLots = 0
    for (let k = 0; k < TICKS; k++) {
      const bidTicks = 618_000 + Math.round(200 * Math.sin(k / 25) + 5 * Math.sin(k))
      const tsNs = BigInt(START_US + 100_000 * k) * 1_000n
      for (const order of [...orders.live]) {
        const passed = order.side === 0 ? bidTicks < order.priceTicks : bidTicks + 1 > order.priceTicks
        if (!passed || order.leavesLots === 0) continue
        const { id: orderId, side, priceTicks, leavesLots: sizeLots } = order
        orders.fill(orders.live.indexOf(order), sizeLots)
        positionLots += side === 0 ? sizeLots : -sizeLots
        const fill = this.#account.fill({ instrument: 0, side, priceTicks, sizeLots, isMaker: true })
        observer?.onOwnEvent?.({ ...fill, orderId, tsNs, venueNs: tsNs })
        const mid = (2 * bidTicks + 1) / 20
        observer?.onMarkout?.({
          tradeId: 1,
          instrument: 0,
          side,
          horizonMs: 1_000,
          fillPriceTicks: priceTicks,
          sizeLots,
          mid,
        })
      }
      const before = orders.log.length
      strategy.onTick(frameOf({ bidTicks, askTicks: bidTicks + 1, tsUs: Number(tsNs / 1_000n), positionLots }), orders)
      for (const words of orders.log.slice(before)) {
        const kind = words.startsWith('cancel') ? OrderEventKind.Cancelled : OrderEventKind.Accepted
        observer?.onOwnEvent?.(eventOf({ kind, tsNs, venueNs: tsNs }))
      }
      orders.acknowledge()
      this.#lastMid = 2 * bidTicks + 1
      if (k % 100 === 0) this.#sample(tsNs, positionLots, observer)
      if (k % 1_000 === 0) observer?.onProgress?.(k)
    }
    return { records: TICKS, seconds: 0.001, ended: true }
  }

  ledger(): LedgerReport {
    return this.#account.report([this.#lastMid])
  }

  close(): void {
    this.closed = true
  }

  #sample(tsNs: bigint, positionLots: number, observer: RunOptions['observer']): void {
    const [asset] = this.ledger().assets
    observer?.onSample?.({
      tsNs,
      instrument: 0,
      mid: this.#lastMid / 20,
      positionLots,
      realized: Number(asset?.realized),
      unrealized: Number(asset?.unrealized),
      fees: Number(asset?.fees),
      funding: Number(asset?.funding),
      equity: Number(asset?.equity),
    })
  }
}

/** An engine module whose tapes hold {@link PERP}. */
export function fakeModule(): EngineModule & { readonly engines: FakeEngine[] } {
  const engines: FakeEngine[] = []
  return {
    engines,
    Engine: class extends FakeEngine {
      constructor(config: EngineConfig) {
        super(config)
        engines.push(this)
      }
    },
    tape: { info: () => ({ instruments: [PERP] }) },
  }
}
