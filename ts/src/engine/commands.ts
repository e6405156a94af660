import { type Commands, OrderState, type OrderTerms, OrderType, type Side, TickwrightError } from '../domain/index.js'
import type { Block } from './block.js'
import type { Grid } from './grid.js'
import { CELL, SIZE } from './layout.generated.js'
import { noConditions, readTerms } from './order-terms.js'
import { SharedOrders } from './orders.js'

const SUBMIT = 1
const AMEND = 2
const CANCEL = 3
const CONDITIONS = 4
const MOVE_TRIGGER = 5
const QUERY = 6
/** The largest number of an order type. */
const LAST_TYPE = OrderType.TrailingStop

const WRITTEN = 2 * CELL.COMMANDS
const READ = WRITTEN + 1
const LAST_ID = 2 * CELL.ORDER_ID

/** Writes commands into the ring. Open at action points only. */
export class CommandRing implements Commands {
  readonly orders: SharedOrders
  /** Whether this is an action point. */
  open = false

  readonly #cells: Float64Array
  readonly #words: Int32Array
  readonly #at: number
  readonly #capacity: number
  readonly #grids: readonly Grid[]
  readonly #conditions = noConditions()

  constructor(block: Block, grids: readonly Grid[]) {
    this.orders = new SharedOrders(block)
    this.#cells = block.cells
    this.#words = block.words
    this.#at = block.layout.commandsAt
    this.#capacity = block.layout.commandRing
    this.#grids = grids
  }

  submit(
    side: Side,
    priceTicks: number,
    sizeLots: number,
    type: OrderType = OrderType.Limit,
    instrument = 0,
    terms: OrderTerms | undefined = undefined,
  ): number {
    if (
      (side !== 0 && side !== 1) ||
      (type | 0) !== type ||
      type < 0 ||
      type > LAST_TYPE ||
      !Number.isSafeInteger(priceTicks) ||
      !Number.isSafeInteger(sizeLots) ||
      sizeLots <= 0 ||
      !this.#isInstrument(instrument)
    ) {
      throw this.#badOrder(side, priceTicks, sizeLots, type, instrument)
    }
    if (terms !== undefined || type >= OrderType.StopMarket) {
      return this.#submitWith(terms ?? {}, side, priceTicks, sizeLots, type, instrument)
    }
    const at = this.#reserve()
    const id = this.#nextId()
    this.#write(at, SUBMIT, id, instrument, side | (type << 8), priceTicks, sizeLots)
    this.orders.add(id, instrument, side | (type << 8), priceTicks, sizeLots)
    return id
  }

  submitDecimal(
    side: Side,
    price: string | number,
    size: string | number,
    type: OrderType = OrderType.Limit,
    instrument = 0,
  ): number {
    const grid = this.#grids[instrument]
    if (grid === undefined) throw this.#badOrder(side, Number(price), Number(size), type, instrument)
    return this.submit(side, grid.priceTicks(price), grid.sizeLots(size), type, instrument)
  }

  amend(orderId: number, priceTicks: number, sizeLots: number): void {
    if (!Number.isSafeInteger(priceTicks) || !Number.isSafeInteger(sizeLots) || sizeLots <= 0) {
      throw new TickwrightError(
        'E_ARGUMENT',
        `amend order ${String(orderId)}: price ${String(priceTicks)} ticks and size ${String(sizeLots)} lots must be ` +
          'whole numbers, the size above 0',
      )
    }
    if (!this.#isLive(orderId)) return
    this.#write(this.#reserve(), AMEND, orderId, 0, 0, priceTicks, sizeLots)
    // A cancel that is under way stays in sight.
    if (this.orders.state(orderId) !== OrderState.PendingCancel) this.orders.mark(orderId, OrderState.PendingAmend)
  }

  cancel(orderId: number): void {
    if (!this.#isLive(orderId)) return
    this.#write(this.#reserve(), CANCEL, orderId, 0, 0, 0, 0)
    this.orders.mark(orderId, OrderState.PendingCancel)
  }

  moveTrigger(orderId: number, triggerTicks: number): void {
    if (!Number.isSafeInteger(triggerTicks) || triggerTicks <= 0) {
      throw new TickwrightError(
        'E_ARGUMENT',
        `moveTrigger: ${String(triggerTicks)} is no whole number of ticks above 0`,
      )
    }
    if (!this.#isLive(orderId)) return
    this.#write(this.#reserve(), MOVE_TRIGGER, orderId, 0, 0, triggerTicks, 0)
    if (this.orders.state(orderId) !== OrderState.PendingCancel) this.orders.mark(orderId, OrderState.PendingAmend)
  }

  query(orderId: number): void {
    if (!this.#isLive(orderId)) return
    this.#write(this.#reserve(), QUERY, orderId, 0, 0, 0, 0)
  }

  cancelAll(instrument = -1): number {
    if (instrument !== -1 && !this.#isInstrument(instrument)) {
      throw new TickwrightError(
        'E_ARGUMENT',
        `cancelAll: instrument ${String(instrument)} is not one of 0 to ${this.#grids.length - 1}; leave it out for all`,
      )
    }
    const { orders } = this
    let asked = 0
    for (let k = 0, n = orders.count; k < n; k++) {
      const id = orders.idAt(k)
      const state = orders.state(id)
      const mayFill = state === OrderState.Open || state === OrderState.PartiallyFilled || state === OrderState.Unknown
      if (!mayFill) continue
      if (instrument >= 0 && orders.instrument(id) !== instrument) continue
      this.cancel(id)
      asked++
    }
    return asked
  }

  /** The slow way of orders that need more than one place in the ring. */
  #submitWith(
    terms: OrderTerms,
    side: Side,
    priceTicks: number,
    sizeLots: number,
    type: OrderType,
    instrument: number,
  ): number {
    const conditions = this.#conditions
    readTerms(terms, type, conditions)
    if (type === OrderType.TrailingStop && priceTicks <= 0) {
      throw new TickwrightError(
        'E_ARGUMENT',
        `submit: the distance of a trailing stop is ${priceTicks}: give ticks above 0`,
      )
    }
    const at = this.#reserve(2)
    const id = this.#nextId()
    const { bits, parent, triggerTicks, untilUs } = conditions
    const group = terms.group === 'new' ? id : conditions.group
    const what = side | (type << 8)
    this.#write(at, CONDITIONS, id, parent, group, triggerTicks, untilUs)
    this.#write(this.#reserve(), SUBMIT, id, instrument, what | bits, priceTicks, sizeLots)
    this.orders.add(id, instrument, what, type === OrderType.TrailingStop ? 0 : priceTicks, sizeLots)
    return id
  }

  #isInstrument(instrument: number): boolean {
    return (instrument | 0) === instrument && instrument >= 0 && instrument < this.#grids.length
  }

  /** Whether the order is live; a wrong type is an error, an ended order is not. */
  #isLive(orderId: number): boolean {
    if (!Number.isSafeInteger(orderId) || orderId <= 0) {
      throw new TickwrightError('E_ARGUMENT', `${String(orderId)} is not an order id: give what submit returned`)
    }
    return this.orders.state(orderId) !== OrderState.None
  }

  /** First cell of the next free place in the ring, which has as many as are asked for. */
  #reserve(places = 1): number {
    if (!this.open) {
      throw new TickwrightError(
        'E_NOT_AN_ACTION_POINT',
        'commands can be given only inside onTick: declare an interest that makes this moment an action point',
      )
    }
    const written = this.#words[WRITTEN] as number
    if (((written - (this.#words[READ] as number)) | 0) + places > this.#capacity) {
      throw new TickwrightError(
        'E_COMMAND_RING_FULL',
        `${this.#capacity} commands wait already at this action point: send fewer or raise command_ring`,
      )
    }
    return this.#at + (written & (this.#capacity - 1)) * SIZE.COMMAND_CELLS
  }

  #write(at: number, op: number, id: number, instrument: number, what: number, price: number, size: number): void {
    const words = this.#words
    words[2 * at] = op
    words[2 * at + 1] = id
    words[2 * at + 2] = instrument
    words[2 * at + 3] = what
    this.#cells[at + 2] = price
    this.#cells[at + 3] = size
    words[WRITTEN] = ((words[WRITTEN] as number) + 1) | 0
  }

  /** The next id whose slot is free. */
  #nextId(): number {
    let id = (this.#words[LAST_ID] as number) >>> 0
    for (let tries = 0; tries < SIZE.ORDER_SLOTS; tries++) {
      // 0 names no order and the largest number is reserved.
      id = id >= 0xffff_fffe ? 1 : id + 1
      if (!this.orders.isTaken(id)) {
        this.#words[LAST_ID] = id | 0
        return id
      }
    }
    throw new TickwrightError(
      'E_TOO_MANY_ORDERS',
      `all ${SIZE.ORDER_SLOTS} order slots are taken: cancel some orders and wait for the answer`,
    )
  }

  #badOrder(side: unknown, price: unknown, size: unknown, type: unknown, instrument: unknown): TickwrightError {
    return new TickwrightError(
      'E_ARGUMENT',
      `submit: side ${String(side)} (0 buy, 1 sell), price ${String(price)} ticks, size ${String(size)} lots, type ` +
        `${String(type)} (0 to ${LAST_TYPE}), instrument ${String(instrument)} (0 to ${this.#grids.length - 1}): prices and sizes ` +
        'are whole numbers, sizes above 0',
      { details: { side, price, size, type, instrument } },
    )
  }
}
