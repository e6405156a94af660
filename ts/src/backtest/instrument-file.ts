import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { INSTRUMENT_KINDS, type InstrumentSpec, TickwrightError } from '../domain/index.js'
import { marginMode } from './account-settings.js'
import { bundledFolder } from './bundled.js'
import { decimalText, keyed } from './schema.js'
import { YamlFile } from './yaml-file.js'

const ID = /^[A-Za-z0-9._-]{1,64}$/
const name = z.string().min(1).max(64)
const moment = z.iso.datetime({ offset: true, error: 'expected a moment as RFC 3339, such as "2024-06-28T08:00:00Z"' })

/** Keys and defaults of an instrument definition; whether its numbers make sense is for the engine to say. */
const instrument = keyed({
  id: z.string().regex(ID, { error: 'expected 1 to 64 characters of A-Z a-z 0-9 . _ -' }),
  venue: name,
  symbol: name,
  kind: z.enum(INSTRUMENT_KINDS, { error: `expected one of ${INSTRUMENT_KINDS.join(', ')}` }),
  tick_size: decimalText,
  lot_size: decimalText,
  min_size: decimalText.default('0'),
  min_notional: decimalText.default('0'),
  multiplier: decimalText.default('1'),
  base: name,
  quote: name,
  settlement: name,
  maker_fee: decimalText.default('0.0002'),
  taker_fee: decimalText.default('0.0006'),
  max_leverage: decimalText.default('1'),
  maintenance_margin_rate: decimalText.optional(),
  expiry: moment.optional(),
  funding_interval: decimalText.optional(),
  feed_px_decimals: z.int().min(0).max(18).optional(),
  feed_qty_decimals: z.int().min(0).max(18).optional(),
})

/** What a run file may say otherwise about an instrument of its tapes; the tape's ticks and lots stay what they are. */
export const instrumentOverride = keyed({
  min_size: decimalText.optional(),
  min_notional: decimalText.optional(),
  maker_fee: decimalText.optional(),
  taker_fee: decimalText.optional(),
  max_leverage: decimalText.optional(),
  maintenance_margin_rate: decimalText.optional(),
  expiry: moment.optional(),
  funding_interval: decimalText.optional(),
  margin_mode: marginMode.optional(),
  leverage: decimalText.optional(),
})

/** The definitions of a YAML or JSON file: one, or a list. `E_FILE`, `E_CONFIG`. */
export function readInstrumentFile(path: string): InstrumentSpec[] {
  const file = YamlFile.read(path)
  if (!Array.isArray(file.data)) return [withoutGaps(file.check(instrument))]
  if (file.data.length === 0) throw file.fault([], 'the list of instruments is empty')
  return file.data.map((_row, k) => withoutGaps(file.check(instrument, [k])))
}

/**
 * The definitions that the given files and bundled ids name, in their order. What exists as a file is one; anything
 * else must be an id of `config/instruments`. Two definitions of one id are `E_CONFIG`.
 */
export function resolveInstruments(given: readonly string[]): InstrumentSpec[] {
  const found = given.flatMap((text) => (existsSync(text) ? readInstrumentFile(text) : [bundledInstrument(text)]))
  const ids = found.map(({ id }) => id)
  const twice = ids.find((id, k) => ids.indexOf(id) !== k)
  if (twice !== undefined) throw new TickwrightError('E_CONFIG', `instrument ${twice} is defined twice: name it once`)
  return found
}

/** Ids of the definitions that come with the house. */
export function bundledInstrumentIds(): string[] {
  return readdirSync(bundledFolder('instruments'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

function bundledInstrument(id: string): InstrumentSpec {
  const known = bundledInstrumentIds()
  if (!known.includes(id)) {
    const message = `instrument ${JSON.stringify(id)} is neither a file nor one that is bundled: ${known.join(', ')}`
    throw new TickwrightError('E_CONFIG', message)
  }
  const [first] = readInstrumentFile(join(bundledFolder('instruments'), `${id}.yaml`))
  return first as InstrumentSpec
}

/** Optional keys that were not given are left out rather than undefined. */
function withoutGaps(spec: z.output<typeof instrument>): InstrumentSpec {
  return Object.fromEntries(
    Object.entries(spec).filter(([, value]) => value !== undefined),
  ) as unknown as InstrumentSpec
}
