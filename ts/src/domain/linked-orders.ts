import type { Commands } from './market.js'
import { OrderType, Side } from './order.js'
import type { OrderTerms } from './order-terms.js'

/** An order to be sent with others. */
export interface OrderRequest {
  readonly side: Side
  /** Limit price in ticks; of a trailing stop the distance. Not looked at for market orders and stop-markets. */
  readonly priceTicks: number
  readonly sizeLots: number
  readonly type?: OrderType
  readonly instrument?: number
  readonly terms?: Omit<OrderTerms, 'parent' | 'group' | 'groupRule'>
}

/** Where a position that an entry opens is to be closed again. */
export interface Exits {
  /** Limit price of the target. */
  readonly targetTicks: number
  /** Trigger of the stop-market. */
  readonly stopTicks: number
}

/** Ids of the three orders of a bracket. */
export interface Bracket {
  readonly entry: number
  readonly target: number
  readonly stop: number
}

/**
 * Sends two orders of which the first fill, or the end, of one ends the other. Allocates: not for every tick.
 *
 * ```ts
 * const [low, high] = submitOneCancelsOther(
 *   commands,
 *   { side: Side.Buy, priceTicks: 615_000, sizeLots: 10 },
 *   { side: Side.Buy, priceTicks: 0, sizeLots: 10, type: OrderType.StopMarket, terms: { triggerTicks: 620_000 } },
 * )
 * ```
 */
export function submitOneCancelsOther(commands: Commands, one: OrderRequest, other: OrderRequest): [number, number] {
  const first = submit(commands, one, { group: 'new' })
  return [first, submit(commands, other, { group: first })]
}

/**
 * Sends an entry with a target and a stop. Both exits wait for the entry's fills, never close more than it opened, and
 * each lot that one of them fills is a lot less on the other. Allocates: not for every tick.
 *
 * The exits are reduce-only. Needs five places in the command ring; with fewer free it throws `E_COMMAND_RING_FULL`, and
 * what was written before is sent: cancel the entry.
 */
export function submitBracket(commands: Commands, entry: OrderRequest, { targetTicks, stopTicks }: Exits): Bracket {
  const parent = submit(commands, entry, {})
  const { sizeLots, instrument } = entry
  const side = entry.side === Side.Buy ? Side.Sell : Side.Buy
  const exit = { parent, reduceOnly: true, groupRule: 'reduce' } as const
  const target = commands.submit(side, targetTicks, sizeLots, OrderType.Limit, instrument, { ...exit, group: 'new' })
  const terms: OrderTerms = { ...exit, group: target, triggerTicks: stopTicks }
  return { entry: parent, target, stop: commands.submit(side, 0, sizeLots, OrderType.StopMarket, instrument, terms) }
}

function submit(commands: Commands, order: OrderRequest, links: OrderTerms): number {
  const { side, priceTicks, sizeLots, type, instrument, terms } = order
  return commands.submit(side, priceTicks, sizeLots, type, instrument, { ...terms, ...links })
}
