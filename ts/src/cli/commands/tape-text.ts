import type { CommonOptions } from '../command.js'
import type { CliContext } from '../context.js'
import type { TapeInfo, TapeProgress } from '../native-module.js'
import { ProgressLine } from '../progress.js'
import { facts, grouped, visible } from '../text.js'

/** A tape in words. */
export function infoText(info: TapeInfo): string {
  const kinds = Object.entries(info.by_kind).map(([kind, count]) => `${kind} ${grouped(count)}`)
  const instruments = info.instruments.map((spec) => `${visible(spec.id)} (${spec.kind}, ${visible(spec.venue)})`)
  return facts([
    ['ticks', grouped(info.ticks)],
    ['kinds', kinds.join(', ') || 'none'],
    ['first', timeText(info.first_ts_ns)],
    ['last', timeText(info.last_ts_ns)],
    ['instruments', instruments.join(', ') || 'none'],
    ['exchange time', info.exch_shift_ns === null ? 'shift not known' : `shifted by ${info.exch_shift_ns} ns`],
    ['left out', `${grouped(info.skipped)} bad rows; ${grouped(info.off_lot)} sizes cut to whole lots`],
    ['content', info.content_sha256],
  ])
}

/** A receive time as date and ns. */
function timeText(ns: string | null): string {
  if (ns === null) return '-'
  const date = new Date(Number(BigInt(ns) / 1_000_000n))
  return Number.isNaN(date.getTime()) ? ns : `${date.toISOString()} (${ns})`
}

/** Runs something that reports its progress, and takes the progress line away afterwards. */
export function withProgress<T>(
  context: CliContext,
  what: string,
  options: CommonOptions,
  work: (onProgress: (progress: TapeProgress) => boolean) => T,
): T {
  const line = new ProgressLine(context, what, options.progress)
  try {
    return work(({ done, total, ticks }) => {
      line.update(done, total, ticks)
      return true
    })
  } finally {
    line.end()
  }
}
