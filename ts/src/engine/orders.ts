import { OrderState, type OrderTable, type Side } from '../domain/index.js'
import type { Block } from './block.js'
import { CELL, SIZE } from './layout.generated.js'

/** Our live orders, read where the engine keeps them. */
export class SharedOrders implements OrderTable {
  readonly #cells: Float64Array
  readonly #words: Int32Array
  readonly #ordersAt: number
  readonly #liveAt: number

  constructor(block: Block) {
    this.#cells = block.cells
    this.#words = block.words
    this.#ordersAt = block.layout.ordersAt
    this.#liveAt = 2 * block.layout.liveAt
  }

  get count(): number {
    return this.#words[2 * CELL.LIVE_ORDERS] as number
  }

  idAt(k: number): number {
    return k >= 0 && k < this.count ? (this.#words[this.#liveAt + k] as number) >>> 0 : 0
  }

  state(orderId: number): OrderState {
    const at = this.#at(orderId)
    return at < 0 ? OrderState.None : (((this.#words[2 * at + 1] as number) & 0xff) as OrderState)
  }

  side(orderId: number): Side {
    const at = this.#at(orderId)
    return (at < 0 ? 0 : ((this.#words[2 * at + 1] as number) >>> 8) & 0xff) as Side
  }

  instrument(orderId: number): number {
    const at = this.#at(orderId)
    return at < 0 ? -1 : (this.#words[2 * at + 2] as number)
  }

  priceTicks(orderId: number): number {
    const at = this.#at(orderId)
    return at < 0 ? Number.NaN : (this.#cells[at + 2] as number)
  }

  leavesLots(orderId: number): number {
    const at = this.#at(orderId)
    return at < 0 ? 0 : (this.#cells[at + 4] as number)
  }

  /** Whether the slot of an id is taken by any order. */
  isTaken(orderId: number): boolean {
    return this.#words[2 * this.#slot(orderId)] !== 0
  }

  /**
   * Shows an order that was just written as under way, youngest of the live ones. The engine writes the same when it takes
   * the command in.
   */
  add(orderId: number, instrument: number, sideAndType: number, priceTicks: number, sizeLots: number): void {
    const at = this.#slot(orderId)
    const words = this.#words
    words[2 * at] = orderId
    words[2 * at + 1] = OrderState.PendingNew | (sideAndType << 8)
    words[2 * at + 2] = instrument
    this.#cells[at + 2] = priceTicks
    this.#cells[at + 3] = sizeLots
    this.#cells[at + 4] = sizeLots
    this.#cells[at + 5] = 0
    const { count } = this
    words[this.#liveAt + count] = orderId
    words[2 * CELL.LIVE_ORDERS] = count + 1
  }

  /** Shows a request that was just written as under way; the engine confirms it when it takes the command in. */
  mark(orderId: number, state: OrderState): void {
    const word = 2 * this.#slot(orderId) + 1
    this.#words[word] = ((this.#words[word] as number) & ~0xff) | state
  }

  #slot(orderId: number): number {
    return this.#ordersAt + (orderId & (SIZE.ORDER_SLOTS - 1)) * SIZE.ORDER_CELLS
  }

  /** First cell of a live order's slot, −1 if that id is not live. */
  #at(orderId: number): number {
    const at = this.#slot(orderId)
    return orderId > 0 && (this.#words[2 * at] as number) >>> 0 === orderId ? at : -1
  }
}
