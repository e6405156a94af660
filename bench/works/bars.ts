import { streamBars } from '../plain-js/streaming.js'
import type { Contestant } from './contestants.js'

/** Who does W4: EMA and ATR of each bar. */
export function barContestants(bars: Float64Array): Map<string, Contestant> {
  return new Map([['plain', { prepare: () => () => ({ checksum: 0, ...streamBars(bars) }) }]])
}
