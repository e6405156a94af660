import type { InstrumentSpec } from '../../ts/src/domain/index.js'
import type { EngineConfig } from '../../ts/src/engine/types.js'

const LATENCY_NS = 1_000_000

/** What the inputs trade: ticks of 0.1, lots of 0.001, no fees. */
export const BENCH_INSTRUMENT: InstrumentSpec = {
  id: 'BTCUSDT-PERP',
  venue: 'bench',
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
  maker_fee: '0',
  taker_fee: '0',
  max_leverage: '100',
}

/** An engine that replays and does nothing else. */
export function replayConfig(instrument = BENCH_INSTRUMENT): EngineConfig {
  return { instruments: [instrument], check_margin: false, sample_ms: 0 }
}

/** The engine of W2: its fill rule, 1 ms each way, EMA and ATR of the mid at every record. */
export function quotingConfig(instrument = BENCH_INSTRUMENT): EngineConfig {
  return {
    ...replayConfig(instrument),
    fill_model: 'hft_no_partial',
    entry_latency: { kind: 'fixed', ns: LATENCY_NS },
    response_latency: { kind: 'fixed', ns: LATENCY_NS },
    indicators: [
      { name: 'ema', kind: 'ema', alpha: 0.01, on: 'record' },
      { name: 'atr', kind: 'atr', period: 14, on: 'record' },
    ],
  }
}

/** The engine of W3: whole prices and whole units, market orders filled at the quote in force. */
export function crossoverConfig(): EngineConfig {
  const instrument = { ...BENCH_INSTRUMENT, tick_size: '1', lot_size: '1', min_size: '1' }
  return { ...replayConfig(instrument), fill_model: 'hft_no_partial' }
}
