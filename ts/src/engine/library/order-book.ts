import { Side, TickwrightError } from '../../domain/index.js'
import { native } from '../addon.js'
import { ARGS, cells, describe, functions, HANDLE, NativeObject, RESULTS, TOP } from './native.js'

const { bookApplyLevel, bookTop, bookSizeAt, bookCumulativeTo, bookFillCost, bookImbalance } = functions
const { bookMicroprice, bookLevelCount, bookClear, bookLevels, bookSnapshot, bookApplyTicks } = functions

/** Nobody's top lies in the cells. */
const NOBODY = -1
/** Handle of the book whose top lies in the cells. */
let shown = NOBODY

/** How much of the price axis a book keeps in flat arrays. */
export interface OrderBookSettings {
  /** Length up to which a side's band grows, in ticks; prices further from the touch cost more. Default 2^22. */
  readonly maxBandTicks?: number
}

/** One level of a book. */
export interface Level {
  readonly priceTicks: number
  readonly sizeLots: number
}

/** Levels as pairs, or as one column of price and size in turn. */
export type Levels = readonly (readonly [priceTicks: number, sizeLots: number])[] | Float64Array

/** What it costs to trade against one side now. */
export interface FillCost {
  /** Average price in ticks. */
  readonly vwapTicks: number
  /** Last price reached, in ticks. */
  readonly worstTicks: number
  /** How much the side could fill: less than asked if it was not deep enough. */
  readonly filledLots: number
}

/**
 * A book by price level, exact at every price, whatever its distance from the touch.
 *
 * Prices are ticks and sizes lots of the instrument: whole numbers. A side is `Side.Buy` (0, bids) or `Side.Sell` (1,
 * asks).
 *
 * Cost: `applyLevel` is one call into native code, and best prices and sizes are read without another. For a hundred
 * levels near the touch a hand-written array in JavaScript is as fast; this one stays as fast with levels far away and
 * in flash crashes, and `applyTicks` takes whole blocks of a tape at some ns a record, which JavaScript does not reach.
 *
 * ```ts
 * using book = new OrderBook()
 * book.applyLevel(Side.Buy, 618_001, 2_507)
 * book.applyLevel(Side.Sell, 618_002, 900)
 * book.spreadTicks // 1
 * ```
 */
export class OrderBook extends NativeObject {
  /** Throws `E_ARGUMENT` for a setting of another type or name. */
  constructor(settings: OrderBookSettings = {}) {
    super('book', settings)
  }

  /** Sets a level to its new total size; 0 deletes it. */
  applyLevel(side: Side, priceTicks: number, sizeLots: number): void {
    const { handle } = this
    if (handle === 0 || !isSide(side) || !Number.isSafeInteger(priceTicks) || !isSize(sizeLots)) {
      throw this.refusal('applyLevel', side, priceTicks, sizeLots)
    }
    cells[HANDLE] = handle
    cells[ARGS] = side
    cells[ARGS + 1] = priceTicks
    cells[ARGS + 2] = sizeLots
    bookApplyLevel()
    shown = handle
  }

  /**
   * Applies levels, snapshots and clears among whole 48-byte records, as a tape has them, of one instrument; other kinds
   * and instruments are passed over. Returns how many were applied. About 10 ns a record.
   *
   * Throws `E_TICK_BUFFER` or `E_TICK_RECORD`; in the middle of the records the message says which one, and those before
   * it are applied.
   */
  applyTicks(ticks: Uint8Array, instrument = 0): number {
    if (!Number.isSafeInteger(instrument)) throw this.refusal('applyTicks', ticks, instrument)
    cells[HANDLE] = this.handle
    cells[ARGS] = instrument
    shown = NOBODY
    native(() => bookApplyTicks(ticks))
    shown = this.handle
    return cells[RESULTS] as number
  }

  /** Replaces the whole book. */
  snapshot(sides: { readonly bids: Levels; readonly asks: Levels }): void {
    const [bidColumn, askColumn] = [columnOf('bids', sides?.bids), columnOf('asks', sides?.asks)]
    cells[HANDLE] = this.handle
    shown = NOBODY
    native(() => bookSnapshot(bidColumn, askColumn))
    shown = this.handle
  }

  /** Best bid in ticks, NaN without bids. */
  get bestBid(): number {
    return this.#top(0)
  }

  /** Best ask in ticks, NaN without asks. */
  get bestAsk(): number {
    return this.#top(1)
  }

  /** Size at the best bid in lots, 0 without bids. */
  get bidLots(): number {
    return this.#top(2)
  }

  /** Size at the best ask in lots, 0 without asks. */
  get askLots(): number {
    return this.#top(3)
  }

  /** Best ask − best bid in ticks, NaN unless both sides have levels; 0 if locked, negative if crossed. */
  get spreadTicks(): number {
    return this.#top(1) - this.#top(0)
  }

  /** Best prices weighted by the size on the other side, in ticks; NaN unless both sides have levels. */
  get microprice(): number {
    return this.#ask(bookMicroprice, 'microprice')
  }

  /** (bids − asks) / (bids + asks) of the sizes of the best `levels` levels a side: −1 to 1, NaN if both are empty. */
  imbalance(levels = 5): number {
    if (!isSize(levels)) throw this.refusal('imbalance', levels)
    cells[ARGS] = levels
    return this.#ask(bookImbalance, 'imbalance')
  }

  /** Size of one level in lots, 0 if there is none. */
  sizeAt(side: Side, priceTicks: number): number {
    return this.#askAt(bookSizeAt, 'sizeAt', side, priceTicks)
  }

  /** Size from the best price of a side to `priceTicks`, that level included, in lots. */
  cumulativeTo(side: Side, priceTicks: number): number {
    return this.#askAt(bookCumulativeTo, 'cumulativeTo', side, priceTicks)
  }

  /** What `lots` would cost now against the levels of `side`: `Side.Sell` (asks) to buy. `null` if it is empty. */
  fillCost(side: Side, lots: number): FillCost | null {
    if (!isSize(lots) || lots === 0) throw this.refusal('fillCost', side, lots)
    const vwapTicks = this.#askAt(bookFillCost, 'fillCost', side, lots)
    const filledLots = cells[RESULTS + 2] as number
    if (filledLots === 0) return null
    return { vwapTicks, worstTicks: cells[RESULTS + 1] as number, filledLots }
  }

  /** How many levels a side has. */
  levelCount(side: Side): number {
    return this.#askAt(bookLevelCount, 'levelCount', side, 0)
  }

  /** Up to `count` levels of a side, best first. Allocates; see `levelsInto`. */
  levels(side: Side, count = 10): Level[] {
    if (!isSize(count)) throw this.refusal('levels', side, count)
    const column = new Float64Array(2 * Math.min(count, this.levelCount(side)))
    const written = this.levelsInto(side, column)
    return Array.from({ length: written }, (_, k) => ({
      priceTicks: column[2 * k] as number,
      sizeLots: column[2 * k + 1] as number,
    }))
  }

  /** Writes levels of a side into `out`, best first, price and size in turn, as many as fit; returns how many. */
  levelsInto(side: Side, out: Float64Array): number {
    if (!isSide(side)) throw this.refusal('levelsInto', side, out)
    cells[HANDLE] = this.handle
    cells[ARGS] = side
    native(() => bookLevels(out))
    return cells[RESULTS] as number
  }

  /** Removes every level. */
  clear(): void {
    cells[HANDLE] = this.handle
    shown = NOBODY
    native(bookClear)
    shown = this.handle
  }

  #top(place: number): number {
    const { handle } = this
    if (handle !== shown || handle === 0) this.#show()
    return cells[TOP + place] as number
  }

  #show(): void {
    if (this.handle === 0) throw this.refusal('get')
    cells[HANDLE] = this.handle
    native(bookTop)
    shown = this.handle
  }

  #ask(query: () => void, method: string): number {
    if (this.handle === 0) throw this.refusal(method)
    cells[HANDLE] = this.handle
    query()
    return cells[RESULTS] as number
  }

  #askAt(query: () => void, method: string, side: Side, priceOrLots: number): number {
    if (!isSide(side) || !Number.isSafeInteger(priceOrLots)) throw this.refusal(method, side, priceOrLots)
    cells[ARGS] = side
    cells[ARGS + 1] = priceOrLots
    return this.#ask(query, method)
  }
}

function isSide(side: unknown): boolean {
  return side === Side.Buy || side === Side.Sell
}

/** A whole number that is not below 0. */
function isSize(size: unknown): size is number {
  return Number.isSafeInteger(size) && (size as number) >= 0
}

function columnOf(what: string, levels: Levels): Float64Array {
  if (levels instanceof Float64Array) return levels
  const isPair = (level: unknown) => Array.isArray(level) && level.length === 2 && level.every(Number.isSafeInteger)
  if (!Array.isArray(levels) || !levels.every(isPair)) {
    const message = `snapshot: ${what} is ${describe(levels)}: give pairs [priceTicks, sizeLots] of whole numbers`
    throw new TickwrightError('E_ARGUMENT', message)
  }
  return Float64Array.from(levels.flat())
}
