import { join } from 'node:path'
import { Decimal as DecimalJs } from 'decimal.js'
import { z } from 'zod'
import { type InstrumentSpec, TickwrightError } from '../domain/index.js'
import { readCsv } from './csv.js'
import { readJson } from './read-json.js'
import { FILL_COLUMNS, FUNDING_COLUMNS, RESULT_FILES } from './result-files.js'

/**
 * The independent ledger: it recomputes a run's account from the run's files alone, with decimal.js, and imports
 * nothing of the engine. Prices × sizes of 38 digits each fit without rounding.
 */
const Decimal = DecimalJs.clone({ precision: 80, rounding: DecimalJs.ROUND_HALF_EVEN, toExpNeg: -1e9, toExpPos: 1e9 })
type Decimal = DecimalJs

const ZERO = new Decimal(0)
/** Money counts 1e-12 of an asset. */
const MONEY_DECIMALS = 12

/** What the files cannot say and a check takes from outside. */
export interface LedgerInputs {
  /** Last mid of each instrument in half ticks (bid + ask), for the unrealized part. */
  readonly markHalfTicks: Readonly<Record<string, string>>
  /** What was paid in at each venue, the opening value of deposited base assets among it. */
  readonly deposits: readonly { readonly venue: string; readonly asset: string; readonly deposits: string }[]
  /** Spot: lots held from the start because their base asset was deposited, and what they were worth then. */
  readonly openings?: Readonly<Record<string, { readonly lots: string; readonly basis_tick_lots: string }>>
}

/** An instrument's part of a recomputed account; all decimal strings, exact unless said otherwise. */
interface InstrumentAccount {
  readonly id: string
  readonly position_lots: string
  /** What the open position cost in ticks × lots, without sign. */
  readonly basis_tick_lots: string
  /** To 12 decimals; 0 without a position. */
  readonly avg_entry: string
  readonly realized: string
  readonly unrealized: string
  readonly fees: string
  readonly funding: string
  readonly fills: number
}

/** One asset at one venue: the sum of the instruments that settle in it there. */
export interface AssetAccount {
  readonly venue: string
  readonly asset: string
  readonly deposits: string
  readonly realized: string
  readonly unrealized: string
  readonly fees: string
  readonly funding: string
  readonly equity: string
}

/** An account computed from files, and what in the files contradicts itself. */
export interface RecomputedLedger {
  readonly instruments: readonly InstrumentAccount[]
  readonly assets: readonly AssetAccount[]
  /** Such as a fee that is not price × size × rate. */
  readonly faults: readonly string[]
}

/** Recomputes the account of a run folder from its fills, funding payments and instruments. */
export async function recomputeLedger(folder: string, inputs: LedgerInputs): Promise<RecomputedLedger> {
  const accounts = new Map<string, Account>()
  for (const spec of await readInstruments(join(folder, RESULT_FILES.instruments))) {
    accounts.set(spec.id, new Account(spec, inputs.openings?.[spec.id]))
  }
  const faults: string[] = []
  const fillsFile = join(folder, RESULT_FILES.fills)
  for await (const row of readCsv(fillsFile, FILL_COLUMNS)) {
    const where = `${fillsFile}: trade ${row.trade_id}`
    const fault = accountOf(accounts, row.instrument, where).fill(row, where)
    if (fault) faults.push(fault)
  }
  const fundingFile = join(folder, RESULT_FILES.funding)
  for await (const row of readCsv(fundingFile, FUNDING_COLUMNS)) {
    accountOf(accounts, row.instrument, fundingFile).pay(number(row.amount, fundingFile))
  }
  const instruments = [...accounts.values()].map((account) => account.report(inputs.markHalfTicks))
  return { instruments, assets: assetAccounts([...accounts.values()], inputs), faults }
}

/** One instrument's account while its fills are read. */
class Account {
  readonly spec: InstrumentSpec
  realized = ZERO
  unrealized = ZERO
  fees = ZERO
  funding = ZERO
  #fills = 0
  #positionLots = ZERO
  /** Without sign: what the open lots cost in ticks × lots. */
  #basis = ZERO
  readonly #tickLotValue: Decimal

  constructor(spec: InstrumentSpec, opening: { lots: string; basis_tick_lots: string } | undefined) {
    this.spec = spec
    this.#positionLots = number(opening?.lots ?? '0', `${spec.id}: opening lots`)
    this.#basis = number(opening?.basis_tick_lots ?? '0', `${spec.id}: opening cost`)
    this.#tickLotValue = new Decimal(spec.tick_size).mul(spec.lot_size).mul(spec.multiplier)
  }

  /** Takes a fill in; says what is wrong with its row, if anything. */
  fill(row: Record<(typeof FILL_COLUMNS)[number], string>, where: string): string | undefined {
    if (this.spec.kind === 'inverse_perpetual') {
      throw new TickwrightError('E_LEDGER', `${where}: ${this.spec.id} is inverse, for which there is no account yet`)
    }
    const price = number(row.price, where)
    const size = number(row.size, where)
    const ticks = whole(price.div(this.spec.tick_size), `${where}: price ${row.price} is off the tick`)
    const lots = whole(size.div(this.spec.lot_size), `${where}: size ${row.size} is off the lot`)
    this.#trade(ticks, oneOf(row.side, ['buy', 'sell'], where) === 'buy' ? lots : lots.neg())
    const rate = oneOf(row.liquidity, ['maker', 'taker'], where) === 'maker' ? this.spec.maker_fee : this.spec.taker_fee
    const fee = money(price.mul(size).mul(this.spec.multiplier).mul(rate))
    this.fees = this.fees.add(fee)
    this.#fills += 1
    if (!fee.eq(number(row.fee, where)))
      return `${where}: fee is stated as ${row.fee}, ${row.liquidity} rate gives ${fee}`
    if (row.fee_asset !== this.spec.settlement)
      return `${where}: fee asset is ${row.fee_asset}, not ${this.spec.settlement}`
    return undefined
  }

  pay(amount: Decimal): void {
    this.funding = this.funding.add(amount)
  }

  report(marks: Readonly<Record<string, string>>): InstrumentAccount {
    const { id } = this.spec
    this.unrealized = this.#unrealizedAt(marks[id])
    const open = this.#positionLots.abs()
    const average = open.isZero() ? ZERO : this.#basis.div(open).mul(this.spec.tick_size)
    return {
      id,
      position_lots: text(this.#positionLots),
      basis_tick_lots: text(this.#basis),
      avg_entry: text(money(average)),
      realized: text(this.realized),
      unrealized: text(this.unrealized),
      fees: text(this.fees),
      funding: text(this.funding),
      fills: this.#fills,
    }
  }

  /** Reduces what is open on the other side first, then opens the rest. */
  #trade(ticks: Decimal, signedLots: Decimal): void {
    const open = this.#positionLots
    const against = !open.isZero() && open.isPositive() !== signedLots.isPositive()
    const reduced = against ? Decimal.min(open.abs(), signedLots.abs()) : ZERO
    if (!reduced.isZero()) {
      const cost = this.#basis.mul(reduced).div(open.abs()).floor()
      const gain = open.isPositive() ? ticks.mul(reduced).sub(cost) : cost.sub(ticks.mul(reduced))
      this.realized = this.realized.add(gain.mul(this.#tickLotValue))
      this.#basis = this.#basis.sub(cost)
    }
    this.#basis = this.#basis.add(ticks.mul(signedLots.abs().sub(reduced)))
    this.#positionLots = open.add(signedLots)
  }

  #unrealizedAt(markHalfTicks: string | undefined): Decimal {
    if (this.#positionLots.isZero()) return ZERO
    if (markHalfTicks === undefined) {
      throw new TickwrightError('E_LEDGER', `${this.spec.id} has an open position but no mark to value it at`)
    }
    const value = number(markHalfTicks, `${this.spec.id}: mark`).mul(this.#positionLots).div(2)
    const basis = this.#positionLots.isPositive() ? this.#basis : this.#basis.neg()
    return money(value.sub(basis).mul(this.#tickLotValue))
  }
}

function assetAccounts(accounts: readonly Account[], { deposits }: LedgerInputs): AssetAccount[] {
  const settled = accounts.map(({ spec }) => ({ venue: spec.venue, asset: spec.settlement }))
  const keys = new Set([...deposits, ...settled].map(({ venue, asset }) => JSON.stringify([venue, asset])))
  return [...keys].sort().map((key) => {
    const [venue, asset] = JSON.parse(key) as [string, string]
    const paidIn = deposits.find((row) => row.venue === venue && row.asset === asset)?.deposits ?? '0'
    const mine = accounts.filter(({ spec }) => spec.venue === venue && spec.settlement === asset)
    return { venue, asset, ...assetAmounts(number(paidIn, `deposit of ${asset} at ${venue}`), mine) }
  })
}

function assetAmounts(deposits: Decimal, accounts: readonly Account[]) {
  const sum = (key: 'realized' | 'unrealized' | 'fees' | 'funding') =>
    accounts.reduce((total, account) => total.add(account[key]), ZERO)
  const [realized, unrealized, fees, funding] = [sum('realized'), sum('unrealized'), sum('fees'), sum('funding')]
  const equity = deposits.add(realized).add(unrealized).sub(fees).add(funding)
  return mapValues({ deposits, realized, unrealized, fees, funding, equity }, text)
}

function mapValues<Key extends string, From, To>(from: Record<Key, From>, map: (value: From) => To): Record<Key, To> {
  return Object.fromEntries(Object.entries<From>(from).map(([key, value]) => [key, map(value)])) as Record<Key, To>
}

const instrumentRows = z.array(
  z.looseObject({
    id: z.string(),
    venue: z.string(),
    kind: z.string(),
    tick_size: z.string(),
    lot_size: z.string(),
    multiplier: z.string(),
    settlement: z.string(),
    maker_fee: z.string(),
    taker_fee: z.string(),
  }),
)

async function readInstruments(path: string): Promise<InstrumentSpec[]> {
  return (await readJson(path, instrumentRows)) as unknown as InstrumentSpec[]
}

function accountOf(accounts: ReadonlyMap<string, Account>, id: string, where: string): Account {
  const account = accounts.get(id)
  if (!account) {
    const known = [...accounts.keys()].join(', ')
    throw new TickwrightError('E_LEDGER', `${where}: instrument ${JSON.stringify(id)} is not defined, only ${known}`)
  }
  return account
}

function number(given: string, where: string): Decimal {
  if (!/^-?\d+(\.\d+)?$/.test(given)) {
    throw new TickwrightError('E_LEDGER', `${where}: ${JSON.stringify(given)} is no decimal number`)
  }
  return new Decimal(given)
}

function whole(value: Decimal, fault: string): Decimal {
  if (!value.isInteger()) throw new TickwrightError('E_LEDGER', fault)
  return value
}

function oneOf<const Allowed extends string>(given: string, allowed: readonly Allowed[], where: string): Allowed {
  const found = allowed.find((candidate) => candidate === given)
  if (!found)
    throw new TickwrightError('E_LEDGER', `${where}: ${JSON.stringify(given)} is none of ${allowed.join(', ')}`)
  return found
}

function money(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(MONEY_DECIMALS, Decimal.ROUND_HALF_EVEN)
}

/** Plain decimal text; zero has no sign. */
function text(amount: Decimal): string {
  return amount.isZero() ? '0' : amount.toFixed()
}
