import { z } from 'zod'
import { decimalText, keyed } from './schema.js'

const nanoseconds = z.int().min(0)

/** The delay of one leg, as a run file states it. */
export const latency = z.discriminatedUnion(
  'kind',
  [
    keyed({ kind: z.literal('none') }),
    keyed({ kind: z.literal('fixed'), ns: nanoseconds }),
    keyed({ kind: z.literal('uniform'), min_ns: nanoseconds, max_ns: nanoseconds }),
    keyed({ kind: z.literal('exponential'), min_ns: nanoseconds, mean_ns: nanoseconds, max_ns: nanoseconds }),
    keyed({ kind: z.literal('quantiles'), ns: z.array(nanoseconds).min(2) }),
    keyed({ kind: z.literal('recorded'), rows: z.array(z.tuple([decimalText, decimalText, decimalText])).min(1) }),
  ],
  {
    error:
      'expected { kind: none }, { kind: fixed, ns }, { kind: uniform, min_ns, max_ns }, ' +
      '{ kind: exponential, min_ns, mean_ns, max_ns }, { kind: quantiles, ns } or { kind: recorded, rows }',
  },
)

const probabilistic = keyed({
  shape: z.union([z.literal('log'), keyed({ power: z.int().min(1).max(16) })]),
  variant: z.enum(['v1', 'v2', 'v3']),
})

/** How the price walks through a bar where nothing else is known. */
export const barPath = z.enum(['stop_first', 'adaptive_ohlc'])

const fillRules = keyed({
  queue: z.union([z.literal('conservative'), keyed({ probabilistic })]),
  passive: z.enum(['partial', 'partial_at_price', 'whole']),
  taker: z.enum(['walk_depth', 'whole_at_best']),
  participation: decimalText.default('1'),
  consume_liquidity: z.boolean().default(true),
  passive_fill_ratio: decimalText.default('1'),
  bar_path: barPath.optional(),
})

/** A fill model: the name of a preset, or all its rules. */
export const fillModel = z.union([z.string().min(1), fillRules], {
  error:
    'expected the name of a preset (conservative, probabilistic, hft_no_partial, hft_partial) or ' +
    '{ queue: conservative | { probabilistic: { shape: log | { power }, variant: v1 | v2 | v3 } }, ' +
    'passive: partial | partial_at_price | whole, taker: walk_depth | whole_at_best, participation, ' +
    'consume_liquidity, passive_fill_ratio, bar_path: stop_first | adaptive_ohlc }',
})

/** The most orders and amendments a venue takes in a window of time. */
export const rateLimit = keyed({ requests: z.int().min(1), window_ns: z.int().min(1) })

const faultKind = z.discriminatedUnion('kind', [
  keyed({ kind: z.literal('ack_delay'), ns: nanoseconds }),
  keyed({ kind: z.literal('lost_ack'), timeout_ns: nanoseconds }),
  keyed({ kind: z.literal('duplicate_fill') }),
  keyed({ kind: z.literal('late_fill'), ns: nanoseconds }),
  keyed({ kind: z.literal('reject_burst') }),
  keyed({ kind: z.literal('rate_limit'), requests: z.int().min(0), window_ns: z.int().min(1) }),
  keyed({ kind: z.literal('disconnect'), timeout_ns: nanoseconds, cancel_orders: z.boolean().default(false) }),
])

const feedFaultKind = z.discriminatedUnion('kind', [
  keyed({ kind: z.literal('stale') }),
  keyed({ kind: z.literal('gap') }),
  keyed({ kind: z.literal('bad_checksum') }),
  keyed({ kind: z.literal('delay'), ns: z.int().min(1) }),
])

/** When a fault strikes, and how often. */
const strikes = {
  from_ms: z.int().min(0).optional(),
  until_ms: z.int().min(0).optional(),
  share: decimalText.optional(),
}

/** What goes wrong between us and a venue on demand. */
export const faults = z.array(keyed({ fault: faultKind, ...strikes }))

/** What goes wrong with a feed on demand. */
export const feedFaults = z.array(keyed({ fault: feedFaultKind, instrument: z.string().min(1).optional(), ...strikes }))
