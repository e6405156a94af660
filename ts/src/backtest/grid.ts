import { TickwrightError } from '../domain/index.js'

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/**
 * Exact decimal text of whole numbers of steps: prices from ticks, sizes from lots, amounts from units of 1e-12.
 * Written without idle zeros. About 0.3 µs a call: for files, never for ticks.
 *
 * ```ts
 * new Grid('0.10').text(618_003) // '61800.3'
 * ```
 */
export class Grid {
  /** Amounts of money: 1e-12 of an asset. */
  static readonly money = new Grid('0.000000000001')

  readonly #mantissa: bigint
  readonly #scale: number

  /** Takes the step as a decimal; anything else is `E_ARGUMENT`. */
  constructor(step: string) {
    const [, sign, whole, part = ''] = DECIMAL.exec(step) ?? []
    if (whole === undefined)
      throw new TickwrightError('E_ARGUMENT', `step ${JSON.stringify(step)} is no decimal number`)
    this.#mantissa = BigInt(`${sign}${whole}${part}`)
    this.#scale = part.length
  }

  /** `count × step`; a count that is not whole is `E_ARGUMENT`. */
  text(count: number | bigint): string {
    if (typeof count === 'number' && !Number.isSafeInteger(count)) {
      throw new TickwrightError('E_ARGUMENT', `${count} is no whole number of steps`)
    }
    const units = BigInt(count) * this.#mantissa
    if (this.#scale === 0) return units.toString()
    const digits = (units < 0n ? -units : units).toString().padStart(this.#scale + 1, '0')
    const whole = digits.slice(0, -this.#scale)
    const part = digits.slice(-this.#scale).replace(/0+$/, '')
    return `${units < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`
  }
}
