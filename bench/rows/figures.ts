import type { Outcome } from '../runner/interleave.js'
import { medianRatio, timesOf } from '../runner/statistics.js'
import type { Measured } from './row.js'

/** Rounds that only warm up. */
export const WARM_UP = 5

/** Nanoseconds a record of a contestant; the ratio is to the plain JavaScript engine of the same rounds. */
export function measuredNs(outcome: Outcome, plain: Outcome | undefined, firsts: readonly Outcome[] = []): Measured {
  const { median, least } = timesOf(outcome.rounds, WARM_UP)
  return {
    figure: median,
    best: least,
    first: firstOf(firsts),
    ratio: plain === undefined ? undefined : medianRatio(plain.rounds, outcome.rounds, WARM_UP),
    wrong: outcome.wrong ?? plain?.wrong ?? firsts.find(({ wrong }) => wrong !== undefined)?.wrong,
  }
}

/** The same as so many a second or a minute. */
export function asRate(measured: Measured, nsInUnit: number): Measured {
  const rate = (ns: number | undefined) => (ns === undefined ? undefined : nsInUnit / ns)
  return { ...measured, figure: nsInUnit / measured.figure, first: rate(measured.first), best: rate(measured.best) }
}

/** The median of first runs of fresh processes. */
export function firstOf(firsts: readonly Outcome[]): number | undefined {
  const times = firsts.map(({ rounds }) => rounds[0]!).sort((a, b) => a - b)
  return times[times.length >> 1]
}
