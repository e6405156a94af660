import type { InstrumentSpec } from '../../domain/index.js'
import { encodeTicks, type TickFields } from './ticks.js'

/** A perpetual with round numbers. */
export const BTCUSDT: InstrumentSpec = {
  id: 'BTCUSDT-PERP',
  venue: 'paper',
  symbol: 'BTCUSDT',
  kind: 'linear_perpetual',
  tick_size: '0.1',
  lot_size: '0.001',
  min_size: '0.001',
  min_notional: '5',
  multiplier: '1',
  base: 'BTC',
  quote: 'USDT',
  settlement: 'USDT',
  maker_fee: '0.0002',
  taker_fee: '0.0005',
  max_leverage: '20',
}

/** Records a millisecond apart, from a second of 2024 on. */
export function ticksFrom(
  firstMs: number,
  ...fields: readonly (Pick<TickFields, 'kind'> & Partial<TickFields>)[]
): Uint8Array {
  const at = (k: number) => 1_723_075_200_000_000_000n + BigInt(firstMs + k) * 1_000_000n
  return encodeTicks(fields.map((tick, k) => ({ ...tick, recvNs: at(k), exchNs: at(k) })))
}

/** A level of a book. */
export const level = (side: 'bid' | 'ask', priceTicks: number, sizeLots: number, flags = 1) =>
  ({ kind: 'book_delta', side, priceTicks, sizeLots, flags }) as const

/** A trade by that aggressor. */
export const trade = (side: 'bid' | 'ask', priceTicks: number, sizeLots: number) =>
  ({ kind: 'trade', side, priceTicks, sizeLots }) as const
