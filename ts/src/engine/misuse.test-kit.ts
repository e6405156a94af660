import { type Commands, OrderType, Side, type Strategy } from '../domain/index.js'
import { addon } from './addon.js'
import { Engine } from './engine.js'
import { generatedTicks, instrumentSpec, KIND, tickBytes } from './generated-market.test-kit.js'
import { generatedEngine, perpetualConfig } from './recorded-run.test-kit.js'
import { tape } from './tape.js'

/** A call that nobody can have meant. */
export interface Misuse {
  readonly what: string
  readonly call: () => unknown
}

/** A view whose memory was given away. */
function detached<T extends ArrayBufferView<ArrayBuffer>>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

const THROWING = {
  toString() {
    throw new Error('asked for its text')
  },
  valueOf() {
    throw new Error('asked for its value')
  },
}

/** Values of every sort, by the type that they are right for. */
const VALUES: readonly (readonly [name: string, type: string, value: unknown])[] = [
  ['undefined', 'none', undefined],
  ['null', 'none', null],
  ['NaN', 'bad number', Number.NaN],
  ['Infinity', 'bad number', Number.POSITIVE_INFINITY],
  ['-1', 'bad number', -1],
  ['1e300', 'bad number', 1e300],
  ['0.5', 'bad number', 0.5],
  ['7', 'number', 7],
  ['a text', 'string', 'a text'],
  ['true', 'boolean', true],
  ['a bigint', 'bigint', 10n],
  ['a symbol', 'symbol', Symbol('s')],
  ['a function', 'function', () => 1],
  ['an object', 'object', {}],
  ['an object that throws', 'object', THROWING],
  ['an array', 'array', [1]],
  ['a Float64Array', 'floats', new Float64Array(6)],
  ['a SharedArrayBuffer', 'buffer', new SharedArrayBuffer(48)],
  ['a DataView', 'view', new DataView(new ArrayBuffer(48))],
  ['a proxy', 'object', new Proxy({}, {})],
]

/** What JSON leaves out of a config, as if it had not been given. */
const LEFT_OUT = ['none', 'symbol', 'function']

/** The call with each value that is not of the types it takes. */
function wrong(what: string, takes: readonly string[], call: (value: never) => unknown): Misuse[] {
  return VALUES.filter(([, type]) => !takes.includes(type)).map(([name, , value]) => ({
    what: `${what} with ${name}`,
    call: () => call(value as never),
  }))
}

function on(engine: () => Engine, what: string, takes: readonly string[], call: (e: Engine, value: never) => unknown) {
  return wrong(what, takes, (value) => {
    const made = engine()
    try {
      return call(made, value)
    } finally {
      made.close()
    }
  })
}

const fresh = () => generatedEngine({ messages: 20 })

function live(): Engine {
  const engine = new Engine(perpetualConfig())
  engine.goLive(10)
  return engine
}

/** What a command does with a value at an action point: its error is what comes out. */
function command(
  what: string,
  takes: readonly string[],
  give: (commands: Commands, value: never) => unknown,
): Misuse[] {
  return on(fresh, what, takes, (engine, value) => {
    const strategy: Strategy = { onTick: (_frame, commands) => void give(commands, value) }
    engine.run(strategy)
  })
}

/** Wrong calls of the façade's engine. */
export function engineMisuses(): Misuse[] {
  return [
    ...wrong('new Engine', [], (value) => new Engine(value)),
    ...wrong('new Engine, instruments', [], (value) => new Engine({ instruments: value })),
    ...wrong('new Engine, seed', [...LEFT_OUT, 'number'], (value) => new Engine(perpetualConfig({ seed: value }))),
    ...wrong(
      'new Engine, deposits',
      [...LEFT_OUT, 'object', 'array', 'buffer', 'view', 'floats'],
      (value) => new Engine(perpetualConfig({ deposits: value })),
    ),
    ...wrong(
      'new Engine, tick size',
      [],
      (value) => new Engine(perpetualConfig({ instruments: [instrumentSpec('A', { tick_size: value })] })),
    ),
    ...wrong('new Engine, command ring', LEFT_OUT, (value) => new Engine(perpetualConfig({ command_ring: value }))),
    ...wrong('new Engine, event ring', LEFT_OUT, (value) => new Engine(perpetualConfig({ event_ring: value }))),
    ...wrong('new Engine, fill model', LEFT_OUT, (value) => new Engine(perpetualConfig({ fill_model: value }))),
    ...wrong('new Engine, latency', LEFT_OUT, (value) => new Engine(perpetualConfig({ entry_latency: value }))),
    ...on(fresh, 'loadTicks', [], (engine, value) => engine.loadTicks(value)),
    ...on(fresh, 'loadTicks, rounds', ['number', 'none'], (engine, value) => engine.loadTicks(tickBytes([]), value)),
    ...on(fresh, 'loadTapes', [], (engine, value) => engine.loadTapes(value)),
    ...on(fresh, 'loadTapes, a path', [], (engine, value) => engine.loadTapes([value])),
    ...on(fresh, 'goLive', ['number', 'none'], (engine, value) => engine.goLive(value)),
    ...on(live, 'pushTicks', [], (engine, value) => engine.pushTicks(value)),
    ...on(fresh, 'restore', [], (engine, value) => engine.restore(value)),
    ...on(fresh, 'depth, side', ['number'], (engine, value) => engine.depth(value, 5)),
    ...on(fresh, 'depth, levels', ['number'], (engine, value) => engine.depth(0, value)),
    ...on(fresh, 'depth, instrument', ['none'], (engine, value) => engine.depth(0, 5, value)),
    ...on(fresh, 'run', [], (engine, value) => engine.run(value)),
    ...on(fresh, 'run, mode', ['none'], (engine, value) => engine.run({ onTick: () => undefined }, { mode: value })),
    ...on(fresh, 'run, maxRecords', ['number', 'none'], (engine, value) =>
      engine.run({ onTick: () => undefined }, { maxRecords: value }),
    ),
    ...on(fresh, 'run, interests.every', ['number', 'none'], (engine, value) =>
      engine.run({ interests: { every: value }, onTick: () => undefined }),
    ),
    {
      what: 'loadTicks with a truncated record',
      call: () => fresh().loadTicks(tickBytes(generatedTicks(1, 1)).subarray(1)),
    },
    { what: 'loadTicks with kind 99', call: () => fresh().loadTicks(tickBytes([{ recvNs: 1n, kind: 99 }])) },
    {
      what: 'loadTicks with side 3',
      call: () => fresh().loadTicks(tickBytes([{ recvNs: 1n, kind: KIND.delta, side: 3 }])),
    },
  ]
}

/** Wrong commands. */
export function commandMisuses(): Misuse[] {
  const { Buy } = Side
  const { Limit } = OrderType
  return [
    ...command('submit, side', [], (commands, value) => commands.submit(value === 7 ? (7 as Side) : value, 1, 1)),
    ...command('submit, price', ['number', 'bad number'], (commands, value) => commands.submit(Buy, value, 1)),
    ...command('submit, size', ['number'], (commands, value) => commands.submit(Buy, 1, value)),
    ...command('submit, type', ['none', 'number'], (commands, value) =>
      commands.submit(Buy, 1, 1, value ?? (9 as never)),
    ),
    ...command('submit, terms', ['none', 'object', 'array', 'buffer', 'view', 'floats'], (commands, value) =>
      commands.submit(Buy, 1, 1, OrderType.Limit, 0, value),
    ),
    ...command('moveTrigger, order', ['number'], (commands, value) => commands.moveTrigger(value, 1)),
    ...command('moveTrigger, trigger', ['number'], (commands, value) => commands.moveTrigger(1, value)),
    ...command('query', ['number'], (commands, value) => commands.query(value)),
    ...command('submit, instrument', ['none'], (commands, value) => commands.submit(Buy, 1, 1, Limit, value)),
    ...command('submitDecimal, price', ['number', 'bad number', 'bigint'], (commands, value) =>
      commands.submitDecimal(Buy, value, 1),
    ),
    ...command('submitDecimal, size', ['number', 'bad number', 'bigint'], (commands, value) =>
      commands.submitDecimal(Buy, 1, value),
    ),
    ...command('amend, id', ['number'], (commands, value) => commands.amend(value, 1, 1)),
    ...command('amend, price', ['number', 'bad number'], (commands, value) => commands.amend(1, value, 1)),
    ...command('amend, size', ['number'], (commands, value) => commands.amend(1, 1, value)),
    ...command('cancel', ['number'], (commands, value) => commands.cancel(value)),
    ...command('cancelAll', ['none', 'bad number'], (commands, value) => commands.cancelAll(value)),
  ]
}

/** Wrong calls of everything that is done with tapes. */
export function tapeMisuses(): Misuse[] {
  const good = { from: 'binance-raw', inputs: ['nowhere.gz'], out: 'nowhere/x', instruments: [instrumentSpec('A')] }
  return [
    ...wrong('tape.convert', [], (value) => tape.convert(value)),
    ...wrong('tape.convert, from', [], (value) => tape.convert({ ...good, from: value })),
    ...wrong('tape.convert, inputs', [], (value) => tape.convert({ ...good, inputs: value })),
    ...wrong('tape.convert, out', [], (value) => tape.convert({ ...good, out: value })),
    ...wrong('tape.convert, instruments', [], (value) => tape.convert({ ...good, instruments: value })),
    ...wrong('tape.convert, skipBad', [], (value) => tape.convert({ ...good, skipBad: value })),
    ...wrong('tape.convert, onProgress', ['none', 'function'], (value) => tape.convert({ ...good, onProgress: value })),
    ...wrong('tape.info', [], (value) => tape.info(value)),
    ...wrong('tape.cat', [], (value) => tape.cat(value, { offset: 0, limit: 1 })),
    ...wrong('tape.cat, options', [], (value) => tape.cat('nowhere', value)),
    ...wrong('tape.slice', [], (value) => tape.slice(value)),
    ...wrong('tape.slice, from', [], (value) => tape.slice({ input: 'nowhere', out: 'x', fromNs: value })),
    ...wrong('tape.merge', [], (value) => tape.merge(value)),
    ...wrong('tape.merge, inputs', [], (value) => tape.merge({ inputs: value, out: 'nowhere/x' })),
    ...wrong('tape.verify', [], (value) => tape.verify(value)),
    ...wrong('tape.replay', [], (value) => tape.replay(value)),
    ...wrong('tape.replay, tapes', [], (value) => tape.replay({ tapes: value })),
  ]
}

/** Wrong blocks: nothing but a large enough Float64Array over shared memory will do. */
export function blockMisuses(): Misuse[] {
  const config = JSON.stringify(perpetualConfig())
  const { cells } = addon.engineLayout(config)
  const blocks: readonly (readonly [string, () => unknown])[] = [
    ['a Float64Array over private memory', () => new Float64Array(cells)],
    ['a detached Float64Array', () => detached(new Float64Array(cells))],
    ['shared memory that is too small', () => new Float64Array(new SharedArrayBuffer(8 * (cells - 1)))],
    ['no shared memory at all', () => new Float64Array(new SharedArrayBuffer(0))],
    ['an Int32Array', () => new Int32Array(new SharedArrayBuffer(8 * cells))],
    ['a BigInt64Array', () => new BigInt64Array(new SharedArrayBuffer(8 * cells))],
    ['a DataView', () => new DataView(new SharedArrayBuffer(8 * cells))],
    ['the memory without a view', () => new SharedArrayBuffer(8 * cells)],
    ['a view behind a proxy', () => new Proxy(new Float64Array(new SharedArrayBuffer(8 * cells)), {})],
    ...VALUES.map(([name, , value]) => [name, () => value] as const),
  ]
  return blocks.map(([name, block]) => ({
    what: `a block that is ${name}`,
    call: () => new addon.NativeEngine(config, block()),
  }))
}

/** Every function of the addon with values of every sort: the result is an exception with a code, or none. */
export function rawCalls(): Misuse[] {
  const config = JSON.stringify(perpetualConfig())
  const { cells } = addon.engineLayout(config)
  const engine = new addon.NativeEngine(config, new Float64Array(new SharedArrayBuffer(8 * cells)))
  const methods = Object.getOwnPropertyNames(addon.NativeEngine.prototype).filter((name) => name !== 'constructor')
  // Entering is tested with the hot functions.
  const tested = methods.filter((name) => !['enter', 'leave', 'close'].includes(name))
  const functions = Object.keys(addon).filter(
    (name) => typeof addon[name as never] === 'function' && /^[a-z]/.test(name),
  )
  const call = (target: object, name: string, args: unknown[]) =>
    (Reflect.get(target, name) as (...args: unknown[]) => unknown).apply(target, args)
  return [
    ...tested.flatMap((name) =>
      wrong(`NativeEngine.${name}`, [], (value) => call(engine, name, [value, value, value])),
    ),
    ...['loadTicks', 'pushTicks', 'restore'].map((name) => ({
      what: `NativeEngine.${name} with bytes whose memory was given away`,
      call: () => call(engine, name, [detached(new Uint8Array(480)), 1]),
    })),
    ...[0, 0x100_0000, 2 ** 32 - 1, 2 ** 53].map((capacity) => ({
      what: `NativeEngine.goLive with a capacity of ${capacity}`,
      call: () => call(engine, 'goLive', [capacity]),
    })),
    ...functions.flatMap((name) => wrong(name, [], (value) => call(addon, name, [value, value, value, value]))),
  ]
}
