import { type InstrumentSpec, TickwrightError } from '../../domain/index.js'
import type { EngineConfig, Fault, InstrumentMargin, Latency, MarginMode, PositionMode } from '../types.js'

/** What a venue is made of; everything but the instrument may be left out. */
export interface PaperVenueSettings {
  readonly instrument?: InstrumentSpec
  /** Several instruments, numbered in this order; instead of `instrument`. */
  readonly instruments?: readonly InstrumentSpec[]
  /** `conservative` (default), `probabilistic`, `hft_no_partial` or `hft_partial`. */
  readonly fillModel?: string
  /** From us to the venue: none by default. */
  readonly entryLatency?: Latency
  /** From the venue back to us: none by default. */
  readonly responseLatency?: Latency
  /** Share of the visible depth that a taker may use, a decimal from 0 to 1. */
  readonly participation?: string
  /** Deposits by asset, decimal strings. */
  readonly deposits?: Readonly<Record<string, string>>
  /** `one_way` (default) or `hedge`: a long and a short at one time. */
  readonly positionMode?: PositionMode
  /** `cross` (default) or `isolated`: what answers for losses. */
  readonly marginMode?: MarginMode
  /** Cap on the instruments' `max_leverage`, a decimal string. */
  readonly leverage?: string
  /** Margin mode and leverage of single instruments, by id. */
  readonly margins?: Readonly<Record<string, InstrumentMargin>>
  /** Whether the venue refuses orders that the account cannot carry, and liquidates what it cannot. Default true. */
  readonly checkMargin?: boolean
  /** What goes wrong on demand. */
  readonly faults?: readonly Fault[]
  /** When the venue's day ends, for day orders, in ms after midnight UTC. */
  readonly dayEndsMs?: number
  /** Seed of every draw: latencies and faults. */
  readonly seed?: number
  /** What makes the market: levels of a book (default), or best quotes where the feed has no more. */
  readonly market?: 'levels' | 'quotes'
}

/** The engine that such a venue is. Throws `E_CONFIG`. */
export function configOf(settings: PaperVenueSettings): EngineConfig {
  const { instrument, instruments, market } = settings ?? {}
  if ((instrument === undefined) === (instruments === undefined)) {
    throw new TickwrightError('E_CONFIG', 'a PaperVenue needs either an instrument or instruments')
  }
  if (instruments !== undefined && !Array.isArray(instruments)) {
    throw new TickwrightError('E_CONFIG', 'instruments must be an array of definitions')
  }
  if (market !== undefined && market !== 'levels' && market !== 'quotes') {
    throw new TickwrightError('E_CONFIG', `market ${JSON.stringify(market)} is not one of levels, quotes`)
  }
  const { fillModel, entryLatency, responseLatency, participation, deposits, checkMargin, seed, faults, dayEndsMs } =
    settings
  const { positionMode, marginMode, leverage, margins } = settings
  return {
    instruments: instruments ?? [instrument as InstrumentSpec],
    ...(fillModel !== undefined && { fill_model: fillModel }),
    ...(entryLatency !== undefined && { entry_latency: entryLatency }),
    ...(responseLatency !== undefined && { response_latency: responseLatency }),
    ...(participation !== undefined && { participation }),
    ...(deposits !== undefined && { deposits }),
    ...(positionMode !== undefined && { position_mode: positionMode }),
    ...(marginMode !== undefined && { margin_mode: marginMode }),
    ...(leverage !== undefined && { leverage }),
    ...(margins !== undefined && { margins }),
    ...(checkMargin !== undefined && { check_margin: checkMargin }),
    ...(seed !== undefined && { seed }),
    ...(faults !== undefined && { faults }),
    ...(dayEndsMs !== undefined && { day_ends_ms: dayEndsMs }),
  }
}
