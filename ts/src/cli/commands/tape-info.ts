import type { Command } from 'commander'
import { describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import { infoText } from './tape-text.js'

/** `tickwright tape info TAPE`: what a tape says of itself, without reading its records. */
export function tapeInfoCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe('info', 'say what a tape holds', 'tickwright tape info btc.tape.parquet').argument('<tape>')
  return perform(command, context, outcome, async ([path = '']) => {
    const native = await context.native()
    const info = native.tape.info(path)
    return { json: info, text: infoText(info) }
  })
}
