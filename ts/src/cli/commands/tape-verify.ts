import type { Command } from 'commander'
import { describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import { EXIT } from '../exit-codes.js'
import { facts, grouped, visible } from '../text.js'
import { withProgress } from './tape-text.js'

/** `tickwright tape verify TAPE`: reads every record and counts what is not as it should be. */
export function tapeVerifyCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe(
    'verify',
    'read a whole tape: content hash, order, gaps, crossed books, and its best quotes against its depth',
    'tickwright tape verify btc.tape.parquet',
  ).argument('<tape>')
  return perform(command, context, outcome, async ([path = ''], options) => {
    const native = await context.native()
    const report = withProgress(context, 'verifying', options, (onProgress) => native.tape.verify(path, { onProgress }))
    const faults = report.faults ?? []
    return { json: report, text: textOf(report), exitCode: faults.length === 0 ? EXIT.ok : EXIT.failed }
  })
}

/** Counts by name, whatever a reader counts. */
function textOf(report: object): string {
  const rows = Object.entries(report).map(([key, value]): [string, string] => {
    const shown = typeof value === 'number' ? grouped(value) : typeof value === 'string' ? value : JSON.stringify(value)
    return [key.replaceAll('_', ' '), visible(shown)]
  })
  return facts(rows)
}
