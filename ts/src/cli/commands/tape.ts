import { Command } from 'commander'
import type { Outcome } from '../command.js'
import type { CliContext } from '../context.js'
import { tapeCatCommand } from './tape-cat.js'
import { tapeConvertCommand } from './tape-convert.js'
import { tapeInfoCommand } from './tape-info.js'
import { tapeLsCommand } from './tape-ls.js'
import { tapeMergeCommand } from './tape-merge.js'
import { tapeSliceCommand } from './tape-slice.js'
import { tapeVerifyCommand } from './tape-verify.js'

/** `tickwright tape …`: everything that is done with recorded ticks. */
export function tapeCommand(context: CliContext, outcome: Outcome): Command {
  const tape = new Command('tape').description('make, read, cut and check tapes of recorded ticks')
  const commands = [
    tapeConvertCommand,
    tapeInfoCommand,
    tapeCatCommand,
    tapeSliceCommand,
    tapeMergeCommand,
    tapeLsCommand,
    tapeVerifyCommand,
  ]
  for (const make of commands) tape.addCommand(make(context, outcome))
  return tape
}
