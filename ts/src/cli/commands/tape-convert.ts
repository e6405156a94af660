import type { Command } from 'commander'
import { bundledInstrumentIds, resolveInstruments } from '../../backtest/index.js'
import { type CommonOptions, collect, count, describe, type Outcome, perform } from '../command.js'
import type { CliContext } from '../context.js'
import type { ConvertReport, ReaderInfo, ReadingOptions } from '../native-module.js'
import { facts, grouped, visible } from '../text.js'
import { infoText, withProgress } from './tape-text.js'

/** Bad rows that people are shown; scripts get all. */
const MOST_BAD_ROWS = 10

interface ConvertCommandOptions extends CommonOptions, ReadingOptions {
  readonly from: string
  readonly instrument: readonly string[]
  readonly out: string
  readonly only?: readonly string[]
  readonly skipBad?: number
  readonly baseLatency?: number
  readonly allowMissingSnapshot?: boolean
  readonly force?: boolean
}

/** `tickwright tape convert`: a recording in some format becomes a tape. */
export function tapeConvertCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe(
    'convert',
    'turn a recording into a tape; nothing stands under the final name until it is whole',
    'tickwright tape convert --from binance-raw --instrument BTCUSDT-PERP --out btc.tape.parquet usdm.gz',
  )
    .argument('<in...>', 'files of the recording in their order, plain or compressed')
    .requiredOption('--from <format>', 'format of the recording, one of those below')
    .requiredOption(
      '--instrument <file or id>',
      `definition: a YAML or JSON file, or one of ${bundledInstrumentIds().join(', ')}; may be given several times`,
      collect,
    )
    .requiredOption('--out <file>', 'the tape')
    .option('--only <symbol>', 'take this symbol and leave the others; may be given several times', collect)
    .option('--skip-bad <n>', 'tolerate up to so many malformed rows and report them', count)
    .option('--base-latency <ns>', 'least delay from venue to us, set only where clocks disagree (default 1 ms)', count)
    .option('--allow-missing-snapshot', 'go on without a start-up snapshot; the book is flagged as incomplete')
    .option('--date <day>', 'day of times that are counted from midnight, YYYY-MM-DD')
    .option('--tz <zone>', 'zone of times that name none: UTC, -05:00 or a name such as America/New_York')
    .option('--time-unit <unit>', 'unit of times that are numbers: s, ms, us or ns')
    .option('--bar <length>', 'length of a bar, such as 1m')
    .option('--bar-time <end>', 'which end of a bar its time is: open or close')
    .option('--bar-of <side>', 'what bars are of where that is not trades: bid or ask')
    .option('--off-grid <what>', 'round prices off the tick grid instead of refusing them: round')
    .option('--quote-size <size>', 'size of quotes that state none')
    .option('--force', 'replace an existing tape')
    .on('afterHelp', () => {
      outcome.moreHelp = async () => formatsText((await context.native()).tape.readers())
    })
  return perform<ConvertCommandOptions>(command, context, outcome, async (inputs, options) => {
    const instruments = resolveInstruments(options.instrument)
    const native = await context.native()
    const report = withProgress(context, 'converting', options, (onProgress) =>
      native.tape.convert({
        from: options.from,
        inputs,
        out: options.out,
        instruments,
        ...(options.only ? { only: options.only } : {}),
        ...(options.skipBad === undefined ? {} : { skipBad: options.skipBad }),
        ...(options.baseLatency === undefined ? {} : { baseLatencyNs: options.baseLatency }),
        ...(options.allowMissingSnapshot ? { allowMissingSnapshot: true } : {}),
        ...(options.force ? { overwrite: true } : {}),
        reading: readingOf(options),
        onProgress,
      }),
    )
    return { json: { ...report.tape, read: report.read }, text: textOf(report) }
  })
}

/** The options that speak of what a file does not say; those not given are left out. */
function readingOf(options: ConvertCommandOptions): ReadingOptions {
  const { date, tz, timeUnit, bar, barTime, barOf, quoteSize, offGrid } = options
  const given = Object.entries({ date, tz, timeUnit, bar, barTime, barOf, quoteSize, offGrid }).filter(
    ([, value]) => value !== undefined,
  )
  return Object.fromEntries(given)
}

/** Each format with its options and a line that runs. */
function formatsText(readers: readonly ReaderInfo[]): string {
  const flags = (names: readonly string[]) => names.map((name) => `--${name}`).join(', ')
  const lines = readers.flatMap(({ name, about, example, needs, takes }) => [
    `  ${name}: ${about}`,
    ...(needs.length > 0 ? [`      needs ${flags(needs)}`] : []),
    ...(takes.length > 0 ? [`      takes ${flags(takes)}`] : []),
    `      $ tickwright tape convert --from ${name} ${example}`,
  ])
  return `\nFormats:\n${lines.join('\n')}\n`
}

function textOf({ tape, read }: ConvertReport): string {
  const ignored = Object.entries(read.ignored).map(([kind, messages]) => `${visible(kind)} ${grouped(messages)}`)
  const rows = facts([
    ['rows', `${grouped(read.rows)}, of which ${grouped(read.bad_rows.length)} bad ones were left out`],
    ['snapshots', `${grouped(read.snapshots)}, with ${grouped(read.stale_messages)} messages from before them`],
    ['gaps', grouped(read.gaps)],
    ...(read.checksums.checked === 0
      ? []
      : [['checksums', `${grouped(read.checksums.equal)} of ${grouped(read.checksums.checked)} equal`] as const]),
    ['off lot', `${grouped(read.off_lot)} sizes cut to whole lots`],
    ['off grid', `${grouped(read.rounded)} prices rounded`],
    ['ignored', ignored.join(', ') || 'nothing'],
  ])
  const bad = read.bad_rows.slice(0, MOST_BAD_ROWS).map((row) => `left out: ${visible(row)}\n`)
  const more = read.bad_rows.length - bad.length
  return `${infoText(tape)}\n${rows}${bad.join('')}${more > 0 ? `and ${grouped(more)} more\n` : ''}`
}
