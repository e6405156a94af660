import { describe, expect, it } from 'vitest'
import { type Commands, type Frame, OrderType, Side, type Strategy, type TickwrightError } from '../domain/index.js'
import { Engine } from './engine.js'
import { instrumentSpec } from './generated-market.test-kit.js'
import { codeOf, generatedEngine, outcomeOf, perpetualConfig } from './recorded-run.test-kit.js'

/** Runs one strategy made of its first onTick with a good book; what came out of it. */
function atFirstTick(act: (commands: Commands, frame: Frame) => void, config: object = {}): string {
  const engine = generatedEngine({ config })
  let done = false
  const strategy: Strategy = {
    onTick(frame, commands) {
      if (done) return
      done = true
      act(commands, frame)
    },
  }
  const code = codeOf(() => engine.run(strategy))
  engine.close()
  return code
}

describe('commands belong to action points', () => {
  it.each(['onFill', 'onOrderUpdate', 'onFrame'] as const)('in %s they are E_NOT_AN_ACTION_POINT', (hook) => {
    let ring: Commands | undefined
    let calls = 0
    const strategy: Strategy = {
      onTick(frame, commands) {
        ring = commands
        if (calls++ < 5) commands.submit(Side.Buy, frame.askTicks, 1)
      },
      [hook]: () => void ring?.submit(Side.Buy, 1, 1),
    }
    const engine = generatedEngine()
    expect(codeOf(() => engine.run(strategy, { mode: 'frames' }))).toBe('E_NOT_AN_ACTION_POINT')
    engine.close()
  })

  it('and so they are after the run, by a reference that was kept', () => {
    let ring: Commands | undefined
    const engine = generatedEngine()
    const keeper: Strategy = {
      onTick(_frame, commands) {
        ring = commands
      },
    }
    engine.run(keeper)
    expect(codeOf(() => ring?.submit(Side.Buy, 1, 1))).toBe('E_NOT_AN_ACTION_POINT')
    engine.close()
    expect(codeOf(() => ring?.submit(Side.Buy, 1, 1))).toBe('E_NOT_AN_ACTION_POINT')
  })

  it('a full command ring is E_COMMAND_RING_FULL and what was in it before is sent', () => {
    let sent = 0
    const engine = generatedEngine({ config: { command_ring: 16 } })
    const strategy: Strategy = {
      onTick(frame, commands) {
        if (sent > 0) return
        const code = codeOf(() => {
          for (; ; sent++) commands.submit(Side.Buy, frame.bidTicks - 1000, 1)
        })
        expect(code).toBe('E_COMMAND_RING_FULL')
      },
    }
    engine.run(strategy, { maxRecords: 400 })
    expect(sent).toBe(16)
    let open = 0
    const counting: Strategy = {
      onTick(frame) {
        open = frame.openOrders
      },
    }
    engine.run(counting, { maxRecords: 10 })
    expect(open).toBe(16)
    engine.close()
  })

  it('when every order slot is taken the next order is E_TOO_MANY_ORDERS', () => {
    const codes: string[] = []
    let sent = 0
    const engine = generatedEngine({ config: { command_ring: 8192, check_margin: false } })
    const strategy: Strategy = {
      onTick(_frame, commands) {
        if (codes.length > 0) return
        codes.push(
          codeOf(() => {
            for (; ; sent++) commands.submit(Side.Buy, 1_000 + sent, 1)
          }),
        )
      },
    }
    engine.run(strategy, { maxRecords: 200 })
    expect(codes).toEqual(['E_TOO_MANY_ORDERS'])
    expect(sent).toBe(4096)
    engine.close()
  })

  it('also when the slots run out one by one, and a free one can be taken again', () => {
    const codes: string[] = []
    const open: number[] = []
    const engine = generatedEngine({ config: { check_margin: false } })
    const strategy: Strategy = {
      interests: { every: 'record' },
      onTick(frame, commands) {
        open.push(frame.openOrders)
        if (codes.length === 0) {
          const code = codeOf(() => {
            for (let k = 0; k < 60; k++) commands.submit(Side.Buy, 1_000, 1)
          })
          if (code !== '') codes.push(code)
        } else if (codes.length === 1 && commands.orders.count === 4096) {
          codes.push('full')
          commands.cancel(commands.orders.idAt(7))
        } else if (codes.length === 2 && commands.orders.count === 4095) {
          codes.push(
            codeOf(() => commands.submit(Side.Buy, 1_000, 1)),
            codeOf(() => commands.submit(Side.Buy, 1_000, 1)),
          )
        }
      },
    }
    engine.run(strategy)
    expect(codes).toEqual(['E_TOO_MANY_ORDERS', 'full', '', 'E_TOO_MANY_ORDERS'])
    expect(Math.max(...open)).toBe(4096)
    engine.close()
  })

  it('thousands of orders sent, filled and cancelled use their slots again', () => {
    let sent = 0
    const strategy: Strategy = {
      onTick(frame, commands) {
        for (let k = 0; k < 3; k++, sent++) commands.submit(Side.Buy, frame.bidTicks - 900, 1)
        commands.cancelAll()
      },
    }
    const outcome = outcomeOf(generatedEngine({ messages: 4_000 }), strategy)
    expect(sent).toBeGreaterThan(2 * 4096)
    expect(outcome.news.filter((line) => line.startsWith('1,')).length).toBeGreaterThan(2 * 4096)
  })
})

describe('an order that cannot be meant is refused where it is written', () => {
  it.each<[string, (commands: Commands) => void]>([
    ['half a tick', (commands) => commands.submit(Side.Buy, 0.5, 1)],
    ['no size', (commands) => commands.submit(Side.Buy, 1, 0)],
    ['NaN', (commands) => commands.submit(Side.Sell, Number.NaN, 1)],
    ['a third side', (commands) => commands.submit(2 as Side, 1, 1)],
    ['a ninth type', (commands) => commands.submit(Side.Buy, 1, 1, 8 as OrderType)],
    ['an instrument by its name', (commands) => commands.submit(Side.Buy, 1, 1, OrderType.Limit, '0' as never)],
    ['a cancel of all orders of what is no instrument', (commands) => commands.cancelAll('BTC' as never)],
    ['half a type', (commands) => commands.submit(Side.Buy, 1, 1, 0.5 as OrderType)],
    ['an instrument that is not there', (commands) => commands.submit(Side.Buy, 1, 1, OrderType.Limit, 1)],
    ['a text that is no number', (commands) => commands.submitDecimal(Side.Buy, 'one', '1')],
    ['an amendment to half a lot', (commands) => commands.amend(1, 1, 0.5)],
    ['a cancel of no order', (commands) => commands.cancel(0)],
  ])('%s: E_ARGUMENT', (_what, act) => {
    expect(atFirstTick(act)).toBe('E_ARGUMENT')
  })

  it('a price off the grid is E_OFF_GRID and names instrument, value and tick', () => {
    let fault: TickwrightError | undefined
    atFirstTick((commands) => {
      try {
        commands.submitDecimal(Side.Buy, '50000.05', '0.001')
      } catch (error) {
        fault = error as TickwrightError
      }
    })
    expect(fault?.code).toBe('E_OFF_GRID')
    expect(fault?.message).toBe('BTC-PERP: price 50000.05 is not on the grid of 0.1: use a multiple of it')
    expect(fault?.details).toEqual({ instrument: 'BTC-PERP', price: '50000.05', step: '0.1' })
    expect(atFirstTick((commands) => void commands.submitDecimal(Side.Buy, '50000', '0.0015'))).toBe('E_OFF_GRID')
  })

  it('decimals on the grid are the order in ticks and lots', () => {
    const seen: number[][] = []
    atFirstTick((commands) => {
      for (const price of ['49999.9', 49999.9]) {
        const id = commands.submitDecimal(Side.Buy, price, '0.003', OrderType.PostOnly)
        seen.push([id, commands.orders.state(id)])
      }
    })
    expect(seen.map(([id]) => id)).toEqual([1, 2])
  })
})

describe('what is asked of an engine before it runs', () => {
  it('the place of an indicator by its name; an unknown one is E_CONFIG with those there are', () => {
    const instruments = [instrumentSpec('A'), instrumentSpec('B')]
    const indicators = [
      { name: 'slow', kind: 'sma', period: 50 },
      { name: 'b-fast', kind: 'ema', period: 5, instrument: 'B' },
      { name: 'fast', kind: 'ema', period: 5 },
    ] as const
    const engine = new Engine(perpetualConfig({ instruments, indicators }))
    const places: number[] = []
    const strategy: Strategy = {
      onStart: ({ indicatorIndex }) =>
        void places.push(...['slow', 'b-fast', 'fast'].map((name) => indicatorIndex(name))),
      onTick: () => undefined,
    }
    engine.run(strategy)
    expect(places).toEqual([0, 16, 1])
    const asking: Strategy = { onStart: ({ indicatorIndex }) => void indicatorIndex('middle'), onTick: () => undefined }
    expect(() => engine.run(asking)).toThrow('no indicator "middle" is configured; there is: slow, b-fast, fast')
    expect(codeOf(() => engine.run(asking))).toBe('E_CONFIG')
    engine.close()
  })

  it('the places of an indicator of several outputs by the names of these, as native lays them out', () => {
    const indicators = [
      { name: 'mean', kind: 'sma', period: 5 },
      { name: 'bb', kind: 'bollinger', period: 5 },
      { name: 'trend', kind: 'macd', fast: 2, slow: 4, signal: 2 },
      { name: 'high', kind: 'max', period: 1 },
    ] as const
    const engine = generatedEngine({ config: { indicators } })
    const names = ['mean', 'bb.middle', 'bb.upper', 'bb.lower', 'trend.line', 'trend.signal', 'trend.histogram', 'high']
    const seen = new Map<string, number>()
    let at: number[] = []
    engine.run({
      onStart: ({ indicatorIndex }) => {
        at = names.map((name) => indicatorIndex(name))
        for (const name of ['bb', 'bb.top', 'trend.middle']) expect(() => indicatorIndex(name)).toThrow(/bb.upper/)
      },
      onTick: (frame) => names.forEach((name, k) => void seen.set(name, frame.indicator(at[k] as number))),
    })
    engine.close()
    expect(at).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const of = (name: string) => seen.get(name) as number
    expect(of('bb.middle')).toBe(of('mean'))
    expect(of('bb.upper') - of('bb.middle')).toBeCloseTo(of('bb.middle') - of('bb.lower'), 9)
    expect(of('bb.upper')).toBeGreaterThan(of('bb.middle'))
    expect(of('trend.histogram')).toBe(of('trend.line') - of('trend.signal'))
    expect(of('high')).toBeGreaterThan(of('mean'))
  })

  it.each([
    ['no onTick', {}],
    ['nothing', undefined],
    ['interests that are none', { interests: { every: 0 }, onTick: () => undefined }],
    ['an nth of a half', { interests: { every: 2.5 }, onTick: () => undefined }],
  ])('a strategy with %s is E_ARGUMENT', (_what, strategy) => {
    const engine = generatedEngine()
    expect(codeOf(() => engine.run(strategy as unknown as Strategy))).toBe('E_ARGUMENT')
    engine.close()
  })
})
