import { TickwrightError } from '../../domain/index.js'
import { addon, native } from '../addon.js'

/**
 * The hot functions of the library: one of each for all objects of a class, so that V8 can call it directly. Arguments
 * and results pass through `cells`; only columns and records are handed over as arguments.
 */
interface Functions {
  emaUpdate(): void
  emaReset(): void
  emaUpdateMany(xs: Float64Array, out: Float64Array | undefined): void
  smaUpdate(): void
  smaReset(): void
  smaUpdateMany(xs: Float64Array, out: Float64Array | undefined): void
  stdUpdate(): void
  stdReset(): void
  stdUpdateMany(xs: Float64Array, out: Float64Array | undefined): void
  rsiUpdate(): void
  rsiReset(): void
  rsiUpdateMany(prices: Float64Array, out: Float64Array | undefined): void
  zScoreUpdate(): void
  zScoreReset(): void
  zScoreUpdateMany(xs: Float64Array, out: Float64Array | undefined): void
  minUpdate(): void
  minReset(): void
  minUpdateMany(xs: Float64Array, out: Float64Array | undefined): void
  maxUpdate(): void
  maxReset(): void
  maxUpdateMany(xs: Float64Array, out: Float64Array | undefined): void
  volumeRatioUpdate(): void
  volumeRatioReset(): void
  volumeRatioUpdateMany(volumes: Float64Array, out: Float64Array | undefined): void
  vwapUpdate(): void
  vwapReset(): void
  vwapUpdateMany(prices: Float64Array, sizes: Float64Array, out: Float64Array | undefined): void
  sessionVwapUpdate(): void
  sessionVwapReset(): void
  sessionVwapUpdateMany(
    tsUs: Float64Array,
    prices: Float64Array,
    sizes: Float64Array,
    out: Float64Array | undefined,
  ): void
  bollingerUpdate(): void
  bollingerReset(): void
  bollingerUpdateMany(xs: Float64Array, ...out: readonly (Float64Array | undefined)[]): void
  macdUpdate(): void
  macdReset(): void
  macdUpdateMany(xs: Float64Array, ...out: readonly (Float64Array | undefined)[]): void
  atrUpdate(): void
  atrReset(): void
  atrUpdateMany(high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array | undefined): void
  bufferOnMid(): void
  bufferReset(): void
  bufferBootstrap(tsUs: Float64Array, mids: Float64Array): void
  bookApplyLevel(): void
  bookTop(): void
  bookSizeAt(): void
  bookCumulativeTo(): void
  bookFillCost(): void
  bookImbalance(): void
  bookMicroprice(): void
  bookLevelCount(): void
  bookClear(): void
  bookLevels(out: Float64Array): void
  bookSnapshot(bids: Float64Array, asks: Float64Array): void
  bookApplyTicks(ticks: Uint8Array): void
  barsOnTrade(): void
  barsOnMid(): void
  barsOnMids(tsUs: Float64Array, priceTicks: Float64Array): void
  barsOnTime(): void
  barsNext(): void
  barsCurrent(): void
  barsFlush(): void
  barsRefused(): void
  barsOnTrades(tsUs: Float64Array, priceTicks: Float64Array, sizeLots: Float64Array): void
  barsApplyTicks(ticks: Uint8Array): void
  aggregatorOnBars(rows: Float64Array): void
  aggregatorNext(): void
  aggregatorCurrent(): void
  aggregatorFlush(): void
  tapeFill(out: Float64Array): void
}

/** Places in the shared block; bindings/src/library/mod.rs has the same numbers. */
export const HANDLE = 0
export const ARGS = 1
export const RESULTS = 8
export const TOP = 20
const CELLS = 32

/** Arguments and results of the call that is being made. Nothing in it lasts beyond the next call. */
export const cells = new Float64Array(new SharedArrayBuffer(8 * CELLS))

const library = new addon.NativeLibrary(cells)

export const functions = library.functions() as Functions

/** The classes by the names that native knows. */
type ClassName =
  | 'book'
  | 'ema'
  | 'sma'
  | 'std'
  | 'rsi'
  | 'z_score'
  | 'min'
  | 'max'
  | 'volume_ratio'
  | 'vwap'
  | 'session_vwap'
  | 'bollinger'
  | 'macd'
  | 'atr'
  | 'bars'
  | 'aggregator'
  | 'buffer'
  | 'tape'

/** Frees what was never closed, some time after nobody can reach it. */
const forgotten = new FinalizationRegistry<{ readonly className: ClassName; readonly handle: number }>(
  ({ className, handle }) => library.close(className, handle),
)

/** What every class of the library has: a handle of its native object, and an end. */
export abstract class NativeObject {
  /** 0 once closed. */
  protected handle: number
  readonly #className: ClassName

  protected constructor(className: ClassName, settings: unknown) {
    this.#className = className
    this.handle = opened(new.target.name, className, settings)
    forgotten.register(this, { className, handle: this.handle }, this)
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.handle === 0
  }

  /** Frees the native side at once; every other call throws `E_CLOSED` from now on. A second close does nothing. */
  close(): void {
    if (this.handle === 0) return
    forgotten.unregister(this)
    const { handle } = this
    this.handle = 0
    native(() => library.close(this.#className, handle))
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** What the tape of this handle says of itself, as JSON. */
  protected tapeInfoJson(): string {
    return native(() => library.tapeInfoJson(this.handle))
  }

  /** Why a call cannot be made: the object was closed, or an argument is wrong. */
  protected refusal(method: string, ...given: readonly unknown[]): TickwrightError {
    const name = this.constructor.name
    if (this.handle === 0) return new TickwrightError('E_CLOSED', `this ${name} was closed: make a new one`)
    const shown = given.map(describe).join(', ')
    return new TickwrightError('E_ARGUMENT', `${name}.${method}(${shown}): see its arguments and their units`)
  }
}

function opened(name: string, className: ClassName, settings: unknown): number {
  try {
    return library.open(JSON.stringify({ [className]: settings }, openly))
  } catch (error) {
    const { code, message } = TickwrightError.from(error, 'E_ARGUMENT')
    throw new TickwrightError(code, `${name}: ${message}`, { cause: error })
  }
}

/** JSON would turn these into nothing; as text they are refused with their name. */
function openly(_key: string, value: unknown): unknown {
  const isLost =
    typeof value === 'function' ||
    typeof value === 'symbol' ||
    typeof value === 'bigint' ||
    (typeof value === 'number' && !Number.isFinite(value))
  return isLost ? String(value) : value
}

/** A value in few words; never runs code of the value's own. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
    case 'object':
      return value === null ? 'null' : 'an object'
    case 'function':
      return 'a function'
    case 'bigint':
      return `${value}n`
    default:
      return String(value)
  }
}
