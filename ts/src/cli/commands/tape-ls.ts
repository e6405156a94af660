import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { TickwrightError } from '../../domain/index.js'
import { describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import type { NativeModule } from '../native-module.js'
import { grouped, table, visible } from '../text.js'

const ENDING = '.tape.parquet'

/** One tape of a folder; `error` where it cannot be read. */
interface Listed {
  readonly path: string
  readonly bytes: number
  readonly ticks: number | null
  readonly instruments: readonly string[]
  readonly first_ts_ns: string | null
  readonly last_ts_ns: string | null
  readonly error: { readonly code: string; readonly message: string } | null
}

/** `tickwright tape ls [FOLDER]`: the tapes of a folder; one that is damaged is listed with what is wrong. */
export function tapeLsCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe('ls', `list the tapes (*${ENDING}) of a folder`, 'tickwright tape ls config/demo').argument(
    '[folder]',
    'where to look',
    '.',
  )
  return perform(command, context, outcome, async ([folder = '.']) => {
    const { tape } = await context.native()
    const tapes = namesIn(folder).map((name) => listed(tape, join(folder, name)))
    return { json: tapes, text: textOf(tapes, folder) }
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .sort()
  } catch (error) {
    throw new TickwrightError('E_FILE', `${folder} cannot be listed: ${(error as Error).message}`, { cause: error })
  }
}

function listed(tape: NativeModule['tape'], path: string): Listed {
  const nothing = { path, bytes: 0, ticks: null, instruments: [], first_ts_ns: null, last_ts_ns: null, error: null }
  try {
    const bytes = statSync(path).size
    const { ticks, instruments, first_ts_ns, last_ts_ns } = tape.info(path)
    return { ...nothing, bytes, ticks, instruments: instruments.map(({ id }) => id), first_ts_ns, last_ts_ns }
  } catch (error) {
    const { code, message } = TickwrightError.from(error)
    return { ...nothing, error: { code, message } }
  }
}

function textOf(tapes: readonly Listed[], folder: string): string {
  if (tapes.length === 0) return `no tapes (*${ENDING}) in ${visible(folder)}\n`
  const rows = tapes.map(({ path, bytes, ticks, instruments, first_ts_ns, last_ts_ns, error }) => [
    visible(path),
    grouped(bytes),
    ticks === null ? '-' : grouped(ticks),
    secondsBetween(first_ts_ns, last_ts_ns),
    error ? `${error.code}: ${visible(error.message)}` : visible(instruments.join(', ')),
  ])
  return table(['tape', 'bytes', 'ticks', 'seconds', 'instruments'], rows)
}

function secondsBetween(first: string | null, last: string | null): string {
  return first === null || last === null ? '-' : (Number(BigInt(last) - BigInt(first)) / 1e9).toFixed(1)
}
