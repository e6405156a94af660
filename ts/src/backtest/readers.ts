/** What a run file says of indicators and bars. Which settings belong together is for the engine to say. */
import { z } from 'zod'
import { INDICATOR_KINDS } from '../engine/indicator-config.js'
import { decimalText, keyed } from './schema.js'

const name = z.string().min(1).max(64)
const count = z.int().min(1)

export const indicator = keyed({
  name,
  instrument: z.string().optional(),
  kind: z.enum(INDICATOR_KINDS),
  period: count.optional(),
  alpha: z.number().positive().max(1).optional(),
  deviations: z.number().positive().max(100).optional(),
  fast: count.optional(),
  slow: count.optional(),
  signal: count.optional(),
  recent: count.optional(),
  session_s: count.max(604_800).optional(),
  session_offset_s: z.int().min(0).optional(),
  on: z.enum(['message', 'record', 'trade', 'bar']).optional(),
  bars: name.optional(),
})

export const bars = keyed({
  name: name.optional(),
  instrument: z.string().optional(),
  from: z.enum(['trades', 'mids']).optional(),
  interval_ms: count.optional(),
  ticks: count.optional(),
  volume: decimalText.optional(),
  notional: decimalText.optional(),
})
