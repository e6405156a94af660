import type { Commands, Frame, Strategy } from '../domain/index.js'

/** Buckets a doubling: a quantile read from them is at most 1/16 too high. */
const STEPS = 16
const BUCKETS = 40 * STEPS

/** How long decisions took. */
export interface DecisionTimes {
  /** How many were timed. */
  readonly timed: number
  readonly p50_ns: number
  readonly p99_ns: number
}

/**
 * Times the first decisions of a strategy and every n-th one after them: from the call with a frame to its return, its commands being in the ring
 * then. Reads the wall clock but shows it to nobody who decides, and allocates nothing per tick.
 */
export class DecisionTimer {
  readonly #counts = new Uint32Array(BUCKETS)
  readonly #first: number
  readonly #every: number
  #timed = 0
  #calls = 0

  /** Reading the clock twice costs about 100 ns: much beside a decision at every record, little at every 16th. */
  constructor(first = 10_000, every = 16) {
    this.#first = first
    this.#every = every
  }

  /** Puts the timer around a strategy; it then is to be used in the strategy's place. */
  around(strategy: Strategy): Strategy {
    const timed: Strategy = bound(strategy)
    timed.onTick = (frame: Frame, commands: Commands) => {
      this.#calls += 1
      if (this.#calls > this.#first && this.#calls % this.#every !== 0) {
        strategy.onTick(frame, commands)
        return
      }
      const start = performance.now()
      strategy.onTick(frame, commands)
      this.#add((performance.now() - start) * 1e6)
    }
    return timed
  }

  report(): DecisionTimes {
    return { timed: this.#timed, p50_ns: this.#quantile(0.5), p99_ns: this.#quantile(0.99) }
  }

  #add(ns: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.ceil(STEPS * Math.log2(Math.max(1, ns)))))
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#timed += 1
  }

  /** Upper edge of the bucket that holds the quantile; 0 if nothing was timed. */
  #quantile(share: number): number {
    let left = Math.ceil(this.#timed * share)
    if (left === 0) return 0
    const bucket = this.#counts.findIndex((count) => {
      left -= count
      return left <= 0
    })
    return Math.round(2 ** (bucket / STEPS))
  }
}

/** A strategy with the same hooks, each bound to its owner, and only those that it has. */
function bound(strategy: Strategy): Strategy {
  const copy: Record<string, unknown> = {}
  for (const hook of ['onStart', 'onFill', 'onOrderUpdate', 'onBar', 'onFrame', 'snapshot', 'restore'] as const) {
    const own = strategy[hook] as ((...given: never[]) => unknown) | undefined
    if (own) copy[hook] = own.bind(strategy)
  }
  if (strategy.interests) copy.interests = strategy.interests
  return copy as unknown as Strategy
}
