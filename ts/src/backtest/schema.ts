import { Decimal } from 'decimal.js'
import { z } from 'zod'

/** An object in which a key that is not named is an error that lists the ones that are. */
export function keyed<Shape extends z.ZodRawShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined
      const unknown = (issue as { keys?: readonly string[] }).keys ?? []
      return `unknown key ${unknown.map((key) => JSON.stringify(key)).join(', ')}: allowed are ${allowed}`
    },
  })
}

const DECIMAL_TEXT = /^-?\d{1,28}(\.\d{1,18})?$/

/**
 * A decimal number as text, such as `"0.0002"`. A bare number is taken too where it cannot have lost a digit, which a
 * double does not up to 15 of them.
 */
export const decimalText = z.preprocess(
  (given) => (typeof given === 'number' && Number.isFinite(given) ? numberText(given) : given),
  z.string('expected a decimal number in quotes, such as "0.1"').regex(DECIMAL_TEXT, {
    error: 'expected a plain decimal number of at most 28 digits, such as "0.1"',
  }),
)

function numberText(given: number): string {
  const exact = new Decimal(given)
  return exact.precision() <= 15 ? exact.toFixed() : `${given} has more digits than a bare number keeps`
}
