import { join } from 'node:path'
import { Decimal } from 'decimal.js'
import { z } from 'zod'
import { type AssetAccount, type RecomputedLedger, recomputeLedger } from './ledger.js'
import { readJson } from './read-json.js'
import { RESULT_FILES } from './result-files.js'

/** The part of a run's `ledger.json` that is checked. */
const statedLedger = z.object({
  instruments: z.array(
    z.object({
      id: z.string(),
      position_lots: z.string(),
      basis_tick_lots: z.string(),
      mark_half_ticks: z.string(),
      opening_lots: z.string().optional(),
      opening_basis_tick_lots: z.string().optional(),
      realized: z.string(),
      unrealized: z.string(),
      fees: z.string(),
      funding: z.string(),
      fills: z.number(),
      positions: z
        .array(
          z.object({
            side: z.enum(['net', 'long', 'short']),
            lots: z.string(),
            basis: z.string(),
            entry_value: z.string(),
            realized: z.string(),
            unrealized: z.string(),
            fees: z.string(),
            funding: z.string(),
          }),
        )
        .min(1)
        .max(2),
    }),
  ),
  assets: z.array(
    z.object({
      venue: z.string(),
      asset: z.string(),
      deposits: z.string(),
      realized: z.string(),
      unrealized: z.string(),
      fees: z.string(),
      funding: z.string(),
      equity: z.string(),
    }),
  ),
})

/** The ledger that a run states. */
type StatedLedger = z.output<typeof statedLedger>

/** What a check of a run folder found. */
export interface LedgerCheck {
  readonly fills: number
  readonly instruments: number
  readonly assets: readonly AssetAccount[]
  /** Every contradiction, in words; empty if the ledger holds to the last digit. */
  readonly differences: readonly string[]
}

/**
 * Holds the `ledger.json` of a run folder against the account recomputed from its other files, digit by digit.
 * The marks, deposits and openings are taken from `ledger.json`; everything else must follow.
 */
export async function checkLedger(folder: string): Promise<LedgerCheck> {
  const stated = await readJson(join(folder, RESULT_FILES.ledger), statedLedger)
  const recomputed = await recomputeLedger(folder, {
    markHalfTicks: Object.fromEntries(stated.instruments.map((row) => [row.id, row.mark_half_ticks])),
    deposits: stated.assets,
    hedged: stated.instruments.filter(({ positions }) => positions.length === 2).map(({ id }) => id),
    openings: Object.fromEntries(
      stated.instruments.map((row) => [
        row.id,
        { lots: row.opening_lots ?? '0', basis_tick_lots: row.opening_basis_tick_lots ?? '0' },
      ]),
    ),
  })
  return {
    fills: recomputed.instruments.reduce((sum, row) => sum + row.fills, 0),
    instruments: recomputed.instruments.length,
    assets: recomputed.assets,
    differences: [...recomputed.faults, ...differences(recomputed, stated)],
  }
}

/** Where a stated ledger differs from a recomputed one, in words. */
function differences(recomputed: RecomputedLedger, stated: StatedLedger): string[] {
  const found: string[] = []
  const compare = (what: string, key: string, ours: unknown, theirs: unknown) => {
    if (!sameNumber(ours, theirs)) found.push(`${what}: ${key} is stated as ${theirs}, the files give ${ours}`)
  }
  const instrumentKeys = ['position_lots', 'realized', 'unrealized', 'fees', 'funding', 'fills'] as const
  const positionKeys = ['lots', 'basis', 'entry_value', 'realized', 'unrealized', 'fees', 'funding'] as const
  for (const row of stated.instruments) {
    const ours = recomputed.instruments.find(({ id }) => id === row.id)
    for (const key of instrumentKeys) compare(row.id, key, ours?.[key], row[key])
    // A short position's cost may be stated with its sign; where there is no one cost in ticks it is empty.
    if (row.basis_tick_lots !== '' || ours?.basis_tick_lots !== '') {
      compare(row.id, 'basis_tick_lots', ours?.basis_tick_lots, row.basis_tick_lots.replace(/^-/, ''))
    }
    for (const position of row.positions) {
      const own = ours?.positions.find(({ side }) => side === position.side)
      for (const key of positionKeys) compare(`${row.id} ${position.side}`, key, own?.[key], position[key])
    }
  }
  const assetKeys = ['deposits', 'realized', 'unrealized', 'fees', 'funding', 'equity'] as const
  for (const row of stated.assets) {
    const ours = recomputed.assets.find(({ venue, asset }) => venue === row.venue && asset === row.asset)
    for (const key of assetKeys) compare(`${row.asset} at ${row.venue}`, key, ours?.[key], row[key])
  }
  for (const { id, fills } of recomputed.instruments) {
    if (fills > 0 && !stated.instruments.some((row) => row.id === id)) found.push(`${id}: has fills, but no ledger row`)
  }
  return found
}

/** Whether both are the same number; text that is no plain number is equal to nothing. */
function sameNumber(ours: unknown, theirs: unknown): boolean {
  if (ours === undefined || !/^-?\d+(\.\d+)?$/.test(`${theirs}`)) return false
  return new Decimal(`${ours}`).eq(`${theirs}`)
}
