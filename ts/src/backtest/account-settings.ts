import { z } from 'zod'
import type { InstrumentMargin, MarginMode, PositionMode } from '../engine/types.js'

const POSITION_MODES = ['one_way', 'hedge'] as const satisfies readonly PositionMode[]
const MARGIN_MODES = ['cross', 'isolated'] as const satisfies readonly MarginMode[]

/** One position an instrument, or a long and a short. */
export const positionMode = z.enum(POSITION_MODES, { error: `expected one of ${POSITION_MODES.join(', ')}` })

/** What answers for the losses of a position. */
export const marginMode = z.enum(MARGIN_MODES, { error: `expected one of ${MARGIN_MODES.join(', ')}` })

/** An instrument's overrides in a run file, apart from what its definition says. */
type Overrides = Readonly<Record<string, string>>

/** Parts what a run file says of instruments: what belongs to their definitions, and what to the account. */
export function marginsApart(instruments: Readonly<Record<string, Overrides>>): {
  definitions: Record<string, Overrides>
  margins: Record<string, InstrumentMargin>
} {
  const definitions: Record<string, Overrides> = {}
  const margins: Record<string, InstrumentMargin> = {}
  for (const [id, { margin_mode, leverage, ...definition }] of Object.entries(instruments)) {
    definitions[id] = definition
    if (margin_mode === undefined && leverage === undefined) continue
    margins[id] = {
      ...(margin_mode !== undefined && { margin_mode: marginMode.parse(margin_mode) }),
      ...(leverage !== undefined && { leverage }),
    }
  }
  return { definitions, margins }
}
