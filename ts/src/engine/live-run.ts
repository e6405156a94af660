import { type Strategy, TickwrightError } from '../domain/index.js'
import type { Engine } from './engine.js'
import type { QueueReport, RunMode, RunObserver } from './types.js'

/** Wall time in which a stop returns. */
const STOP_MS = 500
/** What of it is kept for the last records and the report. */
const SPARE_MS = 100
/** Wall time that one portion of records should take while a stop looks at the clock in between. */
const PORTION_MS = 10
const LARGEST_PORTION = 1_024

/** How ticks that are pushed reach the controller. */
export interface LiveOptions {
  /** Records that the queue holds; 10 000 by default. */
  readonly capacity?: number
  readonly mode?: RunMode
  readonly observer?: RunObserver
}

/** What a live run came to. */
export interface LiveReport {
  /** Records done since the start. */
  readonly records: number
  /** Records that still wait, because the controller took too long for them at the stop; 0 when all was drained. */
  readonly left: number
  /** Wall time of the stop in milliseconds. */
  readonly stopMs: number
  readonly queue: QueueReport
}

/** What a start waits to be told. */
interface Outcome {
  resolve(report: LiveReport): void
  reject(error: TickwrightError): void
}

/**
 * An engine on a live feed: whoever receives ticks pushes them, and the registered controller is woken.
 *
 * It is woken in a microtask when ticks come into an empty queue, and runs until the queue is dry; a burst is one wake.
 * All is on one thread: while the controller works, nobody pushes but the controller itself.
 *
 * ```ts
 * const live = new LiveRun(engine)
 * live.registerController(strategy)
 * const over = live.start()
 * socket.on('message', (message) => live.pushTicks(ticksOf(message)))
 * process.once('SIGTERM', () => live.stop())
 * const { records, left } = await over
 * ```
 */
export class LiveRun {
  readonly #engine: Engine
  readonly #options: LiveOptions
  #controller: Strategy | undefined
  #outcome: Outcome | undefined
  #woken = false
  #recordsAtStart = 0

  /** Puts the engine on a live queue. Throws `E_ARGUMENT` for a capacity that cannot be, `E_REENTRANT` inside its run. */
  constructor(engine: Engine, options: LiveOptions = {}) {
    engine.goLive(options.capacity)
    this.#engine = engine
    this.#options = options
  }

  /** Whether it was started and neither stopped nor failed. */
  get running(): boolean {
    return this.#outcome !== undefined
  }

  /** Says who is woken, once. Throws `E_LIVE` where there is one already, `E_ARGUMENT` for what is no controller. */
  registerController(controller: Strategy): void {
    if (typeof controller?.onTick !== 'function') {
      throw new TickwrightError('E_ARGUMENT', 'a strategy needs a method onTick(frame, commands)')
    }
    if (this.#controller !== undefined) throw misuse('a controller is registered already: make another engine for it')
    this.#controller = controller
  }

  /**
   * Begins to take ticks.
   *
   * The promise resolves with the report of the stop. It rejects when the controller throws (`E_CONTROLLER_THREW`), or
   * with the code of a record that the engine refuses; the run is over then and the engine can still be read.
   * Throws `E_LIVE` without a controller or where it runs already.
   */
  start(): Promise<LiveReport> {
    if (this.#controller === undefined) throw misuse('no controller is registered: call registerController first')
    if (this.running) throw misuse('it was started already: stop it first')
    this.#recordsAtStart = this.#engine.records
    return new Promise((resolve, reject) => {
      this.#outcome = { resolve, reject }
      // What an earlier stop had to leave goes first.
      this.#wakeSoon()
    })
  }

  /**
   * Puts whole records into the queue; what happens when it is full is said at `Engine.pushTicks`.
   * Throws `E_LIVE` unless it runs, `E_QUEUE_FULL`, `E_TICK_BUFFER` or `E_TICK_RECORD`.
   */
  pushTicks(bytes: Uint8Array): void {
    if (!this.running) throw misuse('ticks were pushed while it does not run: start it first')
    try {
      this.#engine.pushTicks(bytes)
    } finally {
      this.#wakeSoon()
    }
  }

  /**
   * Hands every record that waits to the controller and ends the run, within 500 ms. A controller that needs longer for
   * them is cut off between two records: the report says how many are left, and the next start begins with them.
   *
   * Throws `E_LIVE` unless it runs, `E_REENTRANT` from inside the controller, and what the controller throws.
   */
  stop(): LiveReport {
    if (!this.running) throw misuse('it does not run: there is nothing to stop')
    const began = performance.now()
    try {
      this.#drainUntil(began + STOP_MS - SPARE_MS)
    } catch (error) {
      throw this.#failed(error)
    }
    const queue = this.#engine.queue()
    const records = this.#engine.records - this.#recordsAtStart
    const report = { records, left: queue.depth, stopMs: performance.now() - began, queue }
    this.#over()?.resolve(report)
    return report
  }

  #wakeSoon(): void {
    if (this.#woken) return
    this.#woken = true
    queueMicrotask(() => this.#wake())
  }

  #wake(): void {
    this.#woken = false
    if (!this.running) return
    try {
      // The observer is asked whether to go on, as in any run.
      if (!this.#run().ended) this.stop()
    } catch (error) {
      this.#failed(error)
    }
  }

  #drainUntil(deadline: number): void {
    let portion = 1
    for (;;) {
      const began = performance.now()
      const { records, ended } = this.#run(portion)
      const now = performance.now()
      const took = now - began
      // The observer may end a run before its portion is done.
      if (ended || records < portion || now + took > deadline) return
      portion = took < PORTION_MS ? Math.min(2 * portion, LARGEST_PORTION) : Math.max(1, portion >> 1)
    }
  }

  #run(maxRecords?: number): { readonly records: number; readonly ended: boolean } {
    const { mode, observer } = this.#options
    return this.#engine.run(this.#controller as Strategy, {
      ...(mode !== undefined && { mode }),
      ...(observer !== undefined && { observer }),
      ...(maxRecords !== undefined && { maxRecords }),
    })
  }

  /** Ends the run with an error, but for one that only says that the call came at the wrong time. */
  #failed(cause: unknown): TickwrightError {
    const error = TickwrightError.from(cause)
    if (error.code !== 'E_REENTRANT') this.#over()?.reject(error)
    return error
  }

  #over(): Outcome | undefined {
    const outcome = this.#outcome
    this.#outcome = undefined
    return outcome
  }
}

function misuse(reason: string): TickwrightError {
  return new TickwrightError('E_LIVE', `live run: ${reason}`)
}
