import type { Strategy } from '../../ts/src/domain/index.js'
import type { Answer } from '../answers.js'

/** A strategy that knows what it answers at the end of a run. */
export interface Work extends Strategy {
  answer(): Answer
}

/** The checksum takes best bid + best ask, in ticks, after every so many records. */
export const CHECKSUM_EVERY = 1000
