import { ORDER_EVENT_NAMES } from '../../domain/index.js'
import type { EventView } from '../events.js'

/** News of one order, or a funding payment. */
export interface VenueEvent {
  /**
   * `accepted`, `rejected`, `fill`, `cancelled`, `expired`, `amended`, `amend_rejected`, `cancel_rejected`, `funding`,
   * `triggered`, `unanswered`, `status`.
   */
  readonly kind: string
  readonly orderId: number
  /** Index of the instrument. */
  readonly instrument: number
  readonly side: 'buy' | 'sell'
  readonly priceTicks: number
  /** Size of the fill, or of the order. */
  readonly sizeLots: number
  /** What of the order is still open. */
  readonly leavesLots: number
  /** What of the order is filled. */
  readonly cumLots: number
  /** Of a fill: whether the order was resting. */
  readonly isMaker: boolean
  /** Why, for rejections: `would_cross`, … else ''. */
  readonly reason: string
  /** Above 0 for fills. */
  readonly tradeId: number
  /** When we learnt of it, ns since the Unix epoch. */
  readonly tsNs: bigint
  /** When it happened at the venue. */
  readonly venueNs: bigint
  /** Fee of a fill, or funding received, in the settlement asset; for reading, the account has it exactly. */
  readonly amount: number
}

/** The ring entry that is looked at, as an object of its own. */
export function eventOf(view: EventView): VenueEvent {
  return {
    kind: ORDER_EVENT_NAMES[view.kind],
    orderId: view.orderId,
    instrument: view.instrument,
    side: view.side === 0 ? 'buy' : 'sell',
    priceTicks: view.priceTicks,
    sizeLots: view.sizeLots,
    leavesLots: view.leavesLots,
    cumLots: view.cumLots,
    isMaker: view.isMaker,
    reason: view.reason,
    tradeId: view.tradeId,
    tsNs: view.tsNs,
    venueNs: view.venueNs,
    amount: view.fee,
  }
}
