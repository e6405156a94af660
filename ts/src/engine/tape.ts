import { createHash } from 'node:crypto'
import { type InstrumentSpec, TickwrightError } from '../domain/index.js'
import { addon, native } from './addon.js'
import { optionalFunction, wholeNumber } from './arguments.js'
import { Engine } from './engine.js'
import type {
  ConvertOptions,
  ConvertReport,
  MergeOptions,
  ReaderInfo,
  ReplayOptions,
  ReplayReport,
  SliceOptions,
  TapeInfo,
  TapeProgress,
  TapeRow,
  VerifyReport,
  Watched,
} from './tape-types.js'
import type { BookStates } from './types.js'

/** Far beyond the end of any tape: a replay has nobody to stop for. */
const NEVER = Number.MAX_SAFE_INTEGER

/** Everything that is done with tapes as files. Blocking; `onProgress` is told now and then and may stop it. */
export const tape = {
  /** Converts recordings into a tape. Nothing is left under the final name unless it succeeds. */
  convert(options: ConvertOptions): ConvertReport {
    const { onProgress, ...rest } = given(options)
    return watched(onProgress, (tell) => parsed(addon.tapeConvert(JSON.stringify(rest), tell)))
  },

  /** What a tape says of itself. Reads its end only. */
  info(path: string): TapeInfo {
    return native(() => parsed(addon.tapeInfo(path)))
  },

  /** Up to `limit` records from record number `offset` on. */
  cat(path: string, options: { readonly offset: number; readonly limit: number }): readonly TapeRow[] {
    const offset = wholeNumber('offset', options?.offset, 0, Number.MAX_SAFE_INTEGER)
    const limit = wholeNumber('limit', options?.limit, 0)
    return native(() => parsed(addon.tapeCat(path, offset, limit)))
  },

  /** Cuts a piece out of a tape, with the books as they stood at its beginning. */
  slice(options: SliceOptions): TapeInfo {
    const { onProgress, ...rest } = given(options)
    return watched(onProgress, (tell) => parsed(addon.tapeSlice(JSON.stringify(rest), tell)))
  },

  /** Merges tapes by receive time. */
  merge(options: MergeOptions): TapeInfo {
    const { inputs, out, overwrite, onProgress } = given(options)
    return watched(onProgress, (tell) => parsed(addon.tapeMerge(list(inputs), out, overwrite ?? false, tell)))
  },

  /** Reads a whole tape and reports what it found. */
  verify(path: string, options: Watched = {}): VerifyReport {
    return watched(options.onProgress, (tell) => parsed(addon.tapeVerify(path, tell)))
  },

  /** The formats that `convert` reads. */
  readers(): readonly ReaderInfo[] {
    return native(() => parsed(addon.tapeReaders()))
  },

  /** Runs tapes through the engine with nobody trading. */
  replay(options: ReplayOptions): ReplayReport {
    const infos = list(given(options).tapes).map((path) => tape.info(path))
    if (options.bbo !== undefined) writeBbo(options.tapes, options.bbo, options.onProgress)
    using engine = new Engine({ instruments: distinct(infos.flatMap((info) => info.instruments)) })
    const before = performance.now()
    const total = engine.loadTapes(options.tapes, { cacheDir: options.cacheDir ?? null })
    const readSeconds = (performance.now() - before) / 1e3
    const told = options.onProgress
    const onProgress = (done: number) => told?.({ stage: 'read', done, total, ticks: done }) ?? true
    const { records, seconds } = engine.run(
      { interests: { every: NEVER }, onTick: () => undefined },
      { mode: 'advance', observer: { onProgress } },
    )
    return {
      ticks: records,
      seconds,
      ticks_per_s: records / seconds,
      read_seconds: readSeconds,
      books: engine.books().books.map(bookReport),
      content_sha256: contentHash(infos),
    }
  },
} as const

function writeBbo(tapes: readonly string[], out: string, onProgress: Watched['onProgress']): void {
  watched(onProgress, (tell) => addon.tapeBbo([...tapes], out, tell))
}

function bookReport(book: BookStates['books'][number]): ReplayReport['books'][number] {
  const { instrument, state, best_bid, best_ask, bid_levels, ask_levels, crossed, gaps } = book
  return {
    instrument,
    state,
    best_bid: best_bid || null,
    best_ask: best_ask || null,
    bid_levels,
    ask_levels,
    crossed,
    gaps,
    unknown_orders: book.unknown_orders,
    bad_checksums: book.bad_checksums,
  }
}

/** The hash of one tape, or of the hashes of several in their order. */
function contentHash(infos: readonly TapeInfo[]): string {
  const [first, ...others] = infos.map((info) => info.content_sha256)
  if (others.length === 0) return first ?? ''
  return createHash('sha256')
    .update([first, ...others].join('\n'))
    .digest('hex')
}

function distinct(instruments: readonly InstrumentSpec[]): InstrumentSpec[] {
  return [...new Map(instruments.map((spec) => [spec.id, spec])).values()]
}

/** Options at all: callers without types may have left them out. */
function given<T extends object>(options: T): T {
  if (typeof options === 'object' && options !== null) return options
  throw new TickwrightError('E_ARGUMENT', 'give an object of options')
}

function list(paths: readonly string[]): string[] {
  if (Array.isArray(paths)) return [...paths]
  throw new TickwrightError('E_ARGUMENT', 'give an array of paths')
}

function parsed<T>(json: string): T {
  return JSON.parse(json) as T
}

/** Runs a native operation that reports progress; what the listener throws stops it and comes out here. */
function watched<T>(
  onProgress: Watched['onProgress'],
  run: (tell: ((stage: string, done: number, total: number, ticks: number) => boolean) | undefined) => T,
): T {
  optionalFunction('onProgress', onProgress)
  if (onProgress === undefined) return native(() => run(undefined))
  let thrown: { readonly error: unknown } | undefined
  const tell = (stage: string, done: number, total: number, ticks: number) => {
    try {
      return onProgress({ stage: stage as TapeProgress['stage'], done, total, ticks }) !== false
    } catch (error) {
      thrown = { error }
      return false
    }
  }
  try {
    return native(() => run(tell))
  } catch (error) {
    throw thrown === undefined ? error : thrown.error
  }
}
