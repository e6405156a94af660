import { Engine } from '../../ts/src/engine/index.js'
import type { EngineConfig, RunMode } from '../../ts/src/engine/types.js'
import type { Answer } from '../answers.js'
import type { Events } from '../inputs/events.js'
import { ticksOf } from '../inputs/ticks.js'
import { PlainBook } from '../plain-js/book.js'
import { quote } from '../plain-js/quoting.js'
import { replayAndRead, replayOnly } from '../plain-js/replay.js'
import { plainTape } from '../plain-js/tape.js'
import { PlainVenue } from '../plain-js/venue.js'
import { BestPrices, BestPricesAhead } from './best-prices.js'
import { quotingConfig, replayConfig } from './instrument.js'
import { Quoter, QuoterAhead } from './quoter.js'
import { Replay } from './replay.js'
import type { Work } from './work.js'

/** The works on a tape, as peers of the field can be asked for them. */
export type WorkName = 'W0' | 'W1' | 'W2'
/** Who does a work: the engine in one of its modes, or the plain JavaScript engine. */
export type ContestantName = RunMode | 'plain'

/** A work made ready on an input. */
export interface Contestant {
  /** Everything that is not to be timed; returns what is. */
  prepare(): () => Answer
}

/** Makes contestants for one input; its two forms in memory are made once and shared. */
export class Stable {
  readonly #events: Events
  #ticks: Uint8Array | undefined
  #plain: { tape: ReturnType<typeof plainTape>; book: PlainBook; venue: PlainVenue } | undefined

  constructor(events: Events) {
    this.#events = events
  }

  contestant(work: WorkName, name: ContestantName): Contestant {
    return name === 'plain' ? this.#plainContestant(work) : this.#engineContestant(work, name)
  }

  #plainContestant(work: WorkName): Contestant {
    if (this.#plain === undefined) {
      const tape = plainTape(this.#events)
      const book = new PlainBook(tape.band)
      this.#plain = { tape, book, venue: new PlainVenue(book) }
    }
    const { tape, book, venue } = this.#plain
    if (work === 'W0') return { prepare: () => () => ({ checksum: replayOnly(tape, book) }) }
    if (work === 'W1') return { prepare: () => () => ({ checksum: replayAndRead(tape, book) }) }
    return { prepare: () => () => quote(tape, book, venue) }
  }

  #engineContestant(work: WorkName, mode: RunMode): Contestant {
    this.#ticks ??= ticksOf(this.#events)
    return new EngineContestant(this.#ticks, work === 'W2' ? quotingConfig() : replayConfig(), mode, () =>
      newWork(work, mode, this.#events.count),
    )
  }
}

/** Runs a new engine each time; the one before is kept until then, so that its classes never lose their last instance. */
class EngineContestant implements Contestant {
  readonly #ticks: Uint8Array
  readonly #config: EngineConfig
  readonly #mode: RunMode
  readonly #newWork: () => Work
  #before: Engine | undefined

  constructor(ticks: Uint8Array, config: EngineConfig, mode: RunMode, newWork: () => Work) {
    this.#ticks = ticks
    this.#config = config
    this.#mode = mode
    this.#newWork = newWork
  }

  prepare(): () => Answer {
    const engine = new Engine(this.#config)
    engine.loadTicks(this.#ticks)
    this.#before?.close()
    this.#before = engine
    const work = this.#newWork()
    return () => {
      engine.run(work, { mode: this.#mode })
      return work.answer()
    }
  }
}

/** The strategy that does a work in a mode. */
export function newWork(work: WorkName, mode: RunMode, records: number): Work {
  if (work === 'W0') return new Replay(mode === 'step' ? 'record' : records)
  if (work === 'W1') return mode === 'step' ? new BestPrices() : new BestPricesAhead()
  return mode === 'step' ? new Quoter() : new QuoterAhead()
}
