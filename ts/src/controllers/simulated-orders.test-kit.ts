import {
  type Commands,
  type Frame,
  OrderEventKind,
  OrderState,
  type OrderTable,
  OrderType,
  type OrderUpdate,
  type Side,
} from '../domain/index.js'

/** An order of the simulation, with its history of live moments. */
interface SimulatedOrder {
  readonly id: number
  readonly side: Side
  priceTicks: number
  leavesLots: number
  cumLots: number
  state: OrderState
}

/**
 * A slow, obvious stand-in for the engine's order table, for tests of strategies: acknowledgements come when the test
 * says so, in the order in which commands were given.
 */
export class SimulatedOrders implements Commands, OrderTable {
  /** Every command in words, oldest first. */
  readonly log: string[] = []
  readonly #orders: SimulatedOrder[] = []
  readonly #pending: (() => OrderUpdate | undefined)[] = []
  #nextId = 1

  get orders(): OrderTable {
    return this
  }

  /** What is live or on its way. */
  get live(): readonly SimulatedOrder[] {
    return this.#orders
  }

  submit(side: Side, priceTicks: number, sizeLots: number, type: OrderType = OrderType.Limit): number {
    const state: OrderState = OrderState.PendingNew
    const order: SimulatedOrder = { id: this.#nextId++, side, priceTicks, leavesLots: sizeLots, cumLots: 0, state }
    this.#orders.push(order)
    this.log.push(
      `${side === 0 ? 'buy' : 'sell'} ${sizeLots} @ ${priceTicks}${type === OrderType.PostOnly ? ' post-only' : ''}`,
    )
    this.#pending.push(() => {
      if (order.state === OrderState.PendingNew) order.state = OrderState.Open
      return undefined
    })
    return order.id
  }

  submitDecimal(): number {
    throw new Error('the simulation knows ticks and lots only')
  }

  amend(orderId: number, priceTicks: number, sizeLots: number): void {
    const order = this.#get(orderId)
    this.log.push(`amend ${orderId} to ${sizeLots} @ ${priceTicks}`)
    order.state = OrderState.PendingAmend
    this.#pending.push(() => {
      if (order.state !== OrderState.PendingAmend) return undefined
      order.priceTicks = priceTicks
      order.leavesLots = sizeLots - order.cumLots
      order.state = OrderState.Open
      return order.leavesLots > 0 ? undefined : this.#end(order)
    })
  }

  moveTrigger(): void {
    throw new Error('the simulation knows no stops')
  }

  query(): void {
    throw new Error('the simulation loses no answers')
  }

  cancel(orderId: number): void {
    const order = this.#get(orderId)
    if (order.state === OrderState.PendingCancel) throw new Error(`order ${orderId} is being cancelled already`)
    this.log.push(`cancel ${orderId}`)
    order.state = OrderState.PendingCancel
    this.#pending.push(() => this.#end(order))
  }

  cancelAll(): number {
    const open = this.#orders.filter((order) => order.state !== OrderState.PendingCancel)
    for (const order of open) this.cancel(order.id)
    return open.length
  }

  get count(): number {
    return this.#orders.length
  }

  idAt(k: number): number {
    return this.#orders[k]?.id ?? 0
  }

  state(orderId: number): OrderState {
    return this.#orders.find((order) => order.id === orderId)?.state ?? OrderState.None
  }

  side(orderId: number): Side {
    return this.#get(orderId).side
  }

  instrument(): number {
    return 0
  }

  priceTicks(orderId: number): number {
    return this.#get(orderId).priceTicks
  }

  leavesLots(orderId: number): number {
    return this.#get(orderId).leavesLots
  }

  /** Answers so many of the commands that wait, oldest first. */
  acknowledge(count = Number.POSITIVE_INFINITY): void {
    for (let n = 0; n < count && this.#pending.length > 0; n++) this.#pending.shift()?.()
  }

  /** Fills part of the k-th live order, also while its cancel is under way. */
  fill(k: number, lots: number): void {
    const order = this.#orders[k]
    if (!order || order.state === OrderState.PendingNew) return
    const filled = Math.min(lots, order.leavesLots)
    order.leavesLots -= filled
    order.cumLots += filled
    if (order.leavesLots === 0) this.#end(order)
    else if (order.state === OrderState.Open) order.state = OrderState.PartiallyFilled
  }

  /** Refuses the k-th live order and gives the news of it. */
  reject(k: number, tsUs: number): OrderUpdate | undefined {
    const order = this.#orders[k]
    if (order?.state !== OrderState.PendingNew) return undefined
    this.#end(order)
    const { id: orderId, side, priceTicks } = order
    const kind = OrderEventKind.Rejected
    return { kind, orderId, instrument: 0, side, priceTicks, leavesLots: 0, reason: 'would_cross', tsUs }
  }

  #get(orderId: number): SimulatedOrder {
    const order = this.#orders.find((candidate) => candidate.id === orderId)
    if (!order) throw new Error(`order ${orderId} is not live`)
    return order
  }

  #end(order: SimulatedOrder): undefined {
    const k = this.#orders.indexOf(order)
    if (k >= 0) this.#orders.splice(k, 1)
    order.state = OrderState.None
  }
}

/** A frame of a live book with the given touch, for tests of controllers. */
export function frameOf(fields: Partial<Frame> & { bidTicks: number; askTicks: number }): Frame {
  const { bidTicks, askTicks } = fields
  return {
    tsUs: 1_723_161_600_000_000,
    tsNs: 1_723_161_600_000_000_000n,
    exchTsNs: 1_723_161_600_000_000_000n,
    instrument: 0,
    kind: 0,
    side: 0,
    isLast: true,
    priceTicks: bidTicks,
    sizeLots: 1,
    bidLots: 1,
    askLots: 1,
    bid: bidTicks / 10,
    ask: askTicks / 10,
    mid: (bidTicks + askTicks) / 20,
    spreadTicks: askTicks - bidTicks,
    isLive: true,
    indicator: () => Number.NaN,
    positionLots: 0,
    position: 0,
    openOrders: 0,
    equity: 0,
    ...fields,
  }
}
