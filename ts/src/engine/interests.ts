import { type Interests, TickwrightError } from '../domain/index.js'
import { shown } from './arguments.js'

/** The engine's form of declared interests. Throws `E_ARGUMENT`. */
export function interestsJson(interests: Interests | undefined): string {
  const wanted = interests ?? {}
  const others = Object.keys(wanted).some((key) => key !== 'every')
  const every = wanted.every ?? (others ? 'never' : 'message')
  if (every !== 'message' && every !== 'record' && every !== 'never' && !(Number.isSafeInteger(every) && every > 0)) {
    const reason = `interests.every ${shown(every)} is not 'message', 'record' or a whole number above 0`
    throw new TickwrightError('E_ARGUMENT', reason)
  }
  return JSON.stringify({
    every: typeof every === 'number' ? { nth: every } : every,
    interval_ns: Math.round((wanted.intervalMs ?? 0) * 1e6),
    trade: wanted.trade ?? false,
    best_price: wanted.bestPrice ?? false,
    mid_moved_ticks: wanted.midMovedTicks ?? 0,
    crosses_ticks: wanted.crossesTicks ?? [],
    own_event: wanted.ownEvent ?? false,
    bar_close: wanted.barClose ?? false,
  })
}
