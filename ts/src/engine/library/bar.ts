import { cells, RESULTS } from './native.js'

/** What traded from one time to another: prices in ticks, sizes in lots, times in µs since the Unix epoch. */
export interface TimeBar {
  /** Begin of the span; of a bar that does not end by time, when its first price came. */
  readonly openUs: number
  /** Exclusive end of the span; of a bar that does not end by time, when its last price came. */
  readonly closeUs: number
  readonly openTicks: number
  readonly highTicks: number
  readonly lowTicks: number
  readonly closeTicks: number
  readonly volumeLots: number
  /** Number of trades. */
  readonly trades: number
  /** Sum of price × size in ticks × lots; exact up to 2^53. */
  readonly notionalTickLots: number
  /** Volume-weighted average price in ticks, NaN without volume. */
  readonly vwapTicks: number
}

export const NO_BARS: readonly TimeBar[] = Object.freeze([])

/** The bar in the cells, if there is one. */
export function barInCells(): TimeBar | null {
  if (cells[RESULTS] === 0) return null
  const at = (k: number) => cells[RESULTS + 1 + k] as number
  return {
    openUs: at(0),
    closeUs: at(1),
    openTicks: at(2),
    highTicks: at(3),
    lowTicks: at(4),
    closeTicks: at(5),
    volumeLots: at(6),
    trades: at(7),
    notionalTickLots: at(8),
    vwapTicks: at(9),
  }
}

/** The bar in the cells and those that wait behind it, which `next` fetches. */
export function completedBars(next: () => void): readonly TimeBar[] {
  const bars: TimeBar[] = []
  for (let bar = barInCells(); bar !== null; bar = barInCells()) {
    bars.push(bar)
    next()
  }
  return bars.length === 0 ? NO_BARS : bars
}
