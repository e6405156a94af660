import { type Strategy, TickwrightError } from '../domain/index.js'
import { ENTRY, type EventView } from './events.js'
import type { RunObserver } from './types.js'

const PROGRESS_MS = 200

/** Hands one ring entry to whoever it concerns. */
export function dispatch(event: EventView, strategy: Strategy, observer: RunObserver): void {
  const kind = event.entryKind
  if (kind <= ENTRY.LARGEST_OWN) observer.onOwnEvent?.(event)
  try {
    if (kind === ENTRY.FILL) strategy.onFill?.(event)
    else if (kind <= ENTRY.LARGEST_OWN) strategy.onOrderUpdate?.(event)
    else if (kind === ENTRY.BAR) strategy.onBar?.(event)
  } catch (error) {
    throw threw('an event callback', error)
  }
  if (kind === ENTRY.SAMPLE) observer.onSample?.(event)
  else if (kind === ENTRY.MARKOUT) observer.onMarkout?.(event)
}

/** What comes out of a run when strategy code throws. */
export function threw(where: string, cause: unknown): TickwrightError {
  // A misuse that the engine itself refused keeps its own code: it says more than that something was thrown.
  if (cause instanceof TickwrightError && cause.code !== 'E_INTERNAL') return cause
  const said = cause instanceof Error ? cause.message : String(cause)
  return new TickwrightError('E_CONTROLLER_THREW', `the controller threw in ${where}: ${said}`, { cause })
}

/** Tells the observer a few times a second how far the run is. */
export class Progress {
  #last = performance.now()

  constructor(
    private readonly observer: RunObserver,
    private readonly engine: { readonly records: number },
  ) {}

  /** False if the observer wants the run to stop. */
  look(): boolean {
    const { onProgress } = this.observer
    if (onProgress === undefined) return true
    const now = performance.now()
    if (now - this.#last < PROGRESS_MS) return true
    this.#last = now
    return onProgress.call(this.observer, this.engine.records) !== false
  }
}
