import type { TapeName } from '../inputs/catalog.js'
import type { Outcome } from '../runner/interleave.js'
import { runJob } from '../runner/process.js'
import { median } from '../runner/statistics.js'
import type { ContestantName, WorkName } from '../works/contestants.js'
import { asRate, firstOf, measuredNs, WARM_UP } from './figures.js'
import { ADVANCE, AHEAD_FIRST, AHEAD_WARM, BOUNDARY, BRIEF, FRAMES, STEP, workLimits } from './limits.js'
import { judge, type Measured, type Row } from './row.js'

const NS_PER_S = 1e9
const CONTESTANTS: Record<WorkName, readonly ContestantName[]> = {
  W0: ['advance', 'step', 'plain'],
  W1: ['step', 'frames', 'advance', 'plain'],
  W2: ['step', 'frames', 'advance', 'plain'],
}

/** How much is measured of a work. */
export interface Extent {
  readonly records: number
  readonly rounds: number
  /** Fresh processes for the first run of each contestant. */
  readonly firstRuns: number
}

/** A work on a tape: the rounds of all contestants, and their first runs in processes of their own. */
export interface WorkRounds {
  readonly work: WorkName
  readonly input: TapeName
  readonly together: Readonly<Record<string, Outcome>>
  readonly firsts: Readonly<Record<string, readonly Outcome[]>>
}

export async function measureWork(work: WorkName, input: TapeName, extent: Extent): Promise<WorkRounds> {
  const { records, rounds, firstRuns } = extent
  const contestants = CONTESTANTS[work]
  const base = { kind: 'work', work, input, records } as const
  const together = await runJob({ ...base, contestants, rounds: WARM_UP + rounds })
  const firsts: Record<string, Outcome[]> = {}
  for (const name of contestants) {
    firsts[name] = []
    for (let n = 0; n < firstRuns; n += 1) {
      const alone = await runJob({ ...base, contestants: [name], rounds: 1 })
      firsts[name].push(alone[name]!)
    }
  }
  return { work, input, together, firsts }
}

/** A row a contestant, in ns a record. */
export function workRows({ work, input, together, firsts }: WorkRounds): Row[] {
  return CONTESTANTS[work].map((name) => {
    const plain = name === 'plain' ? undefined : together.plain
    return judge(workLimits(work, input, name), measuredNs(together[name]!, plain, firsts[name]))
  })
}

/** Rows 3 to 5 of the goals, the brief's line first, from W2 on the recording. */
export function tickRows({ together, firsts }: WorkRounds): Row[] {
  const measured = (name: ContestantName) => measuredNs(together[name]!, together.plain, firsts[name])
  const frames = measured('frames')
  const rows = [
    judge(BRIEF, asRate(measured('step'), 60 * NS_PER_S)),
    judge(STEP, asRate(measured('step'), NS_PER_S)),
    judge(FRAMES, asRate(frames, NS_PER_S)),
    judge(ADVANCE, asRate(measured('advance'), NS_PER_S)),
    judge(AHEAD_WARM, { figure: frames.ratio ?? Number.NaN, wrong: frames.wrong }),
  ]
  const plainFirst = firstOf(firsts.plain ?? [])
  if (plainFirst !== undefined)
    rows.push(judge(AHEAD_FIRST, { figure: plainFirst / frames.figure, wrong: frames.wrong }))
  return rows
}

/** Row 9: what a call at every record that does nothing costs above replaying without one. */
export function boundaryRow({ together }: WorkRounds): Row {
  const { step, advance } = together as { step: Outcome; advance: Outcome }
  const above = step.rounds.slice(WARM_UP).map((ns, round) => ns - advance.rounds[WARM_UP + round]!)
  const measured: Measured = { figure: median(above), best: Math.min(...above), wrong: step.wrong ?? advance.wrong }
  return judge(BOUNDARY, measured)
}
