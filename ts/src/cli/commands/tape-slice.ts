import type { Command } from 'commander'
import { type CommonOptions, collect, describe, instant, type Outcome, perform, usageFault } from '../command.js'
import type { CliContext } from '../context.js'
import { infoText, withProgress } from './tape-text.js'

interface SliceCommandOptions extends CommonOptions {
  readonly out: string
  readonly from?: string
  readonly to?: string
  readonly instrument?: readonly string[]
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
    .option('--force', 'replace an existing tape')
  return perform<SliceCommandOptions>(command, context, outcome, async ([input = ''], options) => {
    const { from, to, instrument } = options
    if (from === undefined && to === undefined && instrument === undefined) {
      throw usageFault('slice what? give --from, --to or --instrument')
    }
    const native = await context.native()
    const info = withProgress(context, 'slicing', options, (onProgress) =>
      native.tape.slice({
        input,
        out: options.out,
        ...(from === undefined ? {} : { fromNs: from }),
        ...(to === undefined ? {} : { toNs: to }),
        ...(instrument === undefined ? {} : { instruments: instrument }),
        ...(options.force ? { overwrite: true } : {}),
        onProgress,
      }),
    )
    return { json: info, text: infoText(info) }
  })
}
