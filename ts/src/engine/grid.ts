import { Decimal } from 'decimal.js'
import { type InstrumentSpec, TickwrightError } from '../domain/index.js'

/** An instrument's ticks and lots: exact conversions of decimals, and factors for reading. */
export class Grid {
  readonly id: string
  /** Tick size as a double, for reading. */
  readonly tickSize: number
  /** Lot size as a double, for reading. */
  readonly lotSize: number
  readonly #tick: Decimal
  readonly #lot: Decimal

  constructor(spec: InstrumentSpec) {
    this.id = spec.id
    this.#tick = new Decimal(spec.tick_size)
    this.#lot = new Decimal(spec.lot_size)
    this.tickSize = this.#tick.toNumber()
    this.lotSize = this.#lot.toNumber()
  }

  /** A price in ticks. Throws `E_OFF_GRID` or `E_ARGUMENT`. */
  priceTicks(price: string | number): number {
    return this.#steps('price', price, this.#tick)
  }

  /** A size in lots. Throws `E_OFF_GRID` or `E_ARGUMENT`. */
  sizeLots(size: string | number): number {
    return this.#steps('size', size, this.#lot)
  }

  #steps(what: string, given: string | number, step: Decimal): number {
    let value: Decimal
    try {
      value = new Decimal(given)
    } catch (cause) {
      throw new TickwrightError('E_ARGUMENT', `${this.id}: ${what} ${JSON.stringify(given)} is not a number`, { cause })
    }
    const steps = value.div(step)
    if (!steps.isInteger()) {
      throw new TickwrightError(
        'E_OFF_GRID',
        `${this.id}: ${what} ${value.toString()} is not on the grid of ${step.toString()}: use a multiple of it`,
        { details: { instrument: this.id, [what]: value.toString(), step: step.toString() } },
      )
    }
    if (steps.abs().gt(Number.MAX_SAFE_INTEGER)) {
      throw new TickwrightError(
        'E_RANGE',
        `${this.id}: ${what} ${value.toString()} is more than 2^53 steps of ${step.toString()}`,
      )
    }
    return steps.toNumber()
  }
}
