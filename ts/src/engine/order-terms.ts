import { type OrderTerms, OrderType, TickwrightError } from '../domain/index.js'

/** Bits of a submission beyond side and type, as the engine reads them. */
const TERM = {
  CONDITIONS: 1 << 16,
  REDUCE_ONLY: 1 << 17,
  DAY: 1 << 18,
  BY_TOUCH: 1 << 19,
  REDUCE_GROUP: 1 << 20,
} as const

/** What the place before an order in the ring says. */
export interface Conditions {
  bits: number
  parent: number
  group: number
  triggerTicks: number
  untilUs: number
}

/** An empty one, to be filled again and again. */
export function noConditions(): Conditions {
  return { bits: 0, parent: 0, group: 0, triggerTicks: 0, untilUs: 0 }
}

/** Checks an order's terms and writes them into `out`; a group `'new'` is left to whoever knows the id. Throws `E_ARGUMENT`. */
export function readTerms(terms: OrderTerms, type: OrderType, out: Conditions): void {
  if (typeof terms !== 'object' || terms === null) throw bad('terms', terms, 'an object')
  const { triggerTicks = 0, triggerBy = 'trade', groupRule = 'cancel', reduceOnly, day, untilUs = 0 } = terms
  const { parent = 0, group = 0 } = terms
  checkTrigger(triggerTicks, type)
  if (triggerBy !== 'trade' && triggerBy !== 'touch') throw bad('triggerBy', triggerBy, "'trade' or 'touch'")
  if (groupRule !== 'cancel' && groupRule !== 'reduce') throw bad('groupRule', groupRule, "'cancel' or 'reduce'")
  if (reduceOnly !== undefined && typeof reduceOnly !== 'boolean') throw bad('reduceOnly', reduceOnly, 'true or false')
  if (day !== undefined && typeof day !== 'boolean') throw bad('day', day, 'true or false')
  if (!Number.isSafeInteger(untilUs) || untilUs < 0) throw bad('untilUs', untilUs, 'whole microseconds')
  if (day === true && untilUs > 0) throw bad('untilUs', untilUs, 'left out where day is given')
  if (!isId(parent)) throw bad('parent', parent, 'what submit returned')
  if (group !== 'new' && !isId(group)) throw bad('group', group, "'new' or the id of the group's first order")
  out.bits =
    TERM.CONDITIONS |
    (reduceOnly === true ? TERM.REDUCE_ONLY : 0) |
    (day === true ? TERM.DAY : 0) |
    (triggerBy === 'touch' ? TERM.BY_TOUCH : 0) |
    (groupRule === 'reduce' ? TERM.REDUCE_GROUP : 0)
  out.parent = parent
  out.group = group === 'new' ? 0 : group
  out.triggerTicks = triggerTicks
  out.untilUs = untilUs
}

/** A stop has a trigger above 0, a trailing one may have it, and no other order has one. */
function checkTrigger(triggerTicks: number, type: OrderType): void {
  const needed = type === OrderType.StopMarket || type === OrderType.StopLimit
  const allowed = needed || type === OrderType.TrailingStop
  const isGood = Number.isSafeInteger(triggerTicks) && triggerTicks >= 0
  if (!isGood || (needed && triggerTicks === 0) || (!allowed && triggerTicks !== 0)) {
    throw bad('triggerTicks', triggerTicks, 'whole ticks above 0 for a stop, and left out for an order that is none')
  }
}

function isId(id: unknown): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < 0xffff_ffff
}

function bad(name: string, given: unknown, allowed: string): TickwrightError {
  return new TickwrightError(
    'E_ARGUMENT',
    `submit: ${name} is ${typeof given === 'object' ? 'an object' : String(given)}: give ${allowed}`,
  )
}
