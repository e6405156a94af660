import { type Strategy, TickwrightError } from '../domain/index.js'
import { addon, advance, details, native, readAhead, step } from './addon.js'
import { shown, wholeNumber } from './arguments.js'
import { Block } from './block.js'
import { CommandRing } from './commands.js'
import { EventView } from './events.js'
import { EngineFrame } from './frame.js'
import { Grid } from './grid.js'
import { indicatorPlace } from './indicator-config.js'
import { interestsJson } from './interests.js'
import { CELL, SIZE, STATUS } from './layout.generated.js'
import { dispatch, Progress, threw } from './run-callbacks.js'
import type {
  BookStates,
  EngineConfig,
  LedgerReport,
  LoadOptions,
  QueueReport,
  RunMode,
  RunObserver,
  RunOptions,
  RunResult,
} from './types.js'

/** Records of the live queue where nobody says otherwise. */
const LIVE_CAPACITY = 10_000
/** Records that a live queue may hold: 0.8 GB. */
const LARGEST_QUEUE = 0xff_ffff
/** Calls between two looks at the wall clock for progress. */
const CALLS_BETWEEN_LOOKS = 0x3fff
/** The same where a call may stand for thousands of records. */
const FEW_CALLS = 0xff

/** Statuses at which the loop has more to do than to look at a record. */
const OVER = STATUS.END | STATUS.IDLE | STATUS.LIMIT
const STOPS = OVER | STATUS.ACTION | STATUS.DRAIN

/** The engine whose run is going on, of several nested ones the last. */
let innermost: Engine | undefined

/**
 * One engine: ticks in, a controller called at its action points, orders matched on paper, an exact ledger out.
 *
 * ```ts
 * using engine = new Engine({ instruments: [btcusdt], deposits: { USDT: '100000' } })
 * engine.loadTapes(['btcusdt.tape.parquet'])
 * engine.run({ onTick: (frame, commands) => { ... } })
 * console.log(engine.ledger())
 * ```
 */
export class Engine {
  readonly #native: InstanceType<typeof addon.NativeEngine>
  readonly #block: Block
  readonly #frame: EngineFrame
  readonly #commands: CommandRing
  readonly #events: EventView
  readonly #config: EngineConfig
  readonly #grids: readonly Grid[]
  #tickCount = 0
  #running = false
  #strategyState: unknown

  /** Throws `E_CONFIG`, `E_INSTRUMENT` and what the paper venue has against its settings. */
  constructor(config: EngineConfig) {
    const json = native(() => JSON.stringify(config))
    this.#config = config
    this.#block = new Block(json)
    this.#grids = config.instruments.map((spec) => new Grid(spec))
    this.#native = native(() => new addon.NativeEngine(json, this.#block.cells))
    this.#frame = new EngineFrame(this.#block, this.#grids, () => this.#details())
    this.#commands = new CommandRing(this.#block, this.#grids)
    this.#events = new EventView(this.#block)
  }

  /** Reads tapes through the memory-mapped cache; several are merged by receive time. Returns how many ticks there are. */
  loadTapes(paths: readonly string[], options: LoadOptions = {}): number {
    this.#refuseWhileRunning('load')
    this.#tickCount = native(() => this.#native.loadTapes([...paths], options.cacheDir ?? undefined))
    return this.#tickCount
  }

  /** Copies whole 48-byte records in; `rounds` > 1 replays them that often, each round a second later. */
  loadTicks(bytes: Uint8Array, rounds = 1): number {
    this.#refuseWhileRunning('load')
    wholeNumber('rounds', rounds, 1)
    this.#tickCount = native(() => this.#native.loadTicks(bytes, rounds))
    return this.#tickCount
  }

  /** Switches to a bounded live queue that `pushTicks` fills; `run` then returns whenever it is dry. */
  goLive(capacity = LIVE_CAPACITY): void {
    this.#refuseWhileRunning('goLive')
    wholeNumber('capacity', capacity, 1, LARGEST_QUEUE)
    native(() => this.#native.goLive(capacity))
  }

  /** Puts whole records into the live queue. When it is full, newer states of a level or quote replace older ones. */
  pushTicks(bytes: Uint8Array): void {
    native(() => this.#native.pushTicks(bytes))
  }

  /** Depth, deepest depth and replaced records of the live queue. */
  queue(): QueueReport {
    return JSON.parse(native(() => this.#native.queueJson())) as QueueReport
  }

  /** Ticks loaded. */
  get tickCount(): number {
    return this.#tickCount
  }

  /** Records done so far. */
  get records(): number {
    return native(() => this.#native.records())
  }

  /**
   * Runs a strategy from the next record to the end of the ticks, the limit, or until the observer stops it.
   *
   * The mode decides how native and JavaScript take turns, never the result. Throws `E_CONTROLLER_THREW` with the cause
   * if the strategy throws; the engine can then still be read, saved and closed.
   */
  run(strategy: Strategy, options: RunOptions = {}): RunResult {
    this.#refuseWhileRunning('run')
    this.#prepare(strategy, options)
    const before = this.records
    const started = process.hrtime.bigint()
    const outer = innermost
    innermost = this
    this.#running = true
    this.#native.enter()
    let ended: boolean
    try {
      ended = this.#loop(strategy, options.mode ?? 'step', options.observer ?? {})
    } catch (error) {
      throw TickwrightError.from(error)
    } finally {
      this.#running = false
      innermost = outer
      this.#native.leave()
      this.#commands.open = false
      this.#frame.look(0)
    }
    const seconds = Number(process.hrtime.bigint() - started) / 1e9
    return { records: this.records - before, seconds, ended }
  }

  /** The accounts as the controller knows them, exact. */
  ledger(): LedgerReport {
    return JSON.parse(native(() => this.#native.ledgerJson())) as LedgerReport
  }

  /** State and integrity of every book. */
  books(): BookStates {
    return JSON.parse(native(() => this.#native.booksJson())) as BookStates
  }

  /** Levels of a side of a book, best first, in ticks and lots. Allocates: not for every tick. */
  depth(side: 0 | 1, levels: number, instrument = 0): { priceTicks: number; sizeLots: number }[] {
    wholeNumber('side', side, 0, 1)
    wholeNumber('levels', levels, 0)
    wholeNumber('instrument', instrument, 0, this.#grids.length - 1)
    const flat = native(() => this.#native.depth(instrument, side, levels))
    return Array.from({ length: flat.length / 2 }, (_, k) => ({
      priceTicks: flat[2 * k] as number,
      sizeLots: flat[2 * k + 1] as number,
    }))
  }

  /** The whole state of the engine as bytes. Throws `E_SNAPSHOT` while events wait. */
  snapshot(): Uint8Array {
    this.#refuseWhileRunning('snapshot')
    return native(() => this.#native.snapshot())
  }

  /** Takes up a saved state in a new engine of the same config, loaded with the same ticks. */
  restore(bytes: Uint8Array): void {
    this.#refuseWhileRunning('restore')
    native(() => this.#native.restore(bytes))
  }

  /** Frees the native side; everything but reading `tickCount` throws `E_CLOSED` from now on. */
  close(): void {
    this.#refuseWhileRunning('close')
    this.#frame.look(0)
    native(() => this.#native.close())
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #prepare(strategy: Strategy, options: RunOptions): void {
    if (typeof strategy?.onTick !== 'function') {
      throw new TickwrightError('E_ARGUMENT', 'a strategy needs a method onTick(frame, commands)')
    }
    const mode = options.mode ?? 'step'
    if (mode !== 'step' && mode !== 'frames' && mode !== 'advance') {
      throw new TickwrightError('E_ARGUMENT', `mode ${shown(mode)} is not one of step, frames, advance`)
    }
    native(() => this.#native.setInterests(interestsJson(strategy.interests)))
    native(() => this.#native.stopAfter(options.maxRecords ?? undefined))
    // The same strategy may go on in several runs; it is started once.
    if (this.#strategyState !== strategy) {
      this.#start(strategy)
      this.#strategyState = strategy
    }
  }

  #start(strategy: Strategy): void {
    this.#running = true
    try {
      strategy.onStart?.({
        instruments: this.#grids.map(({ id, tickSize, lotSize }) => ({ id, tickSize, lotSize })),
        indicatorIndex: (name) => indicatorPlace(this.#config, name),
      })
    } catch (error) {
      throw threw('onStart', error)
    } finally {
      this.#running = false
    }
  }

  #loop(strategy: Strategy, mode: RunMode, observer: RunObserver): boolean {
    this.#frame.look(0)
    if (mode === 'step') return this.#runSteps(strategy, observer)
    if (mode === 'advance') return this.#runAdvances(strategy, observer)
    return this.#runFrames(strategy, observer)
  }

  // The three loops differ in the native function they call and stay apart so that each call site sees one function.

  /** One native call a record. */
  #runSteps(strategy: Strategy, observer: RunObserver): boolean {
    const words = this.#block.words
    const progress = new Progress(observer, this)
    for (let calls = 1; ; calls++) {
      step()
      const status = words[0] as number
      if ((status & STOPS) !== 0 && this.#stop(status, strategy, observer)) return (status & STATUS.LIMIT) === 0
      if ((calls & CALLS_BETWEEN_LOOKS) === 0 && !progress.look()) return false
    }
  }

  /** One native call an action point. */
  #runAdvances(strategy: Strategy, observer: RunObserver): boolean {
    const words = this.#block.words
    const progress = new Progress(observer, this)
    for (let calls = 1; ; calls++) {
      advance()
      const status = words[0] as number
      if (this.#stop(status, strategy, observer)) return (status & STATUS.LIMIT) === 0
      if ((calls & FEW_CALLS) === 0 && !progress.look()) return false
    }
  }

  /** One native call an action point, with a frame of every record in between. */
  #runFrames(strategy: Strategy, observer: RunObserver): boolean {
    const words = this.#block.words
    const progress = new Progress(observer, this)
    const sees = strategy.onFrame !== undefined
    for (let calls = 1; ; calls++) {
      readAhead()
      const status = words[0] as number
      if (sees) this.#show(strategy as Required<Strategy>, words[2 * CELL.CALL] as number)
      if ((status & STOPS) !== 0 && this.#stop(status, strategy, observer)) return (status & STATUS.LIMIT) === 0
      if ((calls & FEW_CALLS) === 0 && !progress.look()) return false
    }
  }

  /** Lets the strategy see every frame read ahead. */
  #show(strategy: Required<Strategy>, frames: number): void {
    const frame = this.#frame
    const { framesAt } = this.#block.layout
    try {
      for (let at = framesAt, end = framesAt + frames * SIZE.FRAME_CELLS; at < end; at += SIZE.FRAME_CELLS) {
        frame.look(at)
        strategy.onFrame(frame)
      }
    } catch (error) {
      throw threw('onFrame', error)
    }
  }

  /** Delivers news, lets the strategy act, and says whether the run is over. */
  #stop(status: number, strategy: Strategy, observer: RunObserver): boolean {
    if ((status & STATUS.EVENTS) !== 0) this.#deliver(strategy, observer)
    if ((status & STATUS.ACTION) !== 0) this.#act(strategy)
    return (status & OVER) !== 0
  }

  #act(strategy: Strategy): void {
    this.#frame.look(0)
    this.#commands.open = true
    try {
      strategy.onTick(this.#frame, this.#commands)
    } catch (error) {
      throw threw('onTick', error)
    }
    this.#commands.open = false
  }

  /** Hands every waiting entry to the strategy and the observer. */
  #deliver(strategy: Strategy, observer: RunObserver): void {
    const event = this.#events
    while (event.waiting > 0) {
      event.look()
      try {
        dispatch(event, strategy, observer)
      } finally {
        event.release()
      }
    }
  }

  /** Fetches what is written on request only; unless its own run is the innermost, the engine is entered for the moment. */
  #details(): void {
    if (innermost === this) {
      details()
      return
    }
    this.#native.enter()
    try {
      details()
    } finally {
      this.#native.leave()
    }
  }

  #refuseWhileRunning(what: string): void {
    if (this.#running) {
      throw new TickwrightError('E_REENTRANT', `${what} was called from inside this engine's own run: return first`)
    }
  }
}
