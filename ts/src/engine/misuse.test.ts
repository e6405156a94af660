import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../domain/index.js'
import { addon, details, step } from './addon.js'
import { blockMisuses, commandMisuses, engineMisuses, type Misuse, rawCalls, tapeMisuses } from './misuse.test-kit.js'
import { codeOf, generatedEngine } from './recorded-run.test-kit.js'

/** The calls that did not end in an exception with a code of ours, with what came instead. */
function unanswered(misuses: readonly Misuse[]): string[] {
  return misuses
    .map(({ what, call }) => [what, codeOf(call)] as const)
    .filter(([, code]) => !(code in ERROR_CODES))
    .map(([what, code]) => `${what}: ${JSON.stringify(code)}`)
}

/** Runs all of them in a process of its own and gives what it printed. */
const CHILD = `
  const kit = await import(${JSON.stringify(new URL('./misuse.test-kit.ts', import.meta.url).href)})
  const { codeOf } = await import(${JSON.stringify(new URL('./recorded-run.test-kit.ts', import.meta.url).href)})
  let calls = 0
  for (const group of [kit.engineMisuses, kit.commandMisuses, kit.tapeMisuses, kit.blockMisuses, kit.rawCalls]) {
    for (const { call } of group()) {
      codeOf(call)
      calls += 1
    }
  }
  console.log(calls)
`

describe('calls that nobody can have meant', () => {
  it.each<[string, () => Misuse[], number]>([
    ['of the engine', engineMisuses, 350],
    ['at action points', commandMisuses, 150],
    ['with tapes', tapeMisuses, 250],
    ['with blocks', blockMisuses, 25],
  ])('%s are each an exception with a code of the table', (_what, misuses, atLeast) => {
    const all = misuses()
    expect(all.length).toBeGreaterThan(atLeast)
    expect(unanswered(all)).toEqual([])
  })

  it('of the raw addon are an exception with a code, or one of its numbers taken modulo 2^32', () => {
    const codes = new Set(rawCalls().map(({ call }) => codeOf(call)))
    expect(codes).toContain('E_ARGUMENT')
    expect(codes).not.toContain('undefined')
    expect(codes).not.toContain('E_POISONED')
    expect(codes).not.toContain('E_INTERNAL')
  })

  it('leave the process alive', () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url))
    const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', CHILD], {
      cwd: root,
      encoding: 'utf8',
    })
    expect({ status: child.status, signal: child.signal, stderr: child.stderr }).toMatchObject({
      status: 0,
      signal: null,
    })
    expect(Number(child.stdout)).toBeGreaterThan(1_000)
  })
})

describe('the hot functions', () => {
  const { step: _step, ...others } = addon.hotFunctions() as Record<string, () => void>

  it.each([['step', step], ['details', details], ...Object.entries(others)])(
    '%s outside of a run throws E_CLOSED, whatever it is given',
    (_name, hot) => {
      const call = hot as (...args: unknown[]) => void
      expect(codeOf(() => call())).toBe('E_CLOSED')
      expect(codeOf(() => call(1, {}, Symbol('s')))).toBe('E_CLOSED')
      expect(codeOf(() => Reflect.apply(call, null, []))).toBe('E_CLOSED')
    },
  )

  it('inside a run drive the innermost engine only, and the run still ends in order', () => {
    const engine = generatedEngine({ messages: 100 })
    let stolen = 0
    const { records } = engine.run({
      interests: { every: 10 },
      onTick() {
        step()
        stolen += 1
      },
    })
    expect(records).toBe(engine.tickCount)
    expect(stolen).toBeGreaterThan(5)
    engine.close()
  })

  it('a method taken from an engine and called on something else throws', () => {
    const methods = Object.getOwnPropertyNames(addon.NativeEngine.prototype).filter((name) => name !== 'constructor')
    expect(methods.length).toBeGreaterThan(12)
    for (const name of methods) {
      const method = Reflect.get(addon.NativeEngine.prototype, name) as () => unknown
      for (const target of [{}, undefined, Object.create(addon.NativeEngine.prototype) as object]) {
        expect(() => Reflect.apply(method, target, [])).toThrow()
      }
    }
  })
})
