import type { InstrumentSpec, OrderEventKind, Side } from '../domain/index.js'
import type { InstrumentMargin, MarginMode, PositionMode } from './account-types.js'
import type { BarConfig, IndicatorConfig } from './indicator-config.js'

export type { InstrumentMargin, LedgerReport, MarginMode, PositionMode } from './account-types.js'

/** A delay: none, always the same, drawn from a distribution, or taken from recorded rows. */
export type Latency =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly ns: number }
  | { readonly kind: 'uniform'; readonly min_ns: number; readonly max_ns: number }
  | { readonly kind: 'exponential'; readonly min_ns: number; readonly mean_ns: number; readonly max_ns: number }
  | { readonly kind: 'quantiles'; readonly ns: readonly number[] }
  | {
      readonly kind: 'recorded'
      readonly rows: readonly (readonly [req_ns: string, exch_ns: string, resp_ns: string])[]
    }

/** How orders are filled from a recorded market that does not know of them; `docs/fill-models.md` explains each. */
export interface FillRules {
  readonly queue:
    | 'conservative'
    | {
        readonly probabilistic: {
          readonly shape: 'log' | { readonly power: number }
          readonly variant: 'v1' | 'v2' | 'v3'
        }
      }
  readonly passive: 'partial' | 'partial_at_price' | 'whole'
  readonly taker: 'walk_depth' | 'whole_at_best'
  /** Share of each shown level that a taker may use: above 0, at most 1, as a decimal string. */
  readonly participation: string
  readonly consume_liquidity: boolean
  /** Share of the volume that reaches a resting order where only best quotes exist, 0 to 1, as a decimal string. */
  readonly passive_fill_ratio: string
  /** How the price walks through a bar where nothing else is known. */
  readonly bar_path?: BarPath
}

/** Every stop of a bar before any limit, or open, nearer end, other end, close. */
export type BarPath = 'stop_first' | 'adaptive_ohlc'

/** Orders and amendments a venue takes in one window; windows start at multiples of their length. */
export interface RateLimit {
  readonly requests: number
  readonly window_ns: number
}

/** What can go wrong between us and a venue. */
export type FaultKind =
  /** An answer comes that much later; fills may overtake it. */
  | { readonly kind: 'ack_delay'; readonly ns: number }
  /** An answer never comes; after the time-out the order's state is unknown. */
  | { readonly kind: 'lost_ack'; readonly timeout_ns: number }
  /** The news of a fill comes twice; it counts once. */
  | { readonly kind: 'duplicate_fill' }
  /** The news of a fill comes that much later, after the answer to a cancel too. */
  | { readonly kind: 'late_fill'; readonly ns: number }
  /** Orders and amendments are rejected, cancels are not. */
  | { readonly kind: 'reject_burst' }
  /** Only so many orders and amendments are taken in a window. */
  | { readonly kind: 'rate_limit'; readonly requests: number; readonly window_ns: number }
  /** Requests are lost and news waits; on request the venue cancels every order when it begins. */
  | { readonly kind: 'disconnect'; readonly timeout_ns: number; readonly cancel_orders: boolean }

/** A fault on demand and when it strikes; the same seed strikes in the same places. */
export interface Fault {
  readonly fault: FaultKind
  /** From this time on, ms since the Unix epoch; from the start by default. */
  readonly from_ms?: number
  /** Until before this time; to the end by default. */
  readonly until_ms?: number
  /** Share of the cases that are struck, a decimal above 0 and at most 1; all by default. */
  readonly share?: string
}

/** What can go wrong with a feed: silence, a lost message, a wrong checksum, a delay. */
export type FeedFaultKind =
  | { readonly kind: 'stale' }
  | { readonly kind: 'gap' }
  | { readonly kind: 'bad_checksum' }
  | { readonly kind: 'delay'; readonly ns: number }

/** A fault of a tape's feed and when it strikes, by the time received. Pushed records are left as they are. */
export interface FeedFault extends Omit<Fault, 'fault'> {
  readonly fault: FeedFaultKind
  /** Instrument id; all of them by default. */
  readonly instrument?: string
}

/** Settings of one engine. Everything that decides a result is in here. */
export interface EngineConfig {
  readonly instruments: readonly InstrumentSpec[]
  readonly indicators?: readonly IndicatorConfig[]
  readonly bars?: readonly BarConfig[]
  /** Added to each record's receive time before anything sees it. */
  readonly feed_latency_ns?: number
  readonly entry_latency?: Latency
  readonly response_latency?: Latency
  /** Rule of fills: `conservative` (default), `probabilistic`, `hft_no_partial`, `hft_partial`, or all its settings. */
  readonly fill_model?: string | FillRules
  /** The most orders and amendments in a window of time; those beyond it are rejected. None by default. */
  readonly rate_limit?: RateLimit
  /** When the venues' day ends, for day orders, in ms after midnight UTC. Midnight by default. */
  readonly day_ends_ms?: number
  /** What goes wrong between us and the venues on demand. */
  readonly faults?: readonly Fault[]
  /** What goes wrong with the feed on demand. */
  readonly feed_faults?: readonly FeedFault[]
  /** Share of the visible depth that a taker may use, 0 to 1. */
  readonly participation?: string
  /** How the price walks through a bar where nothing else is known: `stop_first` by default. */
  readonly bar_path?: BarPath
  /** Deposits by asset, decimal strings. */
  readonly deposits?: Readonly<Record<string, string>>
  /** One position an instrument (default), or a long and a short at one time. */
  readonly position_mode?: PositionMode
  /** What answers for losses: all cash of the asset (default), or what was set aside for each position. */
  readonly margin_mode?: MarginMode
  /** Cap on the instruments' `max_leverage`, a decimal string. */
  readonly leverage?: string
  /** Margin mode and leverage of single instruments, by id. */
  readonly margins?: Readonly<Record<string, InstrumentMargin>>
  /** Whether the venue refuses orders that the account cannot carry, and liquidates what it cannot. Default true. */
  readonly check_margin?: boolean
  readonly seed?: number
  readonly book?: {
    readonly crossed_ms?: number
    readonly feed_silence_ms?: number
    readonly top_unchanged_ms?: number
  }
  /** Emits a sample of mid, position and equity every so many milliseconds of tape time; 0 for none. */
  readonly sample_ms?: number
  /** Emits the mid so many milliseconds after each fill. */
  readonly markouts_ms?: readonly number[]
  /** Capacities, powers of two. */
  readonly command_ring?: number
  readonly event_ring?: number
  readonly frame_ring?: number
}

/** How native and JavaScript take turns. The results are the same in each. */
export type RunMode = 'step' | 'frames' | 'advance'

/** One piece of news about our orders, as it lies in the event ring. Reused: copy what you keep. */
export interface OwnEvent {
  readonly kind: OrderEventKind
  readonly orderId: number
  /** Index of the instrument. */
  readonly instrument: number
  readonly side: Side
  readonly priceTicks: number
  /** Size of the fill, or of the order. */
  readonly sizeLots: number
  readonly leavesLots: number
  readonly cumLots: number
  readonly isMaker: boolean
  /** Whether a fill could only reduce: in hedge mode it is one of the other side's position. */
  readonly isReducing: boolean
  /** Why, for rejections: `would_cross`, …; `liquidation` or `settlement` for a fill of no order; else ''. */
  readonly reason: string
  /** Deterministic, above 0 for fills. */
  readonly tradeId: number
  /** When we learnt of it, ns since the Unix epoch. */
  readonly tsNs: bigint
  /** When it happened at the venue. */
  readonly venueNs: bigint
  /** Fee (fills) or payment (funding; positive is received) in 1e-12 of the settlement asset. */
  readonly money: bigint
}

/** A look at one instrument at a sampling time. */
export interface Sample {
  readonly tsNs: bigint
  readonly instrument: number
  readonly mid: number
  readonly positionLots: number
  readonly realized: number
  readonly unrealized: number
  readonly fees: number
  readonly funding: number
  /** Of the account in the instrument's settlement asset. */
  readonly equity: number
}

/** The mid some time after a fill. */
export interface Markout {
  readonly tradeId: number
  readonly instrument: number
  readonly side: Side
  readonly horizonMs: number
  readonly fillPriceTicks: number
  readonly sizeLots: number
  /** Mid at that time as a price. */
  readonly mid: number
}

/** Who watches a run without taking part in it: recorders, summaries, progress. */
export interface RunObserver {
  onOwnEvent?(event: OwnEvent): void
  onSample?(sample: Sample): void
  onMarkout?(markout: Markout): void
  /** Called a few times a second of wall time with records done so far; return false to stop the run. */
  onProgress?(recordsDone: number): boolean | undefined
}

export interface RunOptions {
  readonly mode?: RunMode
  readonly observer?: RunObserver
  /** Stop after so many records. */
  readonly maxRecords?: number
}

/** How tapes are loaded. */
export interface LoadOptions {
  /** Folder of the memory-mapped cache; none reads the tape anew into memory. */
  readonly cacheDir?: string | null
}

/** The live queue. */
export interface QueueReport {
  /** Records that wait: in the queue, and taken out of it to be done next. */
  readonly depth: number
  /** Most records that were in the queue at one time. */
  readonly deepest: number
  /** Records replaced by newer states because the queue was full. */
  readonly conflated: number
}

/** State and integrity of the books, and the engine's counters. */
export interface BookStates {
  readonly books: readonly {
    readonly instrument: string
    readonly state: 'EMPTY' | 'SYNCING' | 'LIVE' | 'STALE'
    readonly causes: readonly string[]
    /** Decimal strings, empty where a side is empty. */
    readonly best_bid: string
    readonly best_ask: string
    readonly bid_levels: number
    readonly ask_levels: number
    readonly crossed: number
    readonly locked: number
    readonly gaps: number
    readonly negative_sizes: number
    readonly unknown_orders: number
    readonly bad_checksums: number
  }[]
  readonly records: number
  /** Commands for orders that had ended meanwhile. */
  readonly late_commands: number
  /** Fills that a venue told a second time; they count once. */
  readonly duplicate_fills: number
  /** Samples and bars left out because nobody read the event ring. */
  readonly lost_samples: number
  /** News that was still on its way when the run ended. */
  readonly undelivered_events: number
  /** Requests that had not reached the venue when the run ended. */
  readonly undelivered_requests: number
}

export interface RunResult {
  readonly records: number
  /** Wall seconds inside the run. */
  readonly seconds: number
  /** Whether the source ended (and not the observer or maxRecords). */
  readonly ended: boolean
}
