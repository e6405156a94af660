import { stripVTControlCharacters } from 'node:util'
import asciichart from 'asciichart'
import { Decimal } from 'decimal.js'
import type { AccountCurve, RunSummary } from './summary.js'

/** How a summary is to be shown. */
export interface SummaryStyle {
  readonly colour: boolean
  /** Width of the terminal in columns. */
  readonly columns: number
}

const CHART_ROWS = 8
const CHART_MARGIN = 16
const PAINT = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39] } as const

/** A run as a trader reads it: what was traded, what it earned and why, and how fast it went. Ends with a line break. */
export function formatSummary(summary: RunSummary, curves: readonly AccountCurve[], style: SummaryStyle): string {
  const sections = [
    speedLines(summary),
    orderLines(summary),
    ...summary.assets.map((asset) => moneyLines(asset, summary, style)),
    ...summary.instruments.filter(({ fills }) => fills > 0).map(positionLines),
    markoutLines(summary),
    ...curves.map((curve) => chartLines(curve, style)),
    [['result', summary.result_sha256] as Line],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => block(lines, style))
    .join('\n')
}

/** A label with its value; without a label, a line that stands alone. */
type Line = readonly [label: string, value: string]

function block(lines: readonly Line[], style: SummaryStyle): string {
  const shown = lines.map(([label, value]) =>
    label === '' ? value : `${paint('dim', label.padEnd(12), style)}${value}`,
  )
  return `${shown.join('\n')}\n`
}

function speedLines({ ticks, seconds, ticks_per_s, mode, decisions }: RunSummary): Line[] {
  const perTick = ticks > 0 ? `, ${((seconds * 1e9) / ticks).toFixed(1)} ns each` : ''
  const rate = `${group(ticks)} in ${seconds.toFixed(3)} s = ${group(ticks_per_s)} ticks/s${perTick} (${mode})`
  const times = `p50 ${duration(decisions.p50_ns)}, p99 ${duration(decisions.p99_ns)}`
  return [
    ['ticks', rate],
    [
      'decision',
      decisions.timed === 0 ? 'not timed' : `${times} from tick to commands, ${group(decisions.timed)} timed`,
    ],
  ]
}

function orderLines(summary: RunSummary): Line[] {
  const { orders, fills, cancels, rejects, maker_share, reject_reasons } = summary
  const reasons = Object.entries(reject_reasons).map(([reason, count]) => `${reason} ${group(count)}`)
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
  const maker = maker_share === null ? '' : `, ${(100 * maker_share).toFixed(1)} % maker`
  return [
    ['orders', `${group(orders)}, ${group(cancels)} cancelled, ${group(rejects)} rejected${why}`],
    ['fills', `${group(fills)}${maker}`],
  ]
}

function moneyLines(asset: RunSummary['assets'][number], { drawdowns }: RunSummary, style: SummaryStyle): Line[] {
  const rows: [string, string][] = [
    ['deposits', asset.deposits],
    ['realized', asset.realized],
    ['unrealized', asset.unrealized],
    ['fees', new Decimal(asset.fees).neg().toString()],
    ['funding', asset.funding],
    ['net', asset.net],
    ['equity', asset.equity],
  ]
  const texts = rows.map(([, amount]) => money(amount))
  const width = Math.max(...texts.map((text) => text.length))
  const lines = rows.map(([label, amount], k): Line => {
    const text = `${texts[k]?.padStart(width)} ${asset.asset}`
    if (label !== 'net') return [label, text]
    return [label, paint('bold', paint(new Decimal(amount).isNegative() ? 'red' : 'green', text, style), style)]
  })
  const fall = drawdowns.find((row) => row.venue === asset.venue && row.asset === asset.asset)
  if (!fall) return lines
  const percent = fall.percent === null ? '' : ` (${fall.percent.toFixed(3)} %)`
  return [...lines, ['drawdown', `${money(`${fall.amount}`).padStart(width)} ${asset.asset}${percent}`]]
}

function positionLines(row: RunSummary['instruments'][number]): Line[] {
  const held = new Decimal(row.position).isZero() ? 'flat' : `${row.position} at ${+Number(row.avg_entry).toFixed(4)}`
  return [['inventory', `${row.id} ${held}, ${group(row.fills)} fills, volume ${row.volume}`]]
}

function markoutLines({ markouts }: RunSummary): Line[] {
  if (markouts.length === 0) return []
  const columns = markouts.map(({ horizon_ms, edge_bps }) => `${signed(edge_bps)} bps at ${duration(horizon_ms * 1e6)}`)
  return [['markout', `${columns.join(', ')} after a fill (above 0 is ours)`]]
}

function chartLines({ venue, asset, equity }: AccountCurve, style: SummaryStyle): Line[] {
  const points = equity.resampled(Math.max(20, Math.min(100, style.columns - CHART_MARGIN)))
  if (points.length < 2) return []
  const first = points[0] ?? 0
  const earned = points.map((point) => point - first)
  const chart = asciichart.plot(earned, { height: CHART_ROWS, format: (value) => value.toFixed(2).padStart(11) })
  return [
    ['', paint('dim', `equity since the start, ${asset} at ${venue}`, style)],
    ['', stripVTControlCharacters(chart)],
  ]
}

function paint(colour: keyof typeof PAINT, text: string, style: SummaryStyle): string {
  const [on, off] = PAINT[colour]
  return style.colour ? `\u001b[${on}m${text}\u001b[${off}m` : text
}

/** 1234567 as 1,234,567. */
function group(count: number): string {
  return `${count}`.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** An amount to four decimals for reading, its whole part grouped. */
function money(amount: string): string {
  const [whole = '0', part] = new Decimal(amount).toFixed(4).split('.')
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${part}`
}

function signed(bps: number): string {
  return `${bps < 0 ? '' : '+'}${bps.toFixed(3)}`
}

function duration(ns: number): string {
  if (ns < 1e3) return `${ns.toFixed(0)} ns`
  if (ns < 1e6) return `${(ns / 1e3).toFixed(1)} µs`
  return ns < 1e9 ? `${(ns / 1e6).toFixed(1)} ms` : `${+(ns / 1e9).toFixed(1)} s`
}
