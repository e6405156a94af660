import { describe, expect, it } from 'vitest'
import { type Frame, Side, type Strategy, type TickwrightError } from '../domain/index.js'
import type { Engine } from './engine.js'
import { tickBytes } from './generated-market.test-kit.js'
import { codeOf, DiceTrader, generatedEngine, outcomeOf } from './recorded-run.test-kit.js'

const NOTHING: Strategy = { onTick: () => undefined }

function fail(): never {
  throw new Error('no')
}

/** Buys at the touch a few times, so that every callback is called. */
function buyer(): Strategy {
  let calls = 0
  return {
    onTick(frame, commands) {
      if (calls++ < 5) commands.submit(Side.Buy, frame.askTicks, 1)
    },
  }
}

describe('a controller that throws ends its run and nothing else', () => {
  it.each(['onStart', 'onTick', 'onFrame', 'onFill', 'onOrderUpdate'] as const)('in %s', (hook) => {
    const cause = new RangeError('cannot divide by zero')
    const engine = generatedEngine()
    const strategy: Strategy = {
      ...buyer(),
      [hook]: () => {
        throw cause
      },
    }
    let fault: TickwrightError | undefined
    try {
      engine.run(strategy, { mode: 'frames' })
    } catch (error) {
      fault = error as TickwrightError
    }
    expect(fault?.code).toBe('E_CONTROLLER_THREW')
    expect(fault?.cause).toBe(cause)
    expect(fault?.message).toContain('cannot divide by zero')
    expect(engine.ledger().assets[0]?.deposits).toBe('10000000')
    expect(engine.books().books).toHaveLength(1)
    expect(engine.run(NOTHING).ended).toBe(true)
    engine.close()
    expect(codeOf(() => engine.ledger())).toBe('E_CLOSED')
  })

  it.each([['text'], [undefined], [null], [{ code: 'E_FILE' }], [Symbol('s')]])(
    'throwing %o is E_CONTROLLER_THREW too',
    (thrown) => {
      const engine = generatedEngine()
      const strategy: Strategy = {
        onTick() {
          throw thrown
        },
      }
      expect(codeOf(() => engine.run(strategy))).toBe('E_CONTROLLER_THREW')
      engine.close()
    },
  )

  it('one that threw in onStart is started anew', () => {
    const engine = generatedEngine()
    let starts = 0
    const strategy: Strategy = {
      ...NOTHING,
      onStart() {
        if (starts++ === 0) throw new Error('not yet')
      },
    }
    expect(codeOf(() => engine.run(strategy))).toBe('E_CONTROLLER_THREW')
    engine.run(strategy, { maxRecords: 10 })
    engine.run(strategy, { maxRecords: 10 })
    expect(starts).toBe(2)
    engine.close()
  })
})

describe('an engine is not driven from inside its own callbacks', () => {
  const state = tickBytes([])
  const calls: readonly (readonly [string, (engine: Engine) => unknown])[] = [
    ['run', (engine) => engine.run(NOTHING)],
    ['snapshot', (engine) => engine.snapshot()],
    ['restore', (engine) => engine.restore(state)],
    ['close', (engine) => engine.close()],
    ['loadTicks', (engine) => engine.loadTicks(state)],
    ['loadTapes', (engine) => engine.loadTapes(['none'])],
    ['goLive', (engine) => engine.goLive()],
  ]

  it.each(calls)('%s is E_REENTRANT in onTick and onStart, and the run goes on', (_what, call) => {
    const engine = generatedEngine()
    const codes: string[] = []
    const strategy: Strategy = {
      onStart: () => void codes.push(codeOf(() => call(engine))),
      onTick() {
        if (codes.length < 2) codes.push(codeOf(() => call(engine)))
      },
    }
    expect(engine.run(strategy).ended).toBe(true)
    expect(codes).toEqual(['E_REENTRANT', 'E_REENTRANT'])
    engine.close()
  })

  it('reading is allowed there', () => {
    const engine = generatedEngine()
    const seen: number[] = []
    const strategy: Strategy = {
      onTick(frame) {
        const [best] = engine.depth(0, 3)
        expect(best).toEqual({ priceTicks: frame.bidTicks, sizeLots: frame.bidLots })
        expect(engine.ledger().assets).toHaveLength(1)
        seen.push(engine.records)
      },
    }
    engine.run(strategy, { maxRecords: 300 })
    expect(seen.at(-1)).toBe(300)
    engine.close()
  })
})

describe('several engines in one process', () => {
  it('a second one runs inside the onTick of the first and both come out right', () => {
    const alone = outcomeOf(generatedEngine({ seed: 2 }), new DiceTrader(2))
    const other = outcomeOf(generatedEngine({ seed: 3 }), new DiceTrader(3))
    const inner: unknown[] = []
    const trader = new DiceTrader(2)
    const nesting: Strategy = {
      interests: trader.interests,
      onTick(frame, commands) {
        if (trader.calls % 100 === 50) inner.push(outcomeOf(generatedEngine({ seed: 3 }), new DiceTrader(3)))
        trader.onTick(frame, commands)
      },
    }
    expect(outcomeOf(generatedEngine({ seed: 2 }), nesting)).toEqual(alone)
    expect(inner.length).toBeGreaterThan(2)
    for (const outcome of inner) expect(outcome).toEqual(other)
  })

  it('a frame of the outer run read inside the inner one is still its own', () => {
    const outer = generatedEngine({ seed: 2 })
    const inner = generatedEngine({ seed: 3 })
    let compared = 0
    const looking = (frame: Frame): Strategy => ({
      onTick(within) {
        expect([frame.tsNs / 1000n, within.tsNs / 1000n]).toEqual([BigInt(frame.tsUs), BigInt(within.tsUs)])
        compared += 1
      },
    })
    outer.run({ onTick: (frame) => void inner.run(looking(frame), { maxRecords: 30 }) }, { maxRecords: 60 })
    expect(compared).toBeGreaterThan(50)
    outer.close()
    inner.close()
  })

  it('one that throws inside another leaves the other whole', () => {
    const alone = outcomeOf(generatedEngine({ seed: 2 }), new DiceTrader(2))
    const trader = new DiceTrader(2)
    const nesting: Strategy = {
      interests: trader.interests,
      onTick(frame, commands) {
        const broken = generatedEngine({ seed: 3, messages: 20 })
        expect(codeOf(() => broken.run({ onTick: fail, onStart: fail }))).toBe('E_CONTROLLER_THREW')
        expect(codeOf(() => broken.run({ onTick: fail }))).toBe('E_CONTROLLER_THREW')
        broken.close()
        trader.onTick(frame, commands)
      },
    }
    expect(outcomeOf(generatedEngine({ seed: 2 }), nesting)).toEqual(alone)
  })
})

describe('a closed engine', () => {
  const calls: readonly (readonly [string, (engine: Engine) => unknown])[] = [
    ['run', (engine) => engine.run(NOTHING)],
    ['loadTicks', (engine) => engine.loadTicks(tickBytes([]))],
    ['loadTapes', (engine) => engine.loadTapes(['config/demo/btcusdt.tape.parquet'])],
    ['goLive', (engine) => engine.goLive()],
    ['pushTicks', (engine) => engine.pushTicks(tickBytes([]))],
    ['queue', (engine) => engine.queue()],
    ['records', (engine) => engine.records],
    ['ledger', (engine) => engine.ledger()],
    ['books', (engine) => engine.books()],
    ['depth', (engine) => engine.depth(0, 5)],
    ['snapshot', (engine) => engine.snapshot()],
    ['restore', (engine) => engine.restore(new Uint8Array(10))],
  ]

  it.each(calls)('%s throws E_CLOSED', (_what, call) => {
    const engine = generatedEngine({ messages: 10 })
    engine.close()
    expect(codeOf(() => call(engine))).toBe('E_CLOSED')
  })

  it('closing twice does nothing more', () => {
    const engine = generatedEngine({ messages: 10 })
    engine.close()
    engine.close()
    expect(engine.tickCount).toBeGreaterThan(10)
  })

  it('details of a frame that was kept throw E_CLOSED', () => {
    const engine = generatedEngine({ messages: 10 })
    let kept: { readonly equity: number } | undefined
    const keeper: Strategy = {
      onTick(frame) {
        kept = frame
      },
    }
    engine.run(keeper)
    expect(kept?.equity).toBe(10_000_000)
    engine.close()
    expect(codeOf(() => kept?.equity)).toBe('E_CLOSED')
  })
})
