import { type Command, Option } from 'commander'
import { formatSummary, RUN_MODES, type RunOutcome, readRunConfig, runFile } from '../../backtest/index.js'
import type { RunMode } from '../../engine/types.js'
import { type CommonOptions, describe, type Outcome, perform } from '../command.js'
import { type CliContext, cacheDir, hasColour } from '../context.js'
import { ProgressLine } from '../progress.js'
import { visible } from '../text.js'

interface RunCommandOptions extends CommonOptions {
  readonly mode?: RunMode
  readonly out?: string
}

/** `tickwright run FILE`: a controller on recorded ticks, from a run file to a result folder. */
export function runCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe('run', 'run the controller of a run file on its tapes', 'tickwright run config/demo.yaml')
    .argument('<file>', 'run file (YAML)')
    .addOption(
      new Option('--mode <mode>', 'how native and JavaScript take turns; results are equal').choices(RUN_MODES),
    )
    .option('--out <folder>', 'folder of the results')
  return perform<RunCommandOptions>(command, context, outcome, async ([file = ''], options) => {
    const config = readRunConfig(file)
    const native = await context.native()
    const progress = new ProgressLine(context, 'running', options.progress)
    try {
      const done = await runFile(config, native, {
        ...(options.mode ? { mode: options.mode } : {}),
        ...(options.out ? { out: options.out } : {}),
        cacheDir: cacheDir(context.env),
        onProgress: (ticks, total) => progress.update(ticks, total),
      })
      return { json: { ...done.summary, out: done.folder }, text: textOf(done, context) }
    } finally {
      progress.end()
    }
  })
}

function textOf({ summary, curves, folder }: RunOutcome, context: CliContext): string {
  const style = { colour: hasColour(context), columns: context.stdout.columns }
  const files = 'summary.json, fills.csv, orders.csv, funding.csv, equity.parquet, ledger.json'
  return `${formatSummary(summary, curves, style)}\nresults in ${visible(folder)}: ${files}\n`
}
