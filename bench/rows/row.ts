/** Whether a smaller or a greater figure is the better one. */
type Better = 'less' | 'more'

export type Verdict = 'fail' | 'floor' | 'goal' | 'skipped'

/** What a row is held against. `null` where nothing was set: then it is shown and judged by its answers alone. */
export interface Limits {
  readonly name: string
  readonly unit: string
  readonly better: Better
  /** Worse than this fails the command. */
  readonly floor: number | null
  readonly goal: number | null
}

/** A line of the table, and one object of `--json`. */
export interface Row extends Limits {
  readonly figure: number | null
  /** The same in the first run of a fresh process: what a single backtest gets. */
  readonly first: number | null
  /** The best round. */
  readonly best: number | null
  /** How many times as fast as the plain JavaScript engine in the same rounds. */
  readonly ratio: number | null
  readonly verdict: Verdict
  /** Why it failed or was skipped. */
  readonly reason?: string
}

/** What was measured of a row. */
export interface Measured {
  readonly figure: number
  readonly first?: number | undefined
  readonly best?: number | undefined
  readonly ratio?: number | undefined
  /** What was wrong with an answer: no figure counts beside it. */
  readonly wrong?: string | undefined
}

/** A judged row. */
export function judge(limits: Limits, measured: Measured): Row {
  if (measured.wrong !== undefined) return without(limits, 'fail', `wrong answer: ${measured.wrong}`)
  const row = {
    ...limits,
    figure: measured.figure,
    first: measured.first ?? null,
    best: measured.best ?? null,
    ratio: measured.ratio ?? null,
  }
  if (!Number.isFinite(measured.figure)) return without(limits, 'fail', `measured ${measured.figure}`)
  // Machines are noisy: a floor is missed only where no round passed it.
  if (limits.floor !== null && isWorse(limits.better, measured.best ?? measured.figure, limits.floor)) {
    return { ...row, verdict: 'fail', reason: `${limits.better === 'less' ? 'above' : 'below'} the floor` }
  }
  const reached = limits.goal === null || !isWorse(limits.better, measured.figure, limits.goal)
  return { ...row, verdict: reached ? 'goal' : 'floor' }
}

/** A row that could not be measured here. */
export function skipped(limits: Limits, reason: string): Row {
  return without(limits, 'skipped', reason)
}

/** A row whose measurement broke. */
export function failed(limits: Limits, reason: string): Row {
  return without(limits, 'fail', reason)
}

/** The rows, or each of them failed with the reason: one broken measurement must not hide the others. */
export async function attempt(limits: readonly Limits[], measure: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await measure()
  } catch (error) {
    return limits.map((limit) => failed(limit, error instanceof Error ? error.message : String(error)))
  }
}

function without(limits: Limits, verdict: Verdict, reason: string): Row {
  return { ...limits, figure: null, first: null, best: null, ratio: null, verdict, reason }
}

function isWorse(better: Better, figure: number, limit: number): boolean {
  return better === 'less' ? figure > limit : figure < limit
}
