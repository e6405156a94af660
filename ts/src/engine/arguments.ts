import { TickwrightError } from '../domain/index.js'

/** Largest number that the addon takes as a count. */
const LARGEST_COUNT = 0xffff_ffff

/** Refuses what is not a whole number from `least` to `most`; V8 would turn it into some other number. */
export function wholeNumber(name: string, value: number, least: number, most = LARGEST_COUNT): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new TickwrightError('E_ARGUMENT', `${name}: give a whole number from ${least} to ${most}, not ${shown(value)}`)
}

/** Refuses a function that is none, before it is called in the middle of something. */
export function optionalFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return
  throw new TickwrightError('E_ARGUMENT', `${name}: give a function or leave it out, not ${shown(value)}`)
}

/** A value of any sort in words; reading it calls nothing of its own. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
