import { native } from '../addon.js'
import { barInCells, completedBars, type TimeBar } from './bar.js'
import { cells, functions, HANDLE, NativeObject } from './native.js'

const { aggregatorOnBars, aggregatorNext, aggregatorCurrent, aggregatorFlush } = functions

/** Numbers that a bar is made of; the volume-weighted price follows from them. */
const FIELDS = [
  'openUs',
  'closeUs',
  'openTicks',
  'highTicks',
  'lowTicks',
  'closeTicks',
  'volumeLots',
  'trades',
  'notionalTickLots',
] as const satisfies readonly (keyof TimeBar)[]

/**
 * Makes larger bars of smaller ones (5 m → 1 h → 1 d) without losing or counting one twice.
 *
 * A large bar is complete with the small bar that ends where it ends or, where that one is missing, when a bar of a later
 * span arrives. What is unfinished at the end of a stream comes out of `flush`.
 *
 * Cost: one call into native code and a column of numbers; hand over many bars at once where there are many.
 *
 * ```ts
 * const hours = new BarAggregator({ intervalMs: 3_600_000 })
 * const large = minutes.flatMap((bar) => [...hours.onBar(bar)])
 * ```
 */
export class BarAggregator extends NativeObject {
  /** Throws `E_INDICATOR_SETTING` unless the interval is whole seconds from 1 s to 1 d. */
  constructor(settings: { readonly intervalMs: number }) {
    super('aggregator', settings)
  }

  /** Takes the next smaller bar and returns the large bars that it completes; see `onBars`. */
  onBar(bar: TimeBar): readonly TimeBar[] {
    return this.onBars([bar])
  }

  /**
   * Takes smaller bars in order and returns the large bars that they complete. Throws `E_BAR_ORDER` for a bar that
   * overlaps one already taken, `E_BAR_SPAN` for one that lies in no single large bar, and `E_ARGUMENT` for what is no
   * bar of whole numbers; nothing is taken then.
   */
  onBars(bars: readonly TimeBar[]): readonly TimeBar[] {
    if (this.handle === 0 || !Array.isArray(bars)) throw this.refusal('onBars', bars)
    const rows = new Float64Array(bars.length * FIELDS.length)
    for (const [at, bar] of bars.entries()) {
      for (const [k, field] of FIELDS.entries()) {
        const value: unknown = bar?.[field]
        if (typeof value !== 'number') throw this.refusal('onBars', bar)
        rows[at * FIELDS.length + k] = value
      }
    }
    cells[HANDLE] = this.handle
    native(() => aggregatorOnBars(rows))
    return completedBars(aggregatorNext)
  }

  /** The bar under construction, with the end that its span will have; `null` if there is none. */
  get current(): TimeBar | null {
    cells[HANDLE] = this.handle
    native(aggregatorCurrent)
    return barInCells()
  }

  /** Hands out the unfinished bar; bars of the same span are refused from then on. */
  flush(): TimeBar | null {
    cells[HANDLE] = this.handle
    native(aggregatorFlush)
    return barInCells()
  }
}
