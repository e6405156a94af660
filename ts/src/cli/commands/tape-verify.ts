import type { Command } from 'commander'
import { describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import { EXIT } from '../exit-codes.js'
import type { Finding, VerifyReport } from '../native-module.js'
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
    return { json: report, text: textOf(report), exitCode: report.faults.length === 0 ? EXIT.ok : EXIT.failed }
  })
}

function textOf(report: VerifyReport): string {
  const { quotes_checked: checked, quotes_equal: equal = 0 } = report
  return facts([
    ['ticks', `${grouped(report.ticks)} in ${grouped(report.messages)} messages, content hash right`],
    ['backwards', findingText(report.backwards)],
    ['gaps', findingText(report.gaps)],
    ['crossed', findingText(report.crossed)],
    ['locked', findingText(report.locked)],
    ['negative sizes', findingText(report.negative_sizes)],
    ['without side', findingText(report.without_side)],
    ['bad checksums', findingText(report.bad_checksums)],
    ['unknown orders', findingText(report.unknown_orders)],
    ['quotes', checked === undefined ? 'none to compare' : `${grouped(equal)} of ${grouped(checked)} equal`],
    ...report.faults.map((fault) => ['FAULT', visible(fault)] as const),
  ])
}

function findingText({ count, first }: Finding): string {
  return first ? `${grouped(count)}, first at record ${grouped(first.index)} (${first.recv_ns})` : grouped(count)
}
