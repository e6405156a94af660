import { isOurs, type Race } from './field.js'
import { type Result, type Rounds, ratio } from './race.js'

/** A ratio that ours shall reach over a peer in the same rounds. */
export interface Goal {
  readonly work: Race['work']
  readonly ours: string
  readonly peer: string
  readonly atLeast: number
}

/** What was reached of a goal. */
export interface Reached extends Goal {
  readonly input: Race['input']
  readonly ratio: number | undefined
}

const ROI = 'hftbacktest, ROI depth'

export const GOALS: readonly Goal[] = [
  { work: 'W1', ours: 'step', peer: ROI, atLeast: 2.7 },
  { work: 'W1', ours: 'frames', peer: ROI, atLeast: 4.5 },
  { work: 'W2', ours: 'step', peer: ROI, atLeast: 3.3 },
  { work: 'W2', ours: 'frames', peer: ROI, atLeast: 4 },
  { work: 'W2', ours: 'advance', peer: ROI, atLeast: 8 },
  { work: 'W2', ours: 'frames', peer: 'plain JavaScript', atLeast: 1 },
  { work: 'W2', ours: 'frames', peer: 'NautilusTrader, strategy', atLeast: 300 },
  { work: 'W3', ours: 'library', peer: 'vectorbt, Rust', atLeast: 1.5 },
  { work: 'W3', ours: 'columns', peer: 'vectorbt, Rust', atLeast: 1.5 },
  { work: 'W3', ours: 'engine', peer: 'vectorbt, Rust', atLeast: 1.5 },
  { work: 'W4', ours: 'library', peer: 'plain JavaScript', atLeast: 1 },
  { work: 'W5', ours: 'book', peer: ROI, atLeast: 20 },
]

/** The goals of a race; only right answers have a ratio. */
export function reachedIn(race: Race, results: readonly Result[], rounds: Rounds): Reached[] {
  const counts = (result: Result) => result.wrong === undefined && result.skipped === undefined
  return GOALS.filter(({ work }) => work === race.work).flatMap((goal) => {
    const ours = results.find(({ entry }) => isOurs(entry) && entry.contestant === goal.ours)
    const peer = results.find(({ entry }) => entry.label === goal.peer)
    if (ours === undefined || peer === undefined) return []
    const reached = counts(ours) && counts(peer) ? ratio(peer, ours, rounds) : undefined
    return [{ ...goal, input: race.input, ratio: reached }]
  })
}
