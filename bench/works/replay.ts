import type { Frame, Interests } from '../../ts/src/domain/index.js'
import type { Answer } from '../answers.js'
import type { Work } from './work.js'

/** W0: nothing is done with a record; best bid and ask are read at the last one. */
export class Replay implements Work {
  readonly interests: Interests
  #frame: Frame | undefined

  /** `every` is the number of records; with `record` it is called at each, which shows what a crossing costs. */
  constructor(every: 'record' | number) {
    this.interests = { every }
  }

  onTick(frame: Frame): void {
    this.#frame = frame
  }

  answer(): Answer {
    return { checksum: this.#frame === undefined ? Number.NaN : this.#frame.bidTicks + this.#frame.askTicks }
  }
}
