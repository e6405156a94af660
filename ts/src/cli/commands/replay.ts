import type { Command } from 'commander'
import { type CommonOptions, describe, type Outcome, perform } from '../command.js'
import { type CliContext, cacheDir } from '../context.js'
import type { ReplayReport } from '../native-module.js'
import { ProgressLine } from '../progress.js'
import { facts, grouped, table, visible } from '../text.js'

interface ReplayCommandOptions extends CommonOptions {
  readonly bbo?: string
}

/** `tickwright replay TAPE…`: rebuilds the books and says how that went and how fast. */
export function replayCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe(
    'replay',
    'rebuild the books of one or several tapes, merged by receive time',
    'tickwright replay config/demo/btcusdt.tape.parquet --bbo bbo.csv',
  )
    .argument('<tape...>', 'tapes')
    .option('--bbo <file>', 'write the best bid and ask after each message that touched a book, as CSV')
  return perform<ReplayCommandOptions>(command, context, outcome, async (tapes, options) => {
    const native = await context.native()
    const progress = new ProgressLine(context, 'replaying', options.progress)
    try {
      const report = native.tape.replay({
        tapes,
        cacheDir: cacheDir(context.env),
        ...(options.bbo ? { bbo: options.bbo } : {}),
        onProgress: ({ done, total, ticks }) => {
          progress.update(done, total, ticks)
          return true
        },
      })
      return { json: report, text: textOf(report) }
    } finally {
      progress.end()
    }
  })
}

function textOf(report: ReplayReport): string {
  const { ticks, seconds, ticks_per_s, read_seconds, books, content_sha256 } = report
  const headings = ['instrument', 'state', 'bid', 'ask', 'bid levels', 'ask levels', 'crossed', 'gaps']
  const rows = books.map((book) => [
    visible(book.instrument),
    book.state,
    book.best_bid || '-',
    book.best_ask || '-',
    ...[book.bid_levels, book.ask_levels, book.crossed, book.gaps].map(grouped),
  ])
  const speed = `${grouped(ticks)} in ${seconds.toFixed(3)} s = ${grouped(ticks_per_s)} ticks/s`
  const lines = facts([
    ['ticks', speed],
    ['reading', `${read_seconds.toFixed(3)} s`],
    ['content', content_sha256],
  ])
  return `${lines}\n${table(headings, rows)}`
}
