import { afterEach, describe, expect, it } from 'vitest'
import type { Frame, Strategy } from '../domain/index.js'
import { Engine } from './engine.js'
import { FLAG, generatedTicks, KIND, type RawTick, TICK_BYTES, tickBytes } from './generated-market.test-kit.js'
import { LiveRun } from './live-run.js'
import { codeOf, DiceTrader, generatedEngine, Newspaper, outcomeOf, perpetualConfig } from './recorded-run.test-kit.js'

const START_NS = 1_700_000_000_000_000_000n

const open: Engine[] = []
afterEach(() => {
  for (const engine of open.splice(0)) engine.close()
})

function emptyEngine(): Engine {
  const engine = new Engine(perpetualConfig())
  open.push(engine)
  return engine
}

/** Trades a microsecond apart, numbered by their size from `from` on. */
function trades(count: number, from = 1): Uint8Array {
  const one = (n: number): RawTick => ({
    recvNs: START_NS + BigInt(n) * 1_000n,
    kind: KIND.trade,
    priceTicks: 100,
    sizeLots: n,
    flags: FLAG.last,
  })
  return tickBytes(Array.from({ length: count }, (_, k) => one(from + k)))
}

/** Notes the number of every record that it is handed, and takes that long for each. */
class Listener implements Strategy {
  readonly interests = { every: 'record' } as const
  readonly heard: number[] = []
  constructor(private readonly busyMs = 0) {}

  onTick(frame: Frame): void {
    this.heard.push(frame.sizeLots)
    for (const until = performance.now() + this.busyMs; performance.now() < until; );
  }
}

function started(strategy: Strategy, options: ConstructorParameters<typeof LiveRun>[1] = {}) {
  const engine = emptyEngine()
  const live = new LiveRun(engine, options)
  live.registerController(strategy)
  return { engine, live, over: live.start() }
}

/** Lets what was woken run. */
const pause = () => new Promise<void>((resolve) => setImmediate(resolve))
const upTo = (count: number) => Array.from({ length: count }, (_, k) => k + 1)

describe('stop', () => {
  it.each(['step', 'frames', 'advance'] as const)(
    'in the mode %s hands 15 000 queued records to the controller and returns within 500 ms',
    async (mode) => {
      const listener = new Listener()
      const { engine, live, over } = started(listener, { capacity: 20_000, mode })
      live.pushTicks(trades(100))
      await pause()
      expect(listener.heard).toHaveLength(100)
      for (let at = 101; at < 15_101; at += 5_000) live.pushTicks(trades(5_000, at))
      expect(engine.queue().depth).toBe(15_000)
      const began = performance.now()
      const report = live.stop()
      const tookMs = performance.now() - began
      expect(tookMs).toBeLessThan(500)
      expect(report.stopMs).toBeLessThanOrEqual(tookMs)
      expect(listener.heard).toEqual(upTo(15_100))
      expect(report).toMatchObject({ records: 15_100, left: 0, queue: { depth: 0, deepest: 15_000, conflated: 0 } })
      expect(await over).toBe(report)
      expect(live.running).toBe(false)
    },
  )

  it('cuts a controller off that needs too long, says how many records are left, and the next start begins with them', async () => {
    const slow = new Listener(3)
    const { engine, live } = started(slow)
    live.pushTicks(trades(250))
    const began = performance.now()
    const { records, left, queue } = live.stop()
    expect(performance.now() - began).toBeLessThan(500)
    expect(slow.heard).toEqual(upTo(records))
    expect(records).toBeGreaterThan(20)
    expect(left).toBeGreaterThan(0)
    expect([records + left, queue.depth, engine.queue().depth]).toEqual([250, left, left])
    const over = live.start()
    await pause()
    expect(slow.heard).toEqual(upTo(250))
    expect(live.stop()).toMatchObject({ records: left, left: 0 })
    await over
  })

  it('from inside the controller is E_REENTRANT, and the run goes on', async () => {
    const codes: string[] = []
    const hasty: Strategy = { onTick: () => void codes.push(codeOf(() => live.stop())) }
    const { live, over } = started(hasty)
    live.pushTicks(trades(2))
    await pause()
    expect(codes).toEqual(['E_REENTRANT', 'E_REENTRANT'])
    expect(live.running).toBe(true)
    live.stop()
    expect((await over).records).toBe(2)
  })
})

describe('a controller on a live feed', () => {
  it('is woken when ticks come into an empty queue, once for a burst, and runs until it is dry', async () => {
    const listener = new Listener()
    const { live } = started(listener)
    live.pushTicks(trades(3))
    live.pushTicks(trades(4, 4))
    expect(listener.heard).toEqual([])
    await Promise.resolve()
    expect(listener.heard).toEqual(upTo(7))
    live.pushTicks(trades(1, 8))
    await Promise.resolve()
    expect(listener.heard).toEqual(upTo(8))
    live.stop()
  })

  it('hears in the same wake what it pushes itself', async () => {
    let next = 2
    const echo: Strategy = {
      onTick: () => {
        if (next <= 50) live.pushTicks(trades(1, next++))
      },
    }
    const { engine, live } = started(echo)
    live.pushTicks(trades(1))
    await Promise.resolve()
    expect(engine.records).toBe(50)
    live.stop()
  })

  it('does what it does on the same ticks of a tape', async () => {
    const ticks = tickBytes(generatedTicks(13, 3_000))
    const whole = outcomeOf(generatedEngine({ seed: 13, messages: 3_000 }), new DiceTrader(13))
    const observer = new Newspaper()
    const { engine, live, over } = started(new DiceTrader(13), { observer, mode: 'advance' })
    for (let at = 0, piece = 1; at < ticks.length; at += piece * TICK_BYTES, piece = (piece * 7) % 500) {
      live.pushTicks(ticks.subarray(at, at + piece * TICK_BYTES))
      if (piece % 2 === 0) await pause()
    }
    live.stop()
    expect((await over).records).toBe(whole.records)
    expect(whole.fills).toBeGreaterThan(20)
    expect(observer.lines).toEqual(whole.news)
    expect(JSON.stringify(engine.ledger())).toBe(whole.ledger)
  })

  it('still hears what came into a queue that then was full', async () => {
    const listener = new Listener()
    const { live } = started(listener, { capacity: 4 })
    expect(codeOf(() => live.pushTicks(trades(6)))).toBe('E_QUEUE_FULL')
    await Promise.resolve()
    expect(listener.heard).toEqual(upTo(4))
    live.stop()
  })

  it('that throws ends the run: the promise rejects, pushes are E_LIVE, and the engine can be read', async () => {
    const cause = new Error('no more')
    let calls = 0
    const breaking: Strategy = {
      onTick: () => {
        if (++calls === 2) throw cause
      },
    }
    const { engine, live, over } = started(breaking)
    live.pushTicks(trades(3))
    await expect(over).rejects.toMatchObject({ code: 'E_CONTROLLER_THREW', cause })
    expect(live.running).toBe(false)
    expect(codeOf(() => live.pushTicks(trades(1, 4)))).toBe('E_LIVE')
    expect([engine.records, engine.queue().depth]).toEqual([2, 1])
  })

  it('that throws while it is stopped: stop throws, and the promise rejects with the same error', async () => {
    const breaking: Strategy = {
      onTick: () => {
        throw new Error('no more')
      },
    }
    const { live, over } = started(breaking)
    live.pushTicks(trades(1))
    const rejected = expect(over).rejects.toMatchObject({ code: 'E_CONTROLLER_THREW' })
    expect(codeOf(() => live.stop())).toBe('E_CONTROLLER_THREW')
    await rejected
    expect(live.running).toBe(false)
  })

  it('is not called for a record that the engine refuses, whose code is what the run ends with', async () => {
    const listener = new Listener()
    const { live, over } = started(listener)
    live.pushTicks(trades(1, 9))
    live.pushTicks(trades(1))
    await expect(over).rejects.toMatchObject({ code: 'E_TIME_BACKWARDS' })
    expect(listener.heard).toEqual([9])
  })

  it('is stopped by an observer that has seen enough', async () => {
    const observer = { onProgress: () => false }
    const { live, over } = started(new Listener(1), { observer, mode: 'advance', capacity: 2_000 })
    live.pushTicks(trades(1_000))
    const { records, left } = await over
    expect(records + left).toBe(1_000)
    expect(left).toBeGreaterThan(0)
  })
})

describe('calls out of order are errors that say what comes first', () => {
  const idle = () => new LiveRun(emptyEngine())
  const ready = () => {
    const live = idle()
    live.registerController(new Listener())
    return live
  }

  it.each<[string, string, () => unknown]>([
    ['a start without a controller', 'E_LIVE', () => idle().start()],
    ['ticks before the start', 'E_LIVE', () => ready().pushTicks(trades(1))],
    ['a stop before the start', 'E_LIVE', () => ready().stop()],
    ['a second controller', 'E_LIVE', () => ready().registerController(new Listener())],
    ['a controller that is none', 'E_ARGUMENT', () => idle().registerController({} as never)],
    ['a controller that is not there', 'E_ARGUMENT', () => idle().registerController(undefined as never)],
    ['a queue of no records', 'E_ARGUMENT', () => new LiveRun(emptyEngine(), { capacity: 0 })],
  ])('%s is %s', (_what, code, call) => {
    expect(codeOf(call)).toBe(code)
  })

  it('a second start, a second stop', () => {
    const live = ready()
    live.start()
    expect(codeOf(() => live.start())).toBe('E_LIVE')
    live.stop()
    expect(codeOf(() => live.stop())).toBe('E_LIVE')
  })

  it('an engine that was closed meanwhile ends the run with E_CLOSED', async () => {
    const { engine, live, over } = started(new Listener())
    engine.close()
    const rejected = expect(over).rejects.toMatchObject({ code: 'E_CLOSED' })
    expect(codeOf(() => live.pushTicks(trades(1)))).toBe('E_CLOSED')
    await rejected
    expect(live.running).toBe(false)
  })
})
