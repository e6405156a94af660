import { expect, test } from 'vitest'
import { Xorshift } from './xorshift.js'

const MASK = (1n << 64n) - 1n

/** The definition, in whole 64-bit numbers. */
function* defined(state: bigint): Generator<number> {
  let x = state
  while (true) {
    x ^= x >> 12n
    x ^= (x << 25n) & MASK
    x ^= x >> 27n
    yield Number(((x * 0x2545f4914f6cdd1dn) & MASK) >> 32n)
  }
}

test.each([0x9e3779b97f4a7c15n, 0x9e3779b97f4a7c17n, 1n, MASK])(
  'the draws from state %s are those of the definition',
  (state) => {
    const rng = new Xorshift(state)
    const draws = defined(state)
    for (let n = 0; n < 20_000; n += 1) expect(rng.next()).toBe(draws.next().value)
  },
)

test('a draw below a limit is the remainder of the next draw', () => {
  const [a, b] = [new Xorshift(7n), new Xorshift(7n)]
  for (let n = 0; n < 100; n += 1) expect(a.below(9)).toBe(b.next() % 9)
})

test('the state 0, which never changes, is refused', () => {
  expect(() => new Xorshift(0n)).toThrow(/start with another/)
})
