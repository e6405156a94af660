import type { Controller, Desired, Frame, Interests } from 'tickwright'

/** Quotes one order a side, a little away from the touch, leans against what it holds and sells only what it owns. */
export class FirstController implements Controller {
  readonly interests: Interests = { intervalMs: 500, midMovedTicks: 5 }
  readonly #lots: number
  readonly #maxLots: number

  constructor({ lots, maxLots }: { lots: number; maxLots: number }) {
    this.#lots = lots
    this.#maxLots = maxLots
  }

  onTick(frame: Frame, desired: Desired): void {
    if (!frame.isLive) return // what is not stated is not wanted: every quote is cancelled
    const lean = Math.round((10 * frame.positionLots) / this.#maxLots)
    const long = frame.positionLots >= this.#maxLots
    const owns = frame.positionLots >= this.#lots
    if (!long) desired.bid(Math.min(frame.bidTicks - 10 - lean, frame.bidTicks), this.#lots)
    if (owns) desired.ask(Math.max(frame.askTicks + 10 - lean, frame.askTicks), this.#lots)
  }
}
