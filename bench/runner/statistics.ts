/** Times of the rounds of one contestant, in ns a record. */
export interface Times {
  readonly first: number
  readonly least: number
  readonly median: number
  readonly worst: number
}

/** Of the rounds after the warm-up; `first` is the very first one. */
export function timesOf(rounds: readonly number[], warmUp: number): Times {
  const warm = sorted(rounds.slice(warmUp))
  if (warm.length === 0) throw new RangeError(`${rounds.length} rounds leave none after ${warmUp} to warm up`)
  return { first: rounds[0]!, least: warm[0]!, median: quantile(warm, 0.5), worst: warm.at(-1)! }
}

/** Median of the ratios within each round: what shakes a whole round shakes both and drops out. */
export function medianRatio(slower: readonly number[], faster: readonly number[], warmUp: number): number {
  return median(slower.slice(warmUp).map((time, round) => time / faster[warmUp + round]!))
}

export function median(values: readonly number[]): number {
  return quantile(sorted(values), 0.5)
}

/** The value below which that share of the sorted values lies, interpolated. */
export function quantile(ascending: readonly number[], share: number): number {
  const at = (ascending.length - 1) * share
  const below = ascending[Math.floor(at)]
  const above = ascending[Math.ceil(at)]
  if (below === undefined || above === undefined) throw new RangeError('no values, no quantile')
  return below + (above - below) * (at - Math.floor(at))
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}
