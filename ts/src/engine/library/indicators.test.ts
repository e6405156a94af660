import { describe, expect, it } from 'vitest'
import { Atr } from './atr.js'
import { Ema } from './ema.js'
import { PriceBuffer } from './price-buffer.js'
import { RollingStd } from './rolling-std.js'
import { Sma } from './sma.js'

/** Prices that wander, the same every time. */
function walk(count: number, seed = 1): Float64Array {
  let state = seed
  let price = 61_800
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    price += (state / 2 ** 32 - 0.5) * 4
    return price
  })
}

/** The last `n` of the first `end` values. */
const windowOf = (xs: Float64Array, end: number, n: number) => xs.subarray(end - n, end)
const mean = (xs: Float64Array) => xs.reduce((sum, x) => sum + x, 0) / xs.length

describe('Ema', () => {
  it('equals its plain definition, bit for bit, once it is warm', () => {
    using ema = new Ema({ period: 14 })
    const alpha = 2 / 15
    let plain = Number.NaN
    walk(200).forEach((x, at) => {
      plain = at === 0 ? x : plain
      plain += (x - plain) * alpha
      const value = ema.update(x)
      expect(value).toBe(at < 13 ? Number.NaN : plain)
      expect([ema.value, ema.isReady]).toEqual([value, at >= 13])
    })
  })

  it('gives the same by columns as value by value, also into its own input', () => {
    const xs = walk(1_000)
    using one = new Ema({ alpha: 0.05 })
    using many = new Ema({ alpha: 0.05 })
    const singly = xs.map((x) => one.update(x))
    const out = new Float64Array(xs.length)
    expect(many.updateMany(xs, out)).toBe(one.value)
    expect(out).toEqual(singly)
    many.reset()
    expect(many.isReady).toBe(false)
    many.updateMany(xs, xs)
    expect(xs).toEqual(singly)
  })

  it('keeps its state when it is given what is no price', () => {
    using ema = new Ema({ period: 1 })
    ema.update(100)
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, 1e200]) expect(ema.update(x)).toBe(100)
  })

  it('keeps instances apart', () => {
    const emas = Array.from({ length: 50 }, (_, k) => new Ema({ period: 1 + k }))
    for (const x of walk(100)) for (const ema of emas) ema.update(x)
    for (const [k, ema] of emas.entries()) {
      using alone = new Ema({ period: 1 + k })
      expect(alone.updateMany(walk(100))).toBe(ema.value)
      ema.close()
    }
  })
})

describe('Sma and RollingStd', () => {
  it('equal their plain definitions', () => {
    const xs = walk(300)
    using sma = new Sma({ period: 20 })
    using std = new RollingStd({ period: 20 })
    using sample = new RollingStd({ period: 20, divisor: 'sample' })
    for (let end = 1; end <= xs.length; end++) {
      const x = xs[end - 1] as number
      const values = [sma.update(x), std.update(x), sample.update(x)] as const
      if (end < 20) {
        expect(values).toEqual([Number.NaN, Number.NaN, Number.NaN])
        continue
      }
      const last = windowOf(xs, end, 20)
      const [middle, squares] = [mean(last), last.reduce((sum, x) => sum + (x - mean(last)) ** 2, 0)]
      expect(values[0]).toBeCloseTo(middle, 9)
      expect(values[1]).toBeCloseTo(Math.sqrt(squares / 20), 9)
      expect(values[2]).toBeCloseTo(Math.sqrt(squares / 19), 9)
    }
  })

  it('give the same by columns as value by value', () => {
    const xs = walk(500)
    for (const make of [() => new Sma({ period: 7 }), () => new RollingStd({ period: 7 })]) {
      using one = make()
      using many = make()
      const out = new Float64Array(xs.length)
      many.updateMany(xs, out)
      expect(out).toEqual(xs.map((x) => one.update(x)))
      expect(many.value).toBe(one.value)
    }
  })
})

describe('Atr', () => {
  it('equals the mean of the first true ranges, then Wilder smoothing', () => {
    const n = 14
    using atr = new Atr({ period: n })
    const close = walk(300)
    const high = close.map((x, k) => x + (k % 7))
    const low = close.map((x, k) => x - (k % 5))
    let plain = 0
    for (let k = 0; k < close.length; k++) {
      const before = k === 0 ? (close[0] as number) : (close[k - 1] as number)
      const range = Math.max(high[k] as number, before) - Math.min(low[k] as number, before)
      plain = k < n ? plain + range / n : plain + (range - plain) / n
      const value = atr.update(high[k] as number, low[k] as number, close[k] as number)
      if (k < n - 1) expect(value).toBeNaN()
      else expect(value).toBeCloseTo(plain, 9)
    }
    using many = new Atr({ period: n })
    const out = new Float64Array(close.length)
    expect(many.updateMany(high, low, close, out)).toBe(atr.value)
    expect(out.at(-1)).toBe(atr.value)
  })

  it('starts from the first true range where that is asked for', () => {
    using atr = new Atr({ period: 2, seed: 'running' })
    atr.update(101, 99, 100)
    expect(atr.update(91, 89, 90)).toBe(2 + (11 - 2) / 2)
  })

  it('refuses columns of different lengths and takes nothing', () => {
    using atr = new Atr({ period: 1 })
    const [two, three] = [new Float64Array([2, 2]), new Float64Array([1, 1, 1])]
    expect(() => atr.updateMany(two, three, two)).toThrow(expect.objectContaining({ code: 'E_INDICATOR_COLUMNS' }))
    expect(() => atr.updateMany(two, two, two, three)).toThrow(expect.objectContaining({ code: 'E_INDICATOR_COLUMNS' }))
    expect(atr.isReady).toBe(false)
  })
})

describe('PriceBuffer', () => {
  const T0 = 1_700_000_000_000_000

  it('samples the first mid of each period and tells its drift', () => {
    using buffer = new PriceBuffer({ emaPeriod: 2, bandPeriod: 1 })
    expect([buffer.onMid(T0, 61_800), buffer.onMid(T0 + 1, 61_900)]).toEqual([true, false])
    expect(buffer.drift).toBeNaN()
    expect(buffer.onMid(T0 + 10_000_000, 61_861.8)).toBe(true)
    expect(buffer.drift).toBeCloseTo(0.001, 12)
    expect(buffer.ema).toBeCloseTo(61_800 + (61_861.8 - 61_800) * (2 / 3), 9)
    expect(buffer.atr).toBeCloseTo(61.8, 9)
    expect(buffer.bandPct).toBeCloseTo(61.8 / 61_861.8, 12)
  })

  it('starts from history as if it had seen it', () => {
    const mids = walk(400)
    const times = mids.map((_, k) => T0 + k * 3_000_000)
    using live = new PriceBuffer()
    using warm = new PriceBuffer()
    for (const [k, mid] of mids.entries()) live.onMid(times[k] as number, mid)
    warm.bootstrap(times, mids)
    const figures = (buffer: PriceBuffer) => [
      buffer.ema,
      buffer.atr,
      buffer.bandPct,
      buffer.drift,
      buffer.smoothedDrift,
    ]
    expect(figures(warm)).toEqual(figures(live))
    expect(figures(warm).every(Number.isFinite)).toBe(true)
    warm.reset()
    expect(figures(warm).every(Number.isNaN)).toBe(true)
  })
})
