import { Decimal } from 'decimal.js'
import { type InstrumentSpec, OrderEventKind, Side } from '../domain/index.js'
import type { LedgerReport, Markout, OwnEvent, RunMode, RunObserver, RunResult, Sample } from '../engine/types.js'
import type { DecisionTimes } from './decision-timer.js'
import { EquityCurve } from './equity-curve.js'

/** Amounts have at most 26 digits before the dot and 12 after it: with 40 a difference is exact. */
const Money = Decimal.clone({ precision: 40 })

/** Average edge of fills some time after them, in bps of the mid then; positive is good for us. */
interface MarkoutEdge {
  readonly horizon_ms: number
  /** Fills whose mid at that time was seen. */
  readonly fills: number
  readonly edge_bps: number
}

/** Largest fall of equity from an earlier height. */
interface Drawdown {
  readonly venue: string
  readonly asset: string
  readonly amount: number
  /** Of the height it fell from; `null` where that is not above 0. */
  readonly percent: number | null
}

/** Equity of one asset at one venue. */
export interface AccountCurve {
  readonly venue: string
  readonly asset: string
  readonly equity: EquityCurve
}

/** What a run came to. Money as exact decimal strings; what is measured as numbers. */
export interface RunSummary {
  readonly ticks: number
  readonly seconds: number
  readonly ticks_per_s: number
  readonly mode: RunMode
  /** Orders that the venue took or refused. */
  readonly orders: number
  readonly fills: number
  readonly maker_fills: number
  /** Maker fills of all fills; `null` without fills. */
  readonly maker_share: number | null
  readonly cancels: number
  readonly rejects: number
  /** How often the venue refused an order, by reason. */
  readonly reject_reasons: Readonly<Record<string, number>>
  readonly instruments: LedgerReport['instruments']
  readonly assets: readonly (LedgerReport['assets'][number] & { readonly net: string })[]
  readonly drawdowns: readonly Drawdown[]
  readonly markouts: readonly MarkoutEdge[]
  readonly decisions: DecisionTimes
  readonly result_sha256: string
}

/** What only the end of a run knows. */
export interface RunEnd {
  readonly result: RunResult
  readonly mode: RunMode
  readonly ledger: LedgerReport
  readonly decisions: DecisionTimes
  readonly resultSha256: string
}

/** Counts along while a run goes on; its memory does not grow with the run. */
export class SummaryCollector implements RunObserver {
  readonly #instruments: readonly InstrumentSpec[]
  readonly #curves: readonly AccountCurve[]
  /** The curve of each instrument's account. */
  readonly #curveOf: readonly (AccountCurve | undefined)[]
  readonly #edges = new Map<number, { fills: number; sum: number }>()
  readonly #reasons = new Map<string, number>()
  readonly #events = new Map<OrderEventKind, number>()
  #makerFills = 0

  constructor(instruments: readonly InstrumentSpec[]) {
    this.#instruments = instruments
    const curves: AccountCurve[] = []
    for (const { venue, settlement: asset } of instruments) {
      if (!curves.some((curve) => isOf(curve, venue, asset))) curves.push({ venue, asset, equity: new EquityCurve() })
    }
    this.#curves = curves
    this.#curveOf = instruments.map((spec) => curves.find((curve) => isOf(curve, spec.venue, spec.settlement)))
  }

  onOwnEvent(event: OwnEvent): void {
    this.#events.set(event.kind, this.#count(event.kind) + 1)
    if (event.kind === OrderEventKind.Fill && event.isMaker) this.#makerFills += 1
    if (event.kind === OrderEventKind.Rejected) {
      this.#reasons.set(event.reason, (this.#reasons.get(event.reason) ?? 0) + 1)
    }
  }

  onSample(sample: Sample): void {
    // Before the first mid nothing can be valued: what was deposited in kind would seem to come from nowhere.
    if (!Number.isFinite(sample.mid)) return
    this.#curveOf[sample.instrument]?.equity.add(sample.equity)
  }

  onMarkout(markout: Markout): void {
    const tick = Number(this.#instruments[markout.instrument]?.tick_size)
    const sign = markout.side === Side.Buy ? 1 : -1
    const edgeBps = (sign * (markout.mid - markout.fillPriceTicks * tick) * 10_000) / markout.mid
    // Without a mid (the book was empty then) there is no edge to speak of.
    if (!Number.isFinite(edgeBps)) return
    const edge = this.#edges.get(markout.horizonMs) ?? { fills: 0, sum: 0 }
    this.#edges.set(markout.horizonMs, { fills: edge.fills + 1, sum: edge.sum + edgeBps })
  }

  /** Equity over time of each account, thinned out for a chart. */
  get curves(): readonly AccountCurve[] {
    return this.#curves
  }

  summarize({ result, mode, ledger, decisions, resultSha256 }: RunEnd): RunSummary {
    const fills = this.#count(OrderEventKind.Fill)
    return {
      ticks: result.records,
      seconds: result.seconds,
      ticks_per_s: result.seconds > 0 ? Math.round(result.records / result.seconds) : 0,
      mode,
      orders: this.#count(OrderEventKind.Accepted) + this.#count(OrderEventKind.Rejected),
      fills,
      maker_fills: this.#makerFills,
      maker_share: fills === 0 ? null : this.#makerFills / fills,
      cancels: this.#count(OrderEventKind.Cancelled),
      rejects: this.#count(OrderEventKind.Rejected),
      reject_reasons: Object.fromEntries([...this.#reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
      instruments: ledger.instruments,
      assets: ledger.assets.map((row) => ({ ...row, net: netOf(row) })),
      drawdowns: this.#curves.map(({ venue, asset, equity }) => ({ venue, asset, ...equity.drawdown })),
      markouts: [...this.#edges]
        .sort(([a], [b]) => a - b)
        .map(([horizon_ms, { fills: seen, sum }]) => ({ horizon_ms, fills: seen, edge_bps: sum / seen })),
      decisions,
      result_sha256: resultSha256,
    }
  }

  #count(kind: OrderEventKind): number {
    return this.#events.get(kind) ?? 0
  }
}

function isOf(curve: AccountCurve, venue: string, asset: string): boolean {
  return curve.venue === venue && curve.asset === asset
}

/** Equity less what was paid in: what the run earned. */
function netOf(row: LedgerReport['assets'][number]): string {
  return new Money(row.equity).sub(row.deposits).toFixed()
}
