import { join } from 'node:path'
import { z } from 'zod'
import { type InstrumentSpec, TickwrightError } from '../domain/index.js'
import { readCsv } from './csv.js'
import { Contract, type Decimal, exact, money, Position, type PositionAccount, text, ZERO } from './ledger-position.js'
import { readJson } from './read-json.js'
import { FILL_COLUMNS, FUNDING_COLUMNS, RESULT_FILES } from './result-files.js'

/** Who added the liquidity of a fill, or why the venue closed a position itself. */
const LIQUIDITY = ['maker', 'taker', 'liquidation', 'settlement'] as const

/** What the files cannot say and a check takes from outside. */
export interface LedgerInputs {
  /** Last mid of each instrument in half ticks (bid + ask), for the unrealized part. */
  readonly markHalfTicks: Readonly<Record<string, string>>
  /** What was paid in at each venue, the opening value of deposited base assets among it. */
  readonly deposits: readonly { readonly venue: string; readonly asset: string; readonly deposits: string }[]
  /** Spot: lots held from the start because their base asset was deposited, and what they were worth then. */
  readonly openings?: Readonly<Record<string, { readonly lots: string; readonly basis_tick_lots: string }>>
  /** Ids of instruments that had a long and a short at one time. */
  readonly hedged?: readonly string[]
}

/** An instrument's part of a recomputed account; all decimal strings, exact unless said otherwise. */
interface InstrumentAccount {
  readonly id: string
  readonly position_lots: string
  /** What the open position cost in ticks × lots, without sign; empty for inverse contracts and in hedge mode. */
  readonly basis_tick_lots: string
  /** To 12 decimals; 0 without a position, empty in hedge mode. */
  readonly avg_entry: string
  readonly realized: string
  readonly unrealized: string
  readonly fees: string
  readonly funding: string
  readonly fills: number
  readonly positions: readonly PositionAccount[]
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
    accounts.set(spec.id, new Account(spec, inputs.openings?.[spec.id], inputs.hedged?.includes(spec.id) ?? false))
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
    accountOf(accounts, row.instrument, fundingFile).pay(row, fundingFile)
  }
  const instruments = [...accounts.values()].map((account) => account.report(inputs.markHalfTicks))
  return { instruments, assets: assetAccounts([...accounts.values()], inputs), faults }
}

/** One instrument's account while its fills are read. */
class Account {
  readonly spec: InstrumentSpec
  readonly #positions: readonly Position[]
  #fills = 0

  constructor(spec: InstrumentSpec, opening: { lots: string; basis_tick_lots: string } | undefined, isHedged: boolean) {
    this.spec = spec
    const contract = new Contract(spec)
    this.#positions = (isHedged ? (['long', 'short'] as const) : (['net'] as const)).map(
      (side) => new Position(side, contract),
    )
    this.#positions[0]?.open(
      number(opening?.lots ?? '0', `${spec.id}: opening lots`),
      number(opening?.basis_tick_lots ?? '0', `${spec.id}: opening cost`),
    )
  }

  /** Takes a fill in; says what is wrong with its row, if anything. */
  fill(row: Record<(typeof FILL_COLUMNS)[number], string>, where: string): string | undefined {
    const price = number(row.price, where)
    const size = number(row.size, where)
    const ticks = whole(price.div(this.spec.tick_size), `${where}: price ${row.price} is off the tick`)
    const lots = whole(size.div(this.spec.lot_size), `${where}: size ${row.size} is off the lot`)
    const isBuy = oneOf(row.side, ['buy', 'sell'], where) === 'buy'
    const reduces = oneOf(row.reduces, ['true', 'false'], where) === 'true'
    const position = this.#positionOf(isBuy !== reduces)
    const fee = this.#fee(price, size, oneOf(row.liquidity, LIQUIDITY, where))
    position.trade(ticks, isBuy ? lots : lots.neg())
    position.fees = position.fees.add(fee)
    this.#fills += 1
    if (!fee.eq(number(row.fee, where)))
      return `${where}: fee is stated as ${row.fee}, ${row.liquidity} rate gives ${fee}`
    if (row.fee_asset !== this.spec.settlement)
      return `${where}: fee asset is ${row.fee_asset}, not ${this.spec.settlement}`
    return undefined
  }

  pay(row: Record<(typeof FUNDING_COLUMNS)[number], string>, where: string): void {
    const position = this.#positionOf(oneOf(row.position, ['long', 'short'], where) === 'long')
    position.funding = position.funding.add(number(row.amount, where))
  }

  sum(key: 'realized' | 'unrealized' | 'fees' | 'funding'): Decimal {
    return this.#positions.reduce((total, position) => total.add(position[key]), ZERO)
  }

  report(marks: Readonly<Record<string, string>>): InstrumentAccount {
    const { id } = this.spec
    const mark = marks[id]
    for (const position of this.#positions) {
      if (position.lots.isZero()) continue
      if (!mark) throw new TickwrightError('E_LEDGER', `${id} has an open position but no mark to value it at`)
      position.mark(number(mark, `${id}: mark`))
    }
    const [first] = this.#positions as readonly [Position]
    const isPlain = this.#positions.length === 1 && !first.contract.isInverse
    return {
      id,
      position_lots: text(this.#positions.reduce((total, position) => total.add(position.lots), ZERO)),
      basis_tick_lots: isPlain ? text(first.basis) : '',
      avg_entry: this.#positions.length === 1 ? text(first.averageEntry()) : '',
      realized: text(this.sum('realized')),
      unrealized: text(this.sum('unrealized')),
      fees: text(this.sum('fees')),
      funding: text(this.sum('funding')),
      fills: this.#fills,
      positions: this.#positions.map((position) => position.report()),
    }
  }

  /** In hedge mode the long or the short; spot has holdings on one side only. */
  #positionOf(isLong: boolean): Position {
    const [first, short] = this.#positions as readonly [Position, Position?]
    return short && !isLong && this.spec.kind !== 'spot' ? short : first
  }

  /** What the venue closes of its own accord is free. */
  #fee(price: Decimal, size: Decimal, liquidity: (typeof LIQUIDITY)[number]): Decimal {
    if (liquidity !== 'maker' && liquidity !== 'taker') return ZERO
    const rate = liquidity === 'maker' ? this.spec.maker_fee : this.spec.taker_fee
    return money(new Contract(this.spec).value(price, size).mul(rate))
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
    accounts.reduce((total, account) => total.add(account.sum(key)), ZERO)
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
    base: z.string(),
    quote: z.string(),
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
  return exact(given)
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
