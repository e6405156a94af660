import type { Bar, Fill, OrderEventKind, OrderUpdate, Side } from '../domain/index.js'
import type { Block } from './block.js'
import { CELL, SIZE } from './layout.generated.js'
import type { Markout, OwnEvent, Sample } from './types.js'

/** Kinds of ring entries beyond those of own orders. */
export const ENTRY = { FILL: 3, FUNDING: 9, LARGEST_OWN: 12, SAMPLE: 20, MARKOUT: 21, BAR: 22 } as const

/** Names of the reasons by number, as the paper venue counts them. */
const REASONS = [
  '',
  'would_cross',
  'below_min_size',
  'below_min_notional',
  'insufficient_margin',
  'insufficient_balance',
  'unknown_instrument',
  'not_tradable',
  'duplicate_order_id',
  'invalid_order_id',
  'too_many_orders',
  'unknown_order',
  'already_filled',
  'already_closed',
  'invalid_size',
  'invalid_price',
  'out_of_range',
  'size_below_filled',
  'rate_limited',
  'refused',
  'by_owner',
  'no_liquidity',
  'reduce_only',
  'invalid_trigger',
  'invalid_expiry',
  'time_in_force',
  'group_filled',
  'group_closed',
  'parent_closed',
  'invalid_link',
  'disconnected',
  'no_answer',
  'liquidation',
  'settlement',
] as const

/** The reused view of one ring entry, whatever its kind; which getters mean something follows from `entryKind`. */
export class EventView implements OwnEvent, Fill, OrderUpdate, Sample, Markout, Bar {
  readonly #cells: Float64Array
  readonly #words: Int32Array
  readonly #longs: BigInt64Array
  readonly #eventsAt: number
  readonly #mask: number
  #at = 0

  constructor(block: Block) {
    this.#cells = block.cells
    this.#words = block.words
    this.#longs = block.longs
    this.#eventsAt = block.layout.eventsAt
    this.#mask = block.layout.eventRing - 1
  }

  /** How many entries wait. */
  get waiting(): number {
    return ((this.#words[2 * CELL.EVENTS] as number) - (this.#words[2 * CELL.EVENTS + 1] as number)) | 0
  }

  /** Looks at the oldest waiting entry. */
  look(): void {
    const read = this.#words[2 * CELL.EVENTS + 1] as number
    this.#at = this.#eventsAt + (read & this.#mask) * SIZE.EVENT_CELLS
  }

  /** Gives the place of the oldest entry back to the engine. */
  release(): void {
    const word = 2 * CELL.EVENTS + 1
    this.#words[word] = ((this.#words[word] as number) + 1) | 0
  }

  #cell(offset: number): number {
    return this.#cells[this.#at + offset] as number
  }

  get entryKind(): number {
    return this.#words[2 * this.#at] as number
  }
  get kind(): OrderEventKind {
    return this.entryKind as OrderEventKind
  }
  get reason(): string {
    return REASONS[(this.#words[2 * this.#at + 1] as number) & 0xff] ?? ''
  }
  get isMaker(): boolean {
    return ((this.#words[2 * this.#at + 1] as number) & 0x100) !== 0
  }
  get isReducing(): boolean {
    return ((this.#words[2 * this.#at + 1] as number) & 0x200) !== 0
  }
  get orderId(): number {
    return (this.#words[2 * this.#at + 2] as number) >>> 0
  }
  get instrument(): number {
    return (this.#words[2 * this.#at + 3] as number) & 0xffff
  }
  get side(): Side {
    return (((this.#words[2 * this.#at + 3] as number) >>> 16) & 1) as Side
  }
  get priceTicks(): number {
    return this.#cell(2)
  }
  get sizeLots(): number {
    return this.#cell(3)
  }
  get leavesLots(): number {
    return this.#cell(4)
  }
  get cumLots(): number {
    return this.#cell(5)
  }
  get tradeId(): number {
    return this.#cell(6)
  }
  get tsUs(): number {
    return this.#cell(7)
  }
  get tsNs(): bigint {
    return this.#longs[this.#at + 8] as bigint
  }
  get venueNs(): bigint {
    return this.#longs[this.#at + 9] as bigint
  }
  get money(): bigint {
    return (
      (BigInt(this.#longs[this.#at + 11] as bigint) << 64n) | BigInt.asUintN(64, this.#longs[this.#at + 10] as bigint)
    )
  }
  get fee(): number {
    return this.#cell(12)
  }

  // A sample.
  get positionLots(): number {
    return this.#cell(2)
  }
  get realized(): number {
    return this.#cell(3)
  }
  get unrealized(): number {
    return this.#cell(4)
  }
  get fees(): number {
    return this.#cell(5)
  }
  get funding(): number {
    return this.#cell(6)
  }
  get equity(): number {
    return this.#cell(12)
  }
  /** Of a sample or markout, as a price. */
  get mid(): number {
    return this.#cell(this.entryKind === ENTRY.SAMPLE ? 13 : 5)
  }

  // A markout.
  get fillPriceTicks(): number {
    return this.#cell(2)
  }
  get horizonMs(): number {
    return this.#cell(4)
  }

  // A bar.
  get openTicks(): number {
    return this.#cell(2)
  }
  get highTicks(): number {
    return this.#cell(3)
  }
  get lowTicks(): number {
    return this.#cell(4)
  }
  get closeTicks(): number {
    return this.#cell(5)
  }
  get volumeLots(): number {
    return this.#cell(6)
  }
  get trades(): number {
    return this.#cell(7)
  }
  get openUs(): number {
    return Number((this.#longs[this.#at + 8] as bigint) / 1000n)
  }
  get closeUs(): number {
    return Number((this.#longs[this.#at + 9] as bigint) / 1000n)
  }
}
