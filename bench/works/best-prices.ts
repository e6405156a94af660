import type { Frame, Interests } from '../../ts/src/domain/index.js'
import type { Answer } from '../answers.js'
import { CHECKSUM_EVERY, type Work } from './work.js'

/** W1 called at every record: best bid and ask are read each time. */
export class BestPrices implements Work {
  readonly interests: Interests = { every: 'record' }
  #untilChecksum = CHECKSUM_EVERY
  /** In an array, so that no number is boxed. */
  readonly #checksum = new Float64Array(1)

  onTick(frame: Frame): void {
    const sum = frame.bidTicks + frame.askTicks
    this.#untilChecksum -= 1
    if (this.#untilChecksum !== 0) return
    this.#untilChecksum = CHECKSUM_EVERY
    if (!Number.isNaN(sum)) this.#checksum[0]! += sum
  }

  answer(): Answer {
    return { checksum: this.#checksum[0]! }
  }
}

/** W1 called where the checksum is due; the records in between are visited as frames, if the mode has them. */
export class BestPricesAhead implements Work {
  readonly interests: Interests = { every: CHECKSUM_EVERY }
  readonly #sums = new Float64Array(2)

  onFrame(frame: Frame): void {
    this.#sums[1] = frame.bidTicks + frame.askTicks
  }

  onTick(frame: Frame): void {
    const sum = frame.bidTicks + frame.askTicks
    if (!Number.isNaN(sum)) this.#sums[0]! += sum
  }

  answer(): Answer {
    return { checksum: this.#sums[0]! }
  }
}
