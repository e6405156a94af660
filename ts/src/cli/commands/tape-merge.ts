import type { Command } from 'commander'
import { type CommonOptions, describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import { infoText, withProgress } from './tape-text.js'

interface MergeCommandOptions extends CommonOptions {
  readonly out: string
  readonly force?: boolean
}

/** `tickwright tape merge TAPE…`: one tape of several, by receive time, instrument and order. */
export function tapeMergeCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe(
    'merge',
    'put several tapes into one, in the order in which their records were received',
    'tickwright tape merge spot.tape.parquet perp.tape.parquet --out both.tape.parquet',
  )
    .argument('<tape...>')
    .requiredOption('--out <file>', 'the new tape')
    .option('--force', 'replace an existing tape')
  return perform<MergeCommandOptions>(command, context, outcome, async (inputs, options) => {
    const native = await context.native()
    const info = withProgress(context, 'merging', options, (onProgress) =>
      native.tape.merge({ inputs, out: options.out, ...(options.force ? { overwrite: true } : {}), onProgress }),
    )
    return { json: info, text: infoText(info) }
  })
}
