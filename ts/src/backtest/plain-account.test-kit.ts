import { type InstrumentSpec, OrderEventKind, Side } from '../domain/index.js'
import type { LedgerReport, OwnEvent } from '../engine/types.js'

const UNIT = 10n ** 12n

/** What a fill is made of. */
export interface PlainFill {
  readonly instrument: number
  readonly side: Side
  readonly priceTicks: number
  readonly sizeLots: number
  readonly isMaker: boolean
}

/**
 * A slow, obvious account in bigints, for tests: it keeps lots in a plain list, and checks its own realized and
 * unrealized profit against nothing but the cash that went out and in.
 */
export class PlainAccount {
  readonly #specs: readonly InstrumentSpec[]
  readonly #deposit: bigint
  readonly #fills: PlainFill[] = []
  readonly #funding: [instrument: number, amount: bigint][] = []

  constructor(specs: readonly InstrumentSpec[], deposit: bigint) {
    this.#specs = specs
    this.#deposit = deposit
  }

  fill(fill: PlainFill): OwnEvent {
    this.#fills.push(fill)
    const tradeId = this.#fills.length
    return eventOf({
      ...fill,
      kind: OrderEventKind.Fill,
      tradeId,
      orderId: tradeId,
      money: this.#fee(fill),
      cumLots: fill.sizeLots,
    })
  }

  pay(instrument: number, amount: bigint): OwnEvent {
    this.#funding.push([instrument, amount])
    return eventOf({ kind: OrderEventKind.Funding, instrument, money: amount, tradeId: 0 })
  }

  /** The account at these marks in half ticks, all of whose instruments settle in one asset. */
  report(markHalfTicks: readonly number[]): LedgerReport {
    const rows = this.#specs.map((spec, k) => this.#row(spec, k, BigInt(markHalfTicks[k] ?? 0)))
    const sum = (key: 'realized' | 'unrealized' | 'fees' | 'funding') =>
      rows.reduce((total, row) => total + row[key], 0n)
    const equity = this.#deposit + sum('realized') + sum('unrealized') - sum('fees') + sum('funding')
    const { venue, settlement: asset } = this.#specs[0] ?? { venue: '', settlement: '' }
    return {
      instruments: rows.map(({ position, ...row }) => ({
        ...row,
        position: row.position_lots,
        positions: [position],
        opening_lots: '0',
        opening_basis_tick_lots: '0',
        realized: units(row.realized),
        unrealized: units(row.unrealized),
        fees: units(row.fees),
        funding: units(row.funding),
      })),
      assets: [
        {
          venue,
          asset,
          deposits: units(this.#deposit),
          realized: units(sum('realized')),
          unrealized: units(sum('unrealized')),
          fees: units(sum('fees')),
          funding: units(sum('funding')),
          equity: units(equity),
          margin: '0',
          maintenance_margin: '0',
          margin_ratio: '',
        },
      ],
    }
  }

  #row(spec: InstrumentSpec, instrument: number, mark: bigint) {
    const fills = this.#fills.filter((fill) => fill.instrument === instrument)
    const value = tickLotUnits(spec)
    let lots = 0n
    let cash = 0n
    let basis = 0n
    for (const fill of fills) {
      const signed = fill.side === Side.Buy ? BigInt(fill.sizeLots) : -BigInt(fill.sizeLots)
      const price = BigInt(fill.priceTicks)
      cash -= price * signed
      // Lot by lot, as a child would: each lot that closes takes the whole closing fill's share of the basis.
      const closes = lots !== 0n && lots > 0n !== signed > 0n
      const closed = closes ? least(magnitude(signed), magnitude(lots)) : 0n
      if (closed > 0n) basis -= (basis * closed) / magnitude(lots)
      basis += price * (magnitude(signed) - closed)
      lots += signed
    }
    const signedBasis = lots < 0n ? -basis : basis
    const unrealized = halved((mark * lots - 2n * signedBasis) * value)
    // What was earned in all is cash plus holdings; what is not unrealized of it was realized.
    const realized = (cash + signedBasis) * value
    const fees = fills.reduce((total, fill) => total + this.#fee(fill), 0n)
    const funding = this.#funding.filter(([k]) => k === instrument).reduce((total, [, amount]) => total + amount, 0n)
    const position = {
      side: 'net' as const,
      lots: `${lots}`,
      basis: `${basis}`,
      entry_value: units(basis * value),
      avg_entry: '',
      avg_entry_with_fees: '',
      realized: units(realized),
      unrealized: units(unrealized),
      fees: units(fees),
      funding: units(funding),
      margin: '0',
      maintenance_margin: '0',
      liquidation_price: '',
    }
    return {
      id: spec.id,
      position,
      position_lots: `${lots}`,
      basis_tick_lots: `${basis}`,
      avg_entry: '',
      mark_half_ticks: `${mark}`,
      realized,
      unrealized,
      fees,
      funding,
      fills: fills.length,
      volume: `${fills.reduce((total, fill) => total + fill.sizeLots, 0)}`,
    }
  }

  #fee({ instrument, priceTicks, sizeLots, isMaker }: PlainFill): bigint {
    const spec = this.#specs[instrument]
    if (!spec) throw new Error(`no instrument ${instrument}`)
    const rate = moneyUnits(isMaker ? spec.maker_fee : spec.taker_fee)
    return roundedHalfEven(BigInt(priceTicks) * BigInt(sizeLots) * tickLotUnits(spec) * rate, UNIT)
  }
}

/** An event with the given fields, for tests. */
export function eventOf(fields: Partial<OwnEvent>): OwnEvent {
  return {
    kind: OrderEventKind.Accepted,
    orderId: 1,
    instrument: 0,
    side: Side.Buy,
    priceTicks: 618_000,
    sizeLots: 2,
    leavesLots: 0,
    cumLots: 0,
    isMaker: true,
    isReducing: false,
    reason: '',
    tradeId: 0,
    tsNs: 1_723_161_256_000_000_002n,
    venueNs: 1_723_161_256_000_000_001n,
    money: 0n,
    ...fields,
  }
}

function tickLotUnits(spec: InstrumentSpec): bigint {
  return (moneyUnits(spec.tick_size) * moneyUnits(spec.lot_size) * moneyUnits(spec.multiplier)) / UNIT / UNIT
}

function moneyUnits(decimal: string): bigint {
  const [, sign, whole = '0', part = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(decimal) ?? []
  return BigInt(`${sign}${whole}${part.padEnd(12, '0')}`)
}

function units(amount: bigint): string {
  const digits = `${magnitude(amount)}`.padStart(13, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -12)}.${digits.slice(-12)}`
}

function halved(doubled: bigint): bigint {
  return roundedHalfEven(doubled, 2n)
}

function roundedHalfEven(amount: bigint, by: bigint): bigint {
  const floor = (amount - (((amount % by) + by) % by)) / by
  const rest = 2n * (amount - floor * by)
  if (rest === by) return floor + (floor % 2n === 0n ? 0n : 1n)
  return rest > by ? floor + 1n : floor
}

function magnitude(n: bigint): bigint {
  return n < 0n ? -n : n
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
