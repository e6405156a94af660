import { Command } from 'commander'
import { checkLedger, type LedgerCheck } from '../../backtest/index.js'
import { describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import { EXIT } from '../exit-codes.js'
import { facts, grouped, visible } from '../text.js'

/** `tickwright ledger check DIR`: recomputes a run's account from its files, independently of the engine. */
export function ledgerCommand(context: CliContext, outcome: Outcome): Command {
  const check = describe(
    'check',
    'recompute the account of a run from its fills and funding, and hold its ledger to it digit by digit',
    'tickwright ledger check runs/demo',
  ).argument('<folder>', 'result folder of a run')
  perform(check, context, outcome, async ([folder = '']) => {
    const found = await checkLedger(folder)
    const ok = found.differences.length === 0
    return { json: { ok, ...found }, text: textOf(found), exitCode: ok ? EXIT.ok : EXIT.failed }
  })
  return new Command('ledger').description('check the accounts of runs').addCommand(check)
}

function textOf({ fills, instruments, assets, differences }: LedgerCheck): string {
  if (differences.length > 0) return `${differences.map((line) => `differs: ${visible(line)}`).join('\n')}\n`
  return facts([
    ['ledger', `holds to the last digit over ${grouped(fills)} fills of ${grouped(instruments)} instruments`],
    ...assets.map(({ asset, equity }) => ['equity', `${equity} ${visible(asset)}`] as const),
  ])
}
