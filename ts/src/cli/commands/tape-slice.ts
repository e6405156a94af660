import type { Command } from 'commander'
import { type CommonOptions, collect, describe, instant, type Outcome, perform, usageFault } from '../command.js'
import type { CliContext } from '../context.js'
import { infoText, withProgress } from './tape-text.js'

interface SliceCommandOptions extends CommonOptions {
  readonly out: string
  readonly from?: string
  readonly to?: string
  readonly instrument?: readonly string[]
  readonly kind?: readonly string[]
  /** Commander's name for what `--no-books` turns off. */
  readonly books: boolean
  readonly force?: boolean
}

/** `tickwright tape slice TAPE`: a tape of some time or some instruments of another. */
export function tapeSliceCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe(
    'slice',
    'cut a time or instruments out of a tape',
    'tickwright tape slice btc.tape.parquet --from 2024-08-09T00:00:00Z --out first.tape.parquet',
  )
    .argument('<tape>')
    .requiredOption('--out <file>', 'the new tape')
    .option('--from <time>', 'first receive time: ns since the Unix epoch or RFC 3339', instant)
    .option('--to <time>', 'receive time at which it ends, itself left out', instant)
    .option('--instrument <id>', 'take this instrument only; may be given several times', collect)
    .option('--kind <kind>', 'take records of this kind only, such as trade; may be given several times', collect)
    .option('--no-books', 'begin in mid-stream instead of with a snapshot of the books that were there')
    .option('--force', 'replace an existing tape')
  return perform<SliceCommandOptions>(command, context, outcome, async ([input = ''], options) => {
    const { from, to, instrument, kind } = options
    if ([from, to, instrument, kind].every((choice) => choice === undefined)) {
      throw usageFault('slice what? give --from, --to, --instrument or --kind')
    }
    const native = await context.native()
    const info = withProgress(context, 'slicing', options, (onProgress) =>
      native.tape.slice({
        input,
        out: options.out,
        ...(from === undefined ? {} : { fromNs: from }),
        ...(to === undefined ? {} : { toNs: to }),
        ...(instrument === undefined ? {} : { instruments: instrument }),
        ...(kind === undefined ? {} : { kinds: kind }),
        ...(options.books ? {} : { withoutBooks: true }),
        ...(options.force ? { overwrite: true } : {}),
        onProgress,
      }),
    )
    return { json: info, text: infoText(info) }
  })
}
