import type { InstrumentSpec } from '../domain/index.js'

/** How far reading or writing has come. */
export interface TapeProgress {
  readonly stage: 'read' | 'write'
  /** Bytes of the recordings, or ticks. */
  readonly done: number
  readonly total: number
  readonly ticks: number
}

/** Who is told; returning false stops the operation, which then leaves nothing behind. */
export interface Watched {
  readonly onProgress?: (progress: TapeProgress) => boolean
}

/** What a tape says of itself. Times as decimal strings, for they do not fit a number. */
export interface TapeInfo {
  readonly ticks: number
  readonly by_kind: Readonly<Record<string, number>>
  readonly first_ts_ns: string | null
  readonly last_ts_ns: string | null
  readonly instruments: readonly InstrumentSpec[]
  readonly content_sha256: string
  /** What was added to exchange times when it was converted; `null` where that is not known. */
  readonly exch_shift_ns: string | null
  readonly off_lot: number
  readonly skipped: number
  /** Version of the tape format. */
  readonly format_version: number
}

/** What a reader saw beside the records. */
export interface ReadReport {
  readonly rows: number
  readonly off_lot: number
  /** Prices rounded to the tick grid on request. */
  readonly rounded: number
  readonly gaps: number
  readonly snapshots: number
  readonly stale_messages: number
  /** Checksums of books that the venue sent: how many were compared, and how many agreed. */
  readonly checksums: { readonly checked: number; readonly equal: number }
  /** Messages of kinds that have no record, by kind. */
  readonly ignored: Readonly<Record<string, number>>
  /** Rows left out as bad, each with file, line, column and reason. */
  readonly bad_rows: readonly string[]
}

/** A conversion that is done. */
export interface ConvertReport {
  readonly tape: TapeInfo
  readonly read: ReadReport
}

/** A format that can be read. */
export interface ReaderInfo {
  /** As in `--from NAME`. */
  readonly name: string
  readonly about: string
  /** What follows `tickwright tape convert --from NAME` in a line that runs. */
  readonly example: string
  /** Names of options without which nothing can be read. */
  readonly needs: readonly string[]
  /** Names of options that it has use for where a file does not say it. */
  readonly takes: readonly string[]
}

/** What a file does not say and its reader must be told: nothing is guessed. One that a reader has no use for is an error. */
export interface ReadingOptions {
  /** The day of times that are counted from midnight, `2012-06-21`. */
  readonly date?: string
  /** The zone of times that name none: `UTC`, `-05:00` or a name such as `America/New_York`. */
  readonly tz?: string
  /** The unit of times that are numbers since the Unix epoch: `s`, `ms`, `us` or `ns`. */
  readonly timeUnit?: string
  /** The length of a bar: a whole number and `s`, `m`, `h` or `d`. */
  readonly bar?: string
  /** Whether a bar's time is that of its `open` or of its `close`. */
  readonly barTime?: string
  /** The side that bars are of where they are not of trades: `bid` or `ask`. */
  readonly barOf?: string
  /** The size of quotes that state none, as a decimal. */
  readonly quoteSize?: string
  /** What is done with prices off the tick grid, such as adjusted ones: `round` to the nearest tick. */
  readonly offGrid?: string
}

export interface ConvertOptions extends Watched {
  readonly from: string
  readonly inputs: readonly string[]
  readonly out: string
  readonly instruments: readonly InstrumentSpec[]
  readonly only?: readonly string[]
  readonly skipBad?: number
  readonly baseLatencyNs?: number
  readonly allowMissingSnapshot?: boolean
  readonly overwrite?: boolean
  readonly reading?: ReadingOptions
}

export interface SliceOptions extends Watched {
  readonly input: string
  readonly out: string
  /** Receive times, from (inclusive) and to (exclusive), as decimal strings. */
  readonly fromNs?: string
  readonly toNs?: string
  readonly instruments?: readonly string[]
  /** Names of kinds, such as `trade`. */
  readonly kinds?: readonly string[]
  /** Begins in mid-stream, without the books that were there. */
  readonly withoutBooks?: boolean
  readonly overwrite?: boolean
}

export interface MergeOptions extends Watched {
  readonly inputs: readonly string[]
  readonly out: string
  readonly overwrite?: boolean
}

/** One record of a tape for reading: names for numbers, prices and sizes as decimal strings. */
export interface TapeRow {
  readonly recv_ns: string
  readonly exch_ns: string
  readonly instrument: string
  readonly kind: string
  readonly side: string
  readonly price: string
  readonly size: string
  readonly id: string
  readonly flags: string
}

export interface ReplayOptions extends Watched {
  readonly tapes: readonly string[]
  /** CSV file for the best bid and ask after each message. */
  readonly bbo?: string
  readonly cacheDir?: string | null
}

export interface ReplayReport {
  readonly ticks: number
  readonly seconds: number
  readonly ticks_per_s: number
  readonly read_seconds: number
  readonly books: readonly {
    readonly instrument: string
    readonly state: string
    readonly best_bid: string | null
    readonly best_ask: string | null
    readonly bid_levels: number
    readonly ask_levels: number
    readonly crossed: number
    readonly gaps: number
    readonly unknown_orders: number
    readonly bad_checksums: number
  }[]
  readonly content_sha256: string
}

/** How often something was found, and where first. */
export interface Finding {
  readonly count: number
  readonly first?: {
    readonly index: number
    readonly recv_ns: string
    readonly instrument: number
    readonly id: number
  }
}

/** What reading a whole tape found. */
export interface VerifyReport {
  readonly ticks: number
  readonly messages: number
  readonly backwards: Finding
  readonly gaps: Finding
  readonly crossed: Finding
  readonly locked: Finding
  readonly negative_sizes: Finding
  readonly without_side: Finding
  readonly bad_checksums: Finding
  readonly unknown_orders: Finding
  /** Depth messages compared with a best quote, where the tape has both. */
  readonly quotes_checked?: number
  readonly quotes_equal?: number
  /** What makes the tape unusable, in words. */
  readonly faults: readonly string[]
}
