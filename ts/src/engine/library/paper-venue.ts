import {
  type Commands,
  type OrderTable,
  type OrderTerms,
  type OrderType,
  type Side,
  TickwrightError,
} from '../../domain/index.js'
import { addon, advance, details, native } from '../addon.js'
import { Block } from '../block.js'
import { CommandRing } from '../commands.js'
import { ENTRY, EventView } from '../events.js'
import { Grid } from '../grid.js'
import { CELL, SIZE, STATUS } from '../layout.generated.js'
import type { BookStates, LedgerReport } from '../types.js'
import { describe } from './native.js'
import type { Level } from './order-book.js'
import { TICK_BYTES } from './ticks.js'
import { eventOf, type VenueEvent } from './venue-event.js'
import { configOf, type PaperVenueSettings } from './venue-settings.js'

/** Records handed down at a time. */
const CHUNK = 16_384
/** Nobody is called back in the middle of a block. */
const NEVER = JSON.stringify({ every: { nth: Number.MAX_SAFE_INTEGER } })

/**
 * A venue on paper: market records go in, orders queue and trade against them, an exact account comes out.
 *
 * It works alone, driven by its owner: `apply` some records, look, send orders, `apply` the next. An order leaves at the
 * receive time of the last record applied and reaches the venue after the entry latency. For a strategy that is called
 * at every tick take `Engine`: it is this venue with the loop inside, and ten times faster.
 *
 * ```ts
 * using venue = new PaperVenue({ instrument: btcusdt, deposits: { USDT: '10000' } })
 * venue.apply(block)
 * const id = venue.submit(Side.Buy, venue.bestBid(), 10, OrderType.PostOnly)
 * venue.apply(nextBlock)
 * venue.events() // [{ kind: 'accepted', orderId: id, … }, { kind: 'fill', … }]
 * ```
 */
export class PaperVenue {
  readonly #native: InstanceType<typeof addon.NativeEngine>
  readonly #block: Block
  readonly #commands: CommandRing
  readonly #view: EventView
  readonly #market: 'levels' | 'quotes'
  readonly #count: number
  #events: VenueEvent[] = []
  #isClosed = false

  /** Throws `E_CONFIG`, `E_INSTRUMENT`, `E_FILL_MODEL`, `E_LATENCY` or `E_ACCOUNT`, naming what is wrong. */
  constructor(settings: PaperVenueSettings) {
    const config = configOf(settings)
    const json = native(() => JSON.stringify(config))
    this.#block = new Block(json)
    const grids = native(() => config.instruments.map((spec) => new Grid(spec)))
    this.#native = native(() => new addon.NativeEngine(json, this.#block.cells))
    this.#commands = new CommandRing(this.#block, grids)
    this.#view = new EventView(this.#block)
    this.#market = settings.market ?? 'levels'
    this.#count = grids.length
    native(() => this.#native.setInterests(NEVER))
    this.#listen()
  }

  /**
   * Applies whole 48-byte records in the order received and returns how many.
   *
   * Throws `E_TICK_BUFFER`, `E_TICK_RECORD`, `E_TIME_BACKWARDS` or `E_UNKNOWN_INSTRUMENT`: the records before the one at
   * fault are applied, the others are dropped.
   */
  apply(ticks: Uint8Array): number {
    this.#refuseClosed()
    const bytes = checkedBytes(ticks)
    const before = native(() => this.#native.records())
    for (let at = 0; at < bytes; at += CHUNK * TICK_BYTES) {
      native(() => this.#native.pushTicks(ticks.subarray(at, at + CHUNK * TICK_BYTES)))
      this.#drive()
    }
    this.#commands.open ||= bytes > 0
    return native(() => this.#native.records()) - before
  }

  /**
   * Sends an order by ticks and lots; returns its id, above 0. What becomes of it is in `events`.
   * Throws `E_ARGUMENT`, `E_TOO_MANY_ORDERS`, `E_REQUESTS_FULL`.
   */
  submit(
    side: Side,
    priceTicks: number,
    sizeLots: number,
    type?: OrderType,
    instrument?: number,
    terms?: OrderTerms,
  ): number {
    return this.#send((commands) => commands.submit(side, priceTicks, sizeLots, type, instrument, terms))
  }

  /** The same by decimals, which must lie on the grid: else `E_OFF_GRID`. */
  submitDecimal(
    side: Side,
    price: string | number,
    size: string | number,
    type?: OrderType,
    instrument?: number,
  ): number {
    return this.#send((commands) => commands.submitDecimal(side, price, size, type, instrument))
  }

  /** Asks for a new price and a new whole size, what is filled included; the same price and no larger size keep the place. */
  amend(orderId: number, priceTicks: number, sizeLots: number): void {
    this.#send((commands) => commands.amend(orderId, priceTicks, sizeLots))
  }

  /** Asks for another trigger of a stop that still waits for its own. */
  moveTrigger(orderId: number, triggerTicks: number): void {
    this.#send((commands) => commands.moveTrigger(orderId, triggerTicks))
  }

  /** Asks how an order stands, after an answer that never came. */
  query(orderId: number): void {
    this.#send((commands) => commands.query(orderId))
  }

  /** Asks to cancel; a fill may still win. An order that has ended is no error. */
  cancel(orderId: number): void {
    this.#send((commands) => commands.cancel(orderId))
  }

  /** Asks to cancel every open order, of one instrument or of all; returns how many. */
  cancelAll(instrument?: number): number {
    return this.#send((commands) => commands.cancelAll(instrument))
  }

  /** Our live orders as far as we know. */
  get orders(): OrderTable {
    return this.#commands.orders
  }

  /** What has become known since the last call, oldest first. */
  events(): VenueEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  /** Best bid in ticks after the last record, NaN without bids. */
  bestBid(instrument = 0): number {
    return this.#cell(instrument, CELL.TOP)
  }

  /** Best ask in ticks after the last record, NaN without asks. */
  bestAsk(instrument = 0): number {
    return this.#cell(instrument, CELL.TOP + 1)
  }

  /** Position in lots, as far as we know; negative is short. */
  positionLots(instrument = 0): number {
    return this.#cell(instrument, CELL.POSITION)
  }

  /** Levels of a side, best first. */
  levels(side: Side, count = 10, instrument = 0): Level[] {
    const flat = native(() => this.#native.depth(instrument, side, count))
    return Array.from({ length: flat.length / 2 }, (_, k) => ({
      priceTicks: flat[2 * k] as number,
      sizeLots: flat[2 * k + 1] as number,
    }))
  }

  /** The account as we know it: exact, every amount a decimal string. */
  account(): LedgerReport {
    return JSON.parse(native(() => this.#native.ledgerJson())) as LedgerReport
  }

  /** State and integrity of every book. */
  books(): BookStates {
    return JSON.parse(native(() => this.#native.booksJson())) as BookStates
  }

  /** Frees the native side; everything else throws `E_CLOSED` from now on. */
  close(): void {
    this.#isClosed = true
    native(() => this.#native.close())
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Gives a command and sends it on its way at once, so that an error belongs to the call that caused it. */
  #send<T>(give: (commands: Commands) => T): T {
    this.#refuseClosed()
    if (!this.#commands.open) {
      throw new TickwrightError(
        'E_ARGUMENT',
        'no record was applied yet: the venue has no time at which to send an order',
      )
    }
    const given = give(this.#commands)
    this.#drive()
    return given
  }

  /** Lets native take in commands and records until none is left. */
  #drive(): void {
    const { words } = this.#block
    this.#native.enter()
    try {
      do {
        advance()
        this.#collect()
      } while (((words[0] as number) & (STATUS.IDLE | STATUS.END)) === 0)
      details()
    } catch (error) {
      const refused = TickwrightError.from(error)
      // The record at fault would be met again and again.
      if (refused.code !== 'E_CLOSED' && refused.code !== 'E_POISONED') this.#listen()
      throw refused
    } finally {
      this.#native.leave()
    }
  }

  /** Waits for records, with nothing left of earlier ones. */
  #listen(): void {
    native(() => this.#native.goLive(CHUNK, this.#market))
  }

  #collect(): void {
    const view = this.#view
    while (view.waiting > 0) {
      view.look()
      if (view.entryKind <= ENTRY.LARGEST_OWN) this.#events.push(eventOf(view))
      view.release()
    }
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new TickwrightError('E_CLOSED', 'this PaperVenue was closed: make a new one')
  }

  #cell(instrument: number, cell: number): number {
    this.#refuseClosed()
    if (!Number.isSafeInteger(instrument) || instrument < 0 || instrument >= this.#count) {
      throw new TickwrightError('E_ARGUMENT', `${describe(instrument)} is not the index of an instrument of this venue`)
    }
    return this.#block.cells[SIZE.INSTRUMENTS_AT + instrument * SIZE.INSTRUMENT_CELLS + cell] as number
  }
}

function checkedBytes(ticks: Uint8Array): number {
  if (!(ticks instanceof Uint8Array)) {
    throw new TickwrightError('E_ARGUMENT', 'apply takes a Uint8Array of whole 48-byte records')
  }
  if (ticks.length % TICK_BYTES !== 0) {
    throw new TickwrightError(
      'E_TICK_BUFFER',
      `${ticks.length} bytes are no whole number of ${TICK_BYTES}-byte records`,
    )
  }
  return ticks.length
}
