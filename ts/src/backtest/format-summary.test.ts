import { describe, expect, test } from 'vitest'
import { EquityCurve } from './equity-curve.js'
import { formatSummary } from './format-summary.js'
import type { RunSummary } from './summary.js'

const SUMMARY: RunSummary = {
  ticks: 531_232,
  seconds: 0.021,
  ticks_per_s: 25_296_762,
  mode: 'advance',
  orders: 1_234,
  fills: 412,
  maker_fills: 412,
  maker_share: 1,
  cancels: 800,
  rejects: 22,
  reject_reasons: { would_cross: 22 },
  instruments: [
    {
      id: 'BTCUSDT-PERP',
      opening_lots: '0',
      opening_basis_tick_lots: '0',
      position: '-0.004',
      position_lots: '-4',
      basis_tick_lots: '2472000',
      avg_entry: '61800',
      mark_half_ticks: '1236001',
      realized: '1.5',
      unrealized: '-0.0002',
      fees: '0.75',
      funding: '0',
      fills: 412,
      volume: '0.824',
      positions: [],
    },
  ],
  assets: [
    {
      venue: 'binance',
      asset: 'USDT',
      deposits: '10000',
      realized: '1.5',
      unrealized: '-0.0002',
      fees: '0.75',
      funding: '0',
      equity: '10000.7498',
      margin: '0',
      maintenance_margin: '0',
      margin_ratio: '',
      net: '0.7498',
    },
  ],
  drawdowns: [{ venue: 'binance', asset: 'USDT', amount: 0.31, percent: 0.0031 }],
  markouts: [
    { horizon_ms: 1_000, fills: 412, edge_bps: 0.125 },
    { horizon_ms: 30_000, fills: 400, edge_bps: -0.25 },
  ],
  decisions: { timed: 3_000, p50_ns: 180, p99_ns: 2_600 },
  result_sha256: 'ab'.repeat(32),
}

describe('a summary', () => {
  test('reads like a trader’s page', () => {
    const curve = new EquityCurve()
    for (const equity of [10_000, 10_000.5, 10_000.2, 10_000.7498]) curve.add(equity)
    const text = formatSummary(SUMMARY, [{ venue: 'binance', asset: 'USDT', equity: curve }], {
      colour: false,
      columns: 80,
    })
    expect(text.split('\n').slice(0, 20).join('\n')).toBe(`\
ticks       531,232 in 0.021 s = 25,296,762 ticks/s, 39.5 ns each (advance)
decision    p50 180 ns, p99 2.6 µs from tick to commands, 3,000 timed

orders      1,234, 800 cancelled, 22 rejected (would_cross 22)
fills       412, 100.0 % maker

deposits    10,000.0000 USDT
realized         1.5000 USDT
unrealized      -0.0002 USDT
fees            -0.7500 USDT
funding          0.0000 USDT
net              0.7498 USDT
equity      10,000.7498 USDT
drawdown         0.3100 USDT (0.003 %)

inventory   BTCUSDT-PERP -0.004 at 61800, 412 fills, volume 0.824

markout     +0.125 bps at 1 s, -0.250 bps at 30 s after a fill (above 0 is ours)

equity since the start, USDT at binance`)
    expect(text).toContain('┤')
    expect(text.trimEnd().split('\n').at(-1)).toBe(`result      ${'ab'.repeat(32)}`)
  })

  test('is painted only when colour is wanted', () => {
    const style = { columns: 80 }
    const csi = String.fromCharCode(27)
    expect(formatSummary(SUMMARY, [], { ...style, colour: false })).not.toContain(csi)
    expect(formatSummary(SUMMARY, [], { ...style, colour: true })).toContain(`${csi}[32m`)
  })

  test('of a run without fills speaks of no inventory, markouts or maker share', () => {
    const quiet = { ...SUMMARY, fills: 0, maker_share: null, markouts: [], instruments: [] }
    const text = formatSummary(quiet, [], { colour: false, columns: 80 })
    expect(text).not.toMatch(/inventory|markout|maker/)
  })
})
