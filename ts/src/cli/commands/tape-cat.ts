import type { Command } from 'commander'
import { type CommonOptions, count, describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import type { NativeModule, TapeRow } from '../native-module.js'
import { visible } from '../text.js'

/** Records fetched at a time: memory stays bounded however long the tape is. */
const BATCH = 10_000
const COLUMNS = ['recv_ns', 'exch_ns', 'instrument', 'kind', 'side', 'price', 'size', 'id', 'flags'] as const

interface CatCommandOptions extends CommonOptions {
  readonly offset: number
  readonly limit: number
}

/** `tickwright tape cat TAPE`: records in words, tab-separated, or as one JSON array. */
export function tapeCatCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe(
    'cat',
    'print records of a tape, tab-separated with a heading',
    'tickwright tape cat btc.tape.parquet --offset 1000 --limit 20',
  )
    .argument('<tape>')
    .option('--offset <n>', 'number of the first record to print', count, 0)
    .option('--limit <n>', 'how many records to print; 0 for all', count, 20)
  return perform<CatCommandOptions>(command, context, outcome, async ([path = ''], options) => {
    const { tape } = await context.native()
    if (options.json) return { json: [...rowsOf(tape, path, options)].flat(), text: '' }
    context.stdout.write(`${COLUMNS.join('\t')}\n`)
    for (const rows of rowsOf(tape, path, options)) context.stdout.write(rows.map(lineOf).join(''))
    return { json: [], text: '' }
  })
}

function* rowsOf(tape: NativeModule['tape'], path: string, { offset, limit }: CatCommandOptions) {
  const end = limit === 0 ? Number.POSITIVE_INFINITY : offset + limit
  for (let at = offset; at < end; ) {
    const rows = tape.cat(path, { offset: at, limit: Math.min(BATCH, end - at) })
    if (rows.length === 0) return
    yield rows
    at += rows.length
  }
}

function lineOf(row: TapeRow): string {
  return `${COLUMNS.map((column) => visible(`${row[column]}`)).join('\t')}\n`
}
