/** Points that a curve keeps at most. */
const MOST_POINTS = 1_024

/** Equity over time in bounded memory: when full, every second point goes and half as many are taken from then on. */
export class EquityCurve {
  #points: number[] = []
  #stride = 1
  #seen = 0
  #last = Number.NaN
  #peak = Number.NEGATIVE_INFINITY
  #drawdown = 0
  #drawdownFrom = 0

  add(equity: number): void {
    if (!Number.isFinite(equity)) return
    this.#last = equity
    this.#peak = Math.max(this.#peak, equity)
    if (this.#peak - equity > this.#drawdown) {
      this.#drawdown = this.#peak - equity
      this.#drawdownFrom = this.#peak
    }
    if (this.#seen % this.#stride === 0) this.#points.push(equity)
    this.#seen += 1
    if (this.#points.length > MOST_POINTS) {
      this.#points = this.#points.filter((_point, k) => k % 2 === 0)
      this.#stride *= 2
    }
  }

  /** Largest fall from an earlier height, of every sample and not only of the points kept. */
  get drawdown(): { amount: number; percent: number | null } {
    const percent = this.#drawdownFrom > 0 ? (100 * this.#drawdown) / this.#drawdownFrom : null
    return { amount: this.#drawdown, percent: this.#drawdown === 0 ? 0 : percent }
  }

  /** The curve at `count` even steps from the first sample to the last one. */
  resampled(count: number): number[] {
    if (this.#points.length === 0) return []
    const points = [...this.#points, this.#last]
    const most = Math.min(count, points.length)
    if (most === 1) return [this.#last]
    const step = (points.length - 1) / (most - 1)
    return Array.from({ length: most }, (_, k) => points[Math.round(k * step)] ?? this.#last)
  }
}
