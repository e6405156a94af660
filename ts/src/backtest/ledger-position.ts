import { Decimal as DecimalJs } from 'decimal.js'
import type { InstrumentSpec } from '../domain/index.js'

/**
 * The arithmetic of the independent ledger, with decimal.js and nothing of the engine. Prices × sizes of 38 digits each
 * fit without rounding, and a quotient is rounded far beyond the twelfth decimal.
 */
const Decimal = DecimalJs.clone({ precision: 80, rounding: DecimalJs.ROUND_HALF_EVEN, toExpNeg: -1e9, toExpPos: 1e9 })
export type Decimal = DecimalJs

export const ZERO: Decimal = new Decimal(0)
/** Money counts 1e-12 of an asset. */
const MONEY_DECIMALS = 12
const MONEY_UNITS = new Decimal(10).pow(MONEY_DECIMALS)

/** What lots of an instrument are worth. */
export class Contract {
  /** Whether profit is paid in the asset whose price it follows. */
  readonly isInverse: boolean
  readonly #tickSize: Decimal
  readonly #lotSize: Decimal
  readonly #multiplier: Decimal

  constructor({ kind, tick_size, lot_size, multiplier, base, quote, settlement }: InstrumentSpec) {
    this.isInverse = kind === 'inverse_perpetual' || (kind === 'future' && settlement === base && settlement !== quote)
    this.#tickSize = new Decimal(tick_size)
    this.#lotSize = new Decimal(lot_size)
    this.#multiplier = new Decimal(multiplier)
  }

  /** The value of a size at a price in the settlement asset, not rounded to money. */
  value(price: Decimal, size: Decimal): Decimal {
    const contracts = size.mul(this.#multiplier)
    return this.isInverse ? contracts.div(price) : contracts.mul(price)
  }

  /** The same of ticks, or half ticks, and lots. */
  valueOf(ticks: Decimal, lots: Decimal): Decimal {
    return this.value(ticks.mul(this.#tickSize), lots.mul(this.#lotSize))
  }

  /** What a fill adds to a cost basis: ticks × lots, or for an inverse contract its value in 1e-12. */
  cost(ticks: Decimal, lots: Decimal): Decimal {
    return this.isInverse ? money(this.valueOf(ticks, lots)).mul(MONEY_UNITS) : ticks.mul(lots)
  }

  /** What a basis is in money. */
  worth(basis: Decimal): Decimal {
    return this.isInverse ? basis.div(MONEY_UNITS) : this.valueOf(basis, new Decimal(1))
  }

  /** The price at which lots are worth a basis. */
  averageEntry(basis: Decimal, lots: Decimal): Decimal {
    if (lots.isZero()) return ZERO
    if (!this.isInverse) return money(basis.div(lots).mul(this.#tickSize))
    return money(lots.mul(this.#lotSize).mul(this.#multiplier).div(this.worth(basis)))
  }
}

/** A recomputed position; all decimal strings, exact. */
export interface PositionAccount {
  readonly side: 'net' | 'long' | 'short'
  readonly lots: string
  /** Without sign, in ticks × lots or for an inverse contract in 1e-12 of the settlement asset. */
  readonly basis: string
  readonly entry_value: string
  readonly realized: string
  readonly unrealized: string
  readonly fees: string
  readonly funding: string
}

/** One position while its fills are read. */
export class Position {
  readonly side: PositionAccount['side']
  readonly contract: Contract
  lots = ZERO
  /** Without sign. */
  basis = ZERO
  realized = ZERO
  unrealized = ZERO
  fees = ZERO
  funding = ZERO

  constructor(side: PositionAccount['side'], contract: Contract) {
    this.side = side
    this.contract = contract
  }

  /** Begins with what was held before the first fill. */
  open(lots: Decimal, basis: Decimal): void {
    this.lots = lots
    this.basis = basis
  }

  /** Reduces what is open on the other side first, then opens the rest. */
  trade(ticks: Decimal, signedLots: Decimal): void {
    const held = this.lots
    const against = !held.isZero() && held.isPositive() !== signedLots.isPositive()
    const reduced = against ? Decimal.min(held.abs(), signedLots.abs()) : ZERO
    if (!reduced.isZero()) {
      const cost = this.basis.mul(reduced).div(held.abs()).floor()
      const gain = this.contract.cost(ticks, reduced).sub(cost)
      const isProfit = held.isPositive() !== this.contract.isInverse
      this.realized = this.realized.add(this.contract.worth(isProfit ? gain : gain.neg()))
      this.basis = this.basis.sub(cost)
    }
    const opened = signedLots.abs().sub(reduced)
    if (!opened.isZero()) this.basis = this.basis.add(this.contract.cost(ticks, opened))
    this.lots = held.add(signedLots)
  }

  /** Values what is held at a mark in half ticks. */
  mark(halfTicks: Decimal): void {
    const value = this.contract.valueOf(halfTicks.div(2), this.lots.abs())
    // An inverse value is a quotient and is rounded before it is compared; a linear one is exact until the end.
    const gain = (this.contract.isInverse ? money(value) : value).sub(this.contract.worth(this.basis))
    this.unrealized = money(this.lots.isPositive() === this.contract.isInverse ? gain.neg() : gain)
  }

  averageEntry(): Decimal {
    return this.contract.averageEntry(this.basis, this.lots.abs())
  }

  report(): PositionAccount {
    return {
      side: this.side,
      lots: text(this.lots),
      basis: text(this.basis),
      entry_value: text(this.contract.worth(this.basis)),
      realized: text(this.realized),
      unrealized: text(this.unrealized),
      fees: text(this.fees),
      funding: text(this.funding),
    }
  }
}

export function exact(given: string): Decimal {
  return new Decimal(given)
}

/** Rounded once to what money counts, half to even. */
export function money(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(MONEY_DECIMALS, Decimal.ROUND_HALF_EVEN)
}

/** Plain decimal text; zero has no sign. */
export function text(amount: Decimal): string {
  return amount.isZero() ? '0' : amount.toFixed()
}
