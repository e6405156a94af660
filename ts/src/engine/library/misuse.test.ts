import { describe, expect, it } from 'vitest'
import { Side, TickwrightError } from '../../domain/index.js'
import { addon } from '../addon.js'
import {
  Atr,
  BarAggregator,
  BarBuilder,
  BollingerBands,
  Ema,
  Macd,
  OrderBook,
  PaperVenue,
  PriceBuffer,
  RollingMax,
  RollingMin,
  RollingStd,
  RollingVwap,
  Rsi,
  SessionVwap,
  Sma,
  TapeReader,
  VolumeRatio,
  ZScore,
} from './index.js'
import { BTCUSDT } from './venue.test-kit.js'

/** What a caller without types might pass. */
const ODD: readonly unknown[] = [
  undefined,
  null,
  true,
  '1',
  '',
  'x'.repeat(100_000),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1.5,
  2 ** 60,
  10n,
  Symbol('price'),
  () => 1,
  {},
  { valueOf: () => 1 },
  {
    valueOf() {
      throw new Error('the value throws')
    },
    toJSON: () => 'odd',
  },
  [],
  [[1, 2, 3]],
  new Float32Array(3),
  new BigInt64Array(3),
  new DataView(new ArrayBuffer(16)),
  new Proxy({}, {}),
]

type Make = () => object
const CLASSES: readonly (readonly [name: string, make: Make])[] = [
  ['OrderBook', () => new OrderBook()],
  ['Ema', () => new Ema({ period: 2 })],
  ['Sma', () => new Sma({ period: 2 })],
  ['RollingStd', () => new RollingStd({ period: 2 })],
  ['Rsi', () => new Rsi({ period: 2 })],
  ['ZScore', () => new ZScore({ period: 2 })],
  ['RollingMin', () => new RollingMin({ period: 2 })],
  ['RollingMax', () => new RollingMax({ period: 2 })],
  ['VolumeRatio', () => new VolumeRatio({ period: 2 })],
  ['RollingVwap', () => new RollingVwap({ period: 2 })],
  ['SessionVwap', () => new SessionVwap()],
  ['BollingerBands', () => new BollingerBands({ period: 2 })],
  ['Macd', () => new Macd({ fast: 2, slow: 3, signal: 2 })],
  ['Atr', () => new Atr({ period: 2 })],
  ['PriceBuffer', () => new PriceBuffer()],
  ['BarBuilder', () => new BarBuilder({ intervalMs: 1_000 })],
  ['BarBuilder by volume', () => new BarBuilder({ volumeLots: 10 })],
  ['BarAggregator', () => new BarAggregator({ intervalMs: 60_000 })],
  ['PaperVenue', () => new PaperVenue({ instrument: BTCUSDT })],
]

/** Every method of an object's classes but the ends, with how many arguments it names. */
function methodsOf(object: object): [name: string, method: (...given: unknown[]) => unknown][] {
  const found = new Map<string, (...given: unknown[]) => unknown>()
  for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (
        typeof value === 'function' &&
        !['constructor', 'close', 'refusal', 'forget', 'batch', 'tapeInfoJson'].includes(name)
      ) {
        found.set(name, (...given) => Reflect.apply(value, object, given))
      }
    }
  }
  return [...found]
}

/** What a call threw, if anything. */
function thrownBy(call: () => unknown): unknown {
  try {
    call()
    return undefined
  } catch (error) {
    return error
  }
}

describe('misuse of the library', () => {
  it.each(CLASSES)('%s answers every wrong-typed call with a coded error or not at all', (_, make) => {
    let calls = 0
    for (const [name, method] of methodsOf(make())) {
      for (const odd of ODD) {
        for (const given of [[odd], [0, odd], [odd, 1, 1], [0, 1, odd], [new Float64Array(2), odd, odd]]) {
          const error = thrownBy(() => method(...given))
          if (error !== undefined) expect(error, `${name}(${given.map(typeOf)})`).toBeInstanceOf(TickwrightError)
          if (error !== undefined) expect((error as TickwrightError).code).toMatch(/^E_/)
          calls++
        }
      }
    }
    expect(calls).toBeGreaterThanOrEqual(200)
  })

  it.each([
    ['Ema', Ema],
    ['Sma', Sma],
    ['RollingStd', RollingStd],
    ['Rsi', Rsi],
    ['ZScore', ZScore],
    ['RollingMin', RollingMin],
    ['RollingMax', RollingMax],
    ['VolumeRatio', VolumeRatio],
    ['RollingVwap', RollingVwap],
    ['SessionVwap', SessionVwap],
    ['BollingerBands', BollingerBands],
    ['Macd', Macd],
    ['Atr', Atr],
    ['BarBuilder', BarBuilder],
    ['BarAggregator', BarAggregator],
    ['PaperVenue', PaperVenue],
    ['TapeReader', TapeReader],
  ])('%s cannot be made of wrong settings', (_, Class) => {
    const make = Class as unknown as new (settings?: unknown) => object
    const settings = ODD.flatMap((odd) => [
      odd,
      { period: odd },
      { intervalMs: odd },
      { instrument: odd },
      { period: 2, odd },
    ])
    for (const given of settings) {
      // The one that is right by chance.
      const isRight = given === undefined || (given as { odd?: unknown } | null)?.odd === undefined
      const error = thrownBy(() => new make(given))
      if (error === undefined && isRight) continue
      expect(error, typeOf(given)).toBeInstanceOf(TickwrightError)
    }
  })

  it('names what is wrong with a setting', () => {
    expect(() => new Ema({ period: 0 })).toThrow('Ema: ema period is 0: give 1 to 1000000 updates')
    expect(() => new Ema({} as { period: number })).toThrow('Ema: give an Ema either a period or an alpha')
    expect(() => new Ema({ period: Number.NaN })).toThrow(/invalid type: string "NaN", expected u32/)
    expect(() => new BarBuilder({ intervalMs: 500 })).toThrow(expect.objectContaining({ code: 'E_INDICATOR_SETTING' }))
    expect(() => new PriceBuffer({ emaPeriods: 3 } as object)).toThrow(/unknown field `emaPeriods`/)
    expect(() => new TapeReader('no-such.tape.parquet')).toThrow(expect.objectContaining({ code: 'E_NOT_FOUND' }))
  })

  it.each(CLASSES)('%s throws E_CLOSED at every use after its end', (_, make) => {
    const object = make() as { close(): void; isClosed?: boolean; [Symbol.dispose](): void }
    const good: Readonly<Record<string, readonly unknown[]>> = {
      update: [1, 1, 1],
      updateMany: [new Float64Array(1), new Float64Array(1), new Float64Array(1)],
      snapshot: [{ bids: [], asks: [] }],
      onMid: [1, 1],
      bootstrap: [new Float64Array(1), new Float64Array(1)],
      onTrade: [1, 1, 1],
      onTrades: [new Float64Array(1), new Float64Array(1), new Float64Array(1)],
      onMids: [new Float64Array(1), new Float64Array(1)],
      applyTicks: [new Uint8Array(48)],
      apply: [new Uint8Array(48)],
      levelsInto: [0, new Float64Array(2)],
    }
    const methods = methodsOf(object).filter(([name]) => name !== 'events')
    object.close()
    object.close()
    object[Symbol.dispose]()
    for (const [name, method] of methods) {
      const error = thrownBy(() => method(...(good[name] ?? [0, 1, 1])))
      expect(error, name).toMatchObject({ code: 'E_CLOSED' })
    }
    for (const getter of [
      'value',
      'isReady',
      'upper',
      'line',
      'signal',
      'bestBid',
      'microprice',
      'drift',
      'current',
      'refused',
      'spreadTicks',
    ]) {
      const has = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object), getter)?.get !== undefined
      if (has)
        expect(
          thrownBy(() => Reflect.get(object, getter)),
          getter,
        ).toMatchObject({ code: 'E_CLOSED' })
    }
  })

  it('never takes a new object for a closed one', () => {
    const closed = new Ema({ period: 1 })
    closed.close()
    const others = Array.from({ length: 10 }, () => new Ema({ period: 1 }))
    expect(thrownBy(() => closed.update(5))).toMatchObject({ code: 'E_CLOSED' })
    expect(others.every((ema) => !ema.isReady)).toBe(true)
  })

  it('refuses detached buffers and takes shared ones and those of another realm', async () => {
    using ema = new Ema({ period: 1 })
    const detached = new Float64Array([1, 2])
    structuredClone(detached, { transfer: [detached.buffer] })
    expect(() => ema.updateMany(detached)).toThrow(/was detached/)
    expect(() => ema.updateMany(new Float64Array(1), detached)).toThrow(/was detached/)
    const gone = new Uint8Array(48)
    structuredClone(gone, { transfer: [gone.buffer] })
    using book = new OrderBook()
    expect(() => book.applyTicks(gone)).toThrow(/was detached/)
    const shared = new Float64Array(new SharedArrayBuffer(16))
    shared.set([5, 7])
    expect(ema.updateMany(shared, shared)).toBe(7)
    const { runInNewContext } = await import('node:vm')
    expect(ema.updateMany(runInNewContext('new Float64Array([9])') as Float64Array)).toBe(9)
    expect(ema.updateMany(new Float64Array(0))).toBe(9)
  })

  it('refuses every block but a Float64Array over shared memory', () => {
    const blocks = [
      ...ODD,
      new Float64Array(64),
      new Float64Array(new SharedArrayBuffer(8)),
      new SharedArrayBuffer(512),
    ]
    for (const block of blocks)
      expect(thrownBy(() => new addon.NativeLibrary(block as Float64Array))).toBeInstanceOf(Error)
  })

  it('throws a plain error where native is called with a handle of nothing', () => {
    const cells = new Float64Array(new SharedArrayBuffer(512))
    const library = new addon.NativeLibrary(cells)
    library.functions()
    const functions = library.functions() as Record<string, (...given: unknown[]) => void>
    for (const handle of [0, 1, -1, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, (1 << 20) | 5]) {
      for (const [name, call] of Object.entries(functions)) {
        cells[0] = handle
        const columns = Array(4).fill(new Float64Array(18))
        const given = name.endsWith('ApplyTicks') ? [new Uint8Array(48)] : columns
        expect(
          thrownBy(() => call(...given)),
          name,
        ).toMatchObject({ code: 'E_CLOSED' })
      }
    }
  })

  it('keeps many objects and gives their places out again', () => {
    for (let round = 0; round < 3; round++) {
      const emas = Array.from({ length: 2_000 }, () => new Ema({ period: 1 }))
      for (const [k, ema] of emas.entries()) ema.update(k)
      expect(emas.every((ema, k) => ema.value === k)).toBe(true)
      for (const ema of emas) ema.close()
    }
    using book = new OrderBook()
    book.applyLevel(Side.Buy, 1, 1)
    expect(book.bestBid).toBe(1)
  })
})

const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value)
