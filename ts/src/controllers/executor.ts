import {
  type Bar,
  type Commands,
  type Controller,
  type Desired,
  type Fill,
  type Frame,
  type Interests,
  OrderEventKind,
  OrderState,
  OrderType,
  type OrderUpdate,
  Side,
  type StartContext,
  type Strategy,
  TickwrightError,
} from '../domain/index.js'

/** Most quotes a side of one instrument. */
export const MAX_LEVELS = 16

/** How desired orders become commands. */
export interface ExecutorOptions {
  /** A live order this near to the wanted price is left alone, in ticks. Default 0. */
  readonly refreshToleranceTicks?: number
  /** After a rejection its slot stays empty this long, in milliseconds of tape time. Default 250; 0 tries again at once. */
  readonly rejectPauseMs?: number
}

type SavedSlot = readonly [
  slot: number,
  orderId: number,
  priceTicks: number,
  askedLots: number,
  wholeLots: number,
  retryUs: number,
]

/** What a snapshot of an executor holds. */
interface ExecutorState {
  readonly slots: readonly SavedSlot[]
  readonly levels: number
  readonly controller: unknown
}

const SLOTS = 2 * MAX_LEVELS

/**
 * Turns what a controller wants into commands, at each action point and for the instrument of that tick:
 *
 * 1. an order that is not wanted any more, or at another price, or smaller than wanted from the start, is cancelled;
 * 2. an order of which less is wanted than is left is amended, which keeps its place in the queue;
 * 3. an order at the right price is left alone, also when it has been filled in part;
 * 4. only then are missing orders placed, each when its slot's last order is known to be gone, and never where it
 *    would meet an order of ours on the other side.
 *
 * Orders on their way (new, amend or cancel not yet acknowledged) are waited for; so that the next command follows
 * the acknowledgement at once, own events are action points unless the controller sets `ownEvent: false`.
 * Allocates nothing per tick.
 *
 * ```ts
 * engine.run(toStrategy(new SimpleMaker(params), { refreshToleranceTicks: 2 }))
 * ```
 */
export function toStrategy(controller: Controller, options: ExecutorOptions = {}): Strategy {
  return new Executor(controller, options)
}

class Executor implements Strategy {
  readonly interests: Interests
  // Present only where the controller has them: the engine asks for no news that nobody hears.
  readonly onFill?: (fill: Fill) => void
  readonly onBar?: (bar: Bar) => void
  readonly onFrame?: (frame: Frame) => void

  readonly #controller: Controller
  readonly #wanted = new WantedSlots()
  readonly #toleranceTicks: number
  readonly #rejectPauseUs: number
  #orderIds = new Float64Array(SLOTS)
  #priceTicks = new Float64Array(SLOTS)
  /** What was wanted when the slot's order was placed or last amended. */
  #askedLots = new Float64Array(SLOTS)
  /** The whole size of the slot's order, what is filled already among it. */
  #wholeLots = new Float64Array(SLOTS)
  /** Not before this time may the slot be filled again. */
  #retryUs = new Float64Array(SLOTS)
  /** Whether the slots hold a restored state that the next start must keep. */
  #restored = false

  constructor(controller: Controller, options: ExecutorOptions) {
    this.#controller = controller
    this.#toleranceTicks = atLeastZero('refreshToleranceTicks', options.refreshToleranceTicks ?? 0)
    this.#rejectPauseUs = 1_000 * atLeastZero('rejectPauseMs', options.rejectPauseMs ?? 250)
    this.interests = { ownEvent: true, ...(controller.interests ?? { every: 'message' }) }
    if (controller.onFill) this.onFill = (fill) => controller.onFill?.(fill)
    if (controller.onBar) this.onBar = (bar) => controller.onBar?.(bar)
    if (controller.onFrame) this.onFrame = (frame) => controller.onFrame?.(frame)
  }

  onStart(context: StartContext): void {
    if (!this.#restored) this.#resize(0)
    this.#restored = false
    this.#resize(Math.max(this.#orderIds.length, context.instruments.length * SLOTS))
    this.#controller.onStart?.(context)
  }

  onTick(frame: Frame, commands: Commands): void {
    const wanted = this.#wanted
    wanted.clear()
    this.#controller.onTick(frame, wanted)
    if (wanted.kept) return
    const first = frame.instrument * SLOTS
    const end = first + 2 * wanted.levels
    for (let slot = first; slot < end; slot++) this.#release(slot, slot - first, commands)
    for (let slot = first; slot < end; slot++) this.#place(slot, slot - first, first, end, frame, commands)
  }

  onOrderUpdate(update: OrderUpdate): void {
    if (update.kind === OrderEventKind.Rejected) {
      const slot = this.#orderIds.indexOf(update.orderId)
      if (slot >= 0) this.#retryUs[slot] = update.tsUs + this.#rejectPauseUs
    }
    this.#controller.onOrderUpdate?.(update)
  }

  snapshot(): ExecutorState {
    const slots: SavedSlot[] = []
    for (let slot = 0; slot < this.#orderIds.length; slot++) {
      const row = [this.#orderIds, this.#priceTicks, this.#askedLots, this.#wholeLots, this.#retryUs].map((column) =>
        at(column, slot),
      )
      if (row.some((value) => value !== 0)) slots.push([slot, ...row] as unknown as SavedSlot)
    }
    return { slots, levels: this.#wanted.levels, controller: this.#controller.snapshot?.() }
  }

  restore(state: unknown): void {
    const saved = checkedState(state)
    const highest = saved.slots.reduce((most, [slot]) => Math.max(most, slot), 0)
    this.#resize(0)
    this.#resize(highest + SLOTS - (highest % SLOTS))
    this.#restored = true
    for (const [slot, orderId, priceTicks, askedLots, wholeLots, retryUs] of saved.slots) {
      this.#orderIds[slot] = orderId
      this.#priceTicks[slot] = priceTicks
      this.#askedLots[slot] = askedLots
      this.#wholeLots[slot] = wholeLots
      this.#retryUs[slot] = retryUs
    }
    this.#wanted.levels = saved.levels
    this.#controller.restore?.(saved.controller)
  }

  /** Makes the columns this long; what fits of their content stays. */
  #resize(length: number): void {
    this.#orderIds = resized(this.#orderIds, length)
    this.#priceTicks = resized(this.#priceTicks, length)
    this.#askedLots = resized(this.#askedLots, length)
    this.#wholeLots = resized(this.#wholeLots, length)
    this.#retryUs = resized(this.#retryUs, length)
  }

  /** Cancels, shrinks or forgets the slot's order; `k` is the slot's place among the wanted ones. */
  #release(slot: number, k: number, commands: Commands): void {
    const orderId = at(this.#orderIds, slot)
    if (orderId === 0) return
    const state = commands.orders.state(orderId)
    if (isGone(state)) {
      this.#orderIds[slot] = 0
      return
    }
    if (state !== OrderState.Open && state !== OrderState.PartiallyFilled) return
    const wantedLots = at(this.#wanted.sizeLots, k)
    const offTicks = Math.abs(at(this.#wanted.priceTicks, k) - at(this.#priceTicks, slot))
    if (wantedLots === 0 || offTicks > this.#toleranceTicks || wantedLots > at(this.#askedLots, slot)) {
      commands.cancel(orderId)
      return
    }
    const leavesLots = commands.orders.leavesLots(orderId)
    if (wantedLots >= leavesLots) return
    // An amendment states the whole size: what is filled already stays among it.
    const wholeLots = at(this.#wholeLots, slot) - leavesLots + wantedLots
    commands.amend(orderId, at(this.#priceTicks, slot), wholeLots)
    this.#askedLots[slot] = wantedLots
    this.#wholeLots[slot] = wholeLots
  }

  /** Places the slot's wanted order if the slot is free and nothing of ours stands in its way. */
  #place(slot: number, k: number, first: number, end: number, frame: Frame, commands: Commands): void {
    const sizeLots = at(this.#wanted.sizeLots, k)
    if (sizeLots === 0 || at(this.#orderIds, slot) !== 0 || frame.tsUs < at(this.#retryUs, slot)) return
    const side = sideOf(k)
    const priceTicks = at(this.#wanted.priceTicks, k)
    if (this.#wouldMeetOwn(side, priceTicks, first, end)) return
    this.#orderIds[slot] = commands.submit(side, priceTicks, sizeLots, OrderType.PostOnly, frame.instrument)
    this.#priceTicks[slot] = priceTicks
    this.#askedLots[slot] = sizeLots
    this.#wholeLots[slot] = sizeLots
    this.#retryUs[slot] = 0
  }

  /** Whether one of our orders on the other side, as yet not known to be gone, stands at this price or beyond. */
  #wouldMeetOwn(side: Side, priceTicks: number, first: number, end: number): boolean {
    const sign = side === Side.Buy ? 1 : -1
    for (let slot = first + (side === Side.Buy ? 1 : 0); slot < end; slot += 2) {
      if (at(this.#orderIds, slot) !== 0 && sign * (priceTicks - at(this.#priceTicks, slot)) >= 0) return true
    }
    return false
  }
}

/** The wanted orders of one instrument: slot 2 × level is a bid, the one after it the ask. */
class WantedSlots implements Desired {
  readonly priceTicks = new Float64Array(SLOTS)
  readonly sizeLots = new Float64Array(SLOTS)
  /** How many levels were ever used: the rest need no look. */
  levels = 0
  kept = false

  clear(): void {
    this.kept = false
    for (let k = 0; k < 2 * this.levels; k++) this.sizeLots[k] = 0
  }

  bid(priceTicks: number, sizeLots: number, level = 0): void {
    this.#set(0, 'bid', priceTicks, sizeLots, level)
  }

  ask(priceTicks: number, sizeLots: number, level = 0): void {
    this.#set(1, 'ask', priceTicks, sizeLots, level)
  }

  keep(): void {
    this.kept = true
  }

  #set(side: number, name: string, priceTicks: number, sizeLots: number, level: number): void {
    if (!Number.isSafeInteger(priceTicks)) {
      fault(
        `${name} price of ${priceTicks} is no whole number of ticks: count from frame.bidTicks, round, and look at frame.isLive first`,
      )
    }
    if (!Number.isSafeInteger(sizeLots) || sizeLots < 0) {
      fault(`${name} size of ${sizeLots} is no whole number of lots from 0 on: round it`)
    }
    if (!Number.isInteger(level) || level < 0 || level >= MAX_LEVELS) {
      fault(`${name} level ${level} does not exist: levels go from 0 to ${MAX_LEVELS - 1}`)
    }
    if (level >= this.levels) this.levels = level + 1
    this.priceTicks[2 * level + side] = priceTicks
    this.sizeLots[2 * level + side] = sizeLots
  }
}

function isGone(state: OrderState): boolean {
  switch (state) {
    case OrderState.None:
    case OrderState.Filled:
    case OrderState.Cancelled:
    case OrderState.Rejected:
    case OrderState.Expired:
      return true
    default:
      return false
  }
}

function sideOf(k: number): Side {
  return k % 2 === 0 ? Side.Buy : Side.Sell
}

/** Reads a column; the slots are made for every instrument at the start, so a miss is a bug of the caller. */
function at(column: Float64Array, slot: number): number {
  return column[slot] as number
}

function resized(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(length)
  copy.set(column.subarray(0, length))
  return copy
}

function fault(message: string): never {
  throw new TickwrightError('E_ARGUMENT', message)
}

function atLeastZero(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) fault(`${name} of ${value}: give a number from 0 on`)
  return value
}

function checkedState(state: unknown): ExecutorState {
  const saved = state as Partial<ExecutorState> | null
  if (typeof saved !== 'object' || !Array.isArray(saved?.slots) || !Number.isInteger(saved.levels)) {
    fault('this is no snapshot of an executor: restore what snapshot() gave')
  }
  return saved as ExecutorState
}
