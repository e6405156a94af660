import { Engine } from '../../ts/src/engine/index.js'
import { loadEvents } from '../inputs/catalog.js'
import { loopOf } from '../inputs/loop.js'
import { ticksOf } from '../inputs/ticks.js'
import { quotingConfig } from '../works/instrument.js'
import { Quoter } from '../works/quoter.js'

/** W2 called at every record over the recording, replayed until there are at least so many records. */
export class LongRun {
  readonly quoter = new Quoter()
  readonly #engine = new Engine(quotingConfig())

  constructor(records: number) {
    const loop = loopOf(loadEvents('real'))
    this.#engine.loadTicks(ticksOf(loop), Math.ceil(records / loop.count))
  }

  /** Goes on for so many records. */
  go(records: number): void {
    this.#engine.run(this.quoter, { mode: 'step', maxRecords: records })
  }

  get records(): number {
    return this.#engine.records
  }

  get fills(): number {
    return this.quoter.answer().fills ?? 0
  }

  close(): void {
    this.#engine.close()
  }
}
