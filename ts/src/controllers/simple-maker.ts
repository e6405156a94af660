import { z } from 'zod'
import {
  type Controller,
  type Desired,
  type Frame,
  type Interests,
  type StartContext,
  TickwrightError,
} from '../domain/index.js'
import { MAX_LEVELS } from './executor.js'

const params = z.strictObject({
  /** Size of each quote in units of the instrument, a multiple of its lot. */
  size: z.number().positive(),
  /** Distance of the first quote from the fair price, in ticks. */
  half_spread_ticks: z.number().min(0.5).default(10),
  /** Quotes a side. */
  levels: z.int().min(1).max(MAX_LEVELS).default(1),
  /** Distance from one level to the next, in ticks. */
  level_step_ticks: z.int().min(1).default(10),
  /** Largest distance from the target, in units of the instrument: the side that would pass it is not quoted. */
  max_position: z.number().positive(),
  /** The position it comes back to, in units of the instrument; positions count from here. */
  target_position: z.number().default(0),
  /** How far a full position moves the fair price against itself, in ticks. */
  skew_ticks: z.number().min(0).default(10),
  /** How often the quotes are looked at, in milliseconds of tape time. */
  refresh_ms: z.int().min(1).default(1_000),
  /** How far the mid must move to have them looked at earlier, in ticks. */
  refresh_ticks: z.int().min(1).default(5),
})

/** Settings of {@link SimpleMaker} as written in a run file. */
export type SimpleMakerParams = z.input<typeof params>

/**
 * Quotes both sides of the mid at a fixed half spread, moves its fair price against its inventory, and stops quoting
 * the side that would pass its limit. One instrument, whose ticks it sees first.
 *
 * ```yaml
 * controller: simple-maker
 * params: { size: 0.002, half_spread_ticks: 20, max_position: 0.02 }
 * ```
 */
export class SimpleMaker implements Controller {
  static readonly params = params

  readonly interests: Interests
  readonly #params: z.output<typeof params>
  #sizeLots = 0
  #maxPositionLots = 0
  #targetLots = 0

  constructor(given: SimpleMakerParams) {
    this.#params = params.parse(given)
    this.interests = {
      intervalMs: this.#params.refresh_ms,
      midMovedTicks: this.#params.refresh_ticks,
      ownEvent: true,
    }
  }

  onStart({ instruments }: StartContext): void {
    const [first] = instruments
    if (!first) return
    this.#sizeLots = wholeLots('size', this.#params.size, first)
    this.#maxPositionLots = wholeLots('max_position', this.#params.max_position, first)
    const { target_position: target } = this.#params
    this.#targetLots = target === 0 ? 0 : Math.sign(target) * wholeLots('target_position', Math.abs(target), first)
  }

  onTick(frame: Frame, desired: Desired): void {
    if (frame.instrument !== 0) {
      desired.keep()
      return
    }
    // Nothing stated is nothing wanted: without a book to trust, every quote is cancelled.
    if (!frame.isLive) return
    const { half_spread_ticks: half, levels, level_step_ticks: step, skew_ticks: skew } = this.#params
    const position = frame.positionLots - this.#targetLots
    const mid = (frame.bidTicks + frame.askTicks) / 2
    const fair = mid - (skew * position) / this.#maxPositionLots
    const bid = Math.min(Math.floor(fair - half), frame.askTicks - 1)
    const ask = Math.max(Math.ceil(fair + half), frame.bidTicks + 1)
    for (let level = 0; level < levels; level++) {
      const lots = (level + 1) * this.#sizeLots
      if (position + lots <= this.#maxPositionLots) desired.bid(bid - level * step, this.#sizeLots, level)
      if (position - lots >= -this.#maxPositionLots) desired.ask(ask + level * step, this.#sizeLots, level)
    }
  }
}

/** A size in units as lots; both are decimals of few digits, so their quotient is whole to within rounding noise. */
function wholeLots(name: string, size: number, instrument: StartContext['instruments'][number]): number {
  const lots = size / instrument.lotSize
  const whole = Math.round(lots)
  if (whole < 1 || Math.abs(lots - whole) > 1e-6) {
    throw new TickwrightError(
      'E_CONFIG',
      `params.${name} of ${size} is no multiple of ${instrument.id}'s lot of ${instrument.lotSize}: round it`,
    )
  }
  return whole
}
