import { cells, HANDLE, NativeObject, RESULTS } from './native.js'

/** What indicators have in common: a value that is NaN until the warm-up is over. */
export abstract class Indicator extends NativeObject {
  protected last = Number.NaN

  /** The value after the last update; NaN during the warm-up. */
  get value(): number {
    if (this.handle === 0) throw this.refusal('value')
    return this.last
  }

  /** Whether the warm-up is over. */
  get isReady(): boolean {
    return !Number.isNaN(this.value)
  }

  /** Makes one call on a batch and returns the value after it. */
  protected batch(call: () => void): number {
    cells[HANDLE] = this.handle
    call()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Makes the call that forgets every value. */
  protected forget(call: () => void): void {
    cells[HANDLE] = this.handle
    call()
    this.last = Number.NaN
  }
}
