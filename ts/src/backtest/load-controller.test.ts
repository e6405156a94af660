import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readRunConfig } from './config.js'
import { loadStrategy } from './load-controller.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-'))
  writeFileSync(
    join(folder, 'makers.ts'),
    `
export class Maker { constructor(readonly params: { lots: number }) {} onTick(): void {} }
export class Nothing {}
export class Angry { constructor() { throw new Error('no money today') } onTick() {} }
export class Checked {
  static readonly params = { safeParse: () => ({ success: false, error: { issues: [{ path: ['lots'], message: 'too many' }] } }) }
  onTick() {}
}
export const limit: number = 5
`,
  )
  writeFileSync(join(folder, 'typo.ts'), 'export class Typo {{\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function load(decider: string, params = '{ lots: 3 }') {
  const path = join(folder, 'run.yaml')
  writeFileSync(path, `tapes: [a]\n${decider}\nparams: ${params}\n`)
  return loadStrategy(readRunConfig(path))
}

describe('a run file', () => {
  test('names a controller of a TypeScript file, which gets its params', async () => {
    const strategy = await load('controller: ./makers.ts#Maker')
    expect(strategy.interests).toEqual({ ownEvent: true, every: 'message' })
  })

  test('names a strategy, which runs as it is', async () => {
    const strategy = await load('strategy: ./makers.ts#Maker')
    expect((strategy as unknown as { params: unknown }).params).toEqual({ lots: 3 })
  })

  test('names a registered controller', async () => {
    const strategy = await load('controller: simple-maker', '{ size: 1, max_position: 2 }')
    expect(strategy.interests).toMatchObject({ intervalMs: 1_000 })
  })

  test.each([
    ['a name that is not registered', 'controller: clever-maker', 'expected ./file.ts#Class or one of simple-maker'],
    ['a registered controller as a strategy', 'strategy: simple-maker', 'expected ./file.ts#Class'],
    ['a file that is not there', 'controller: ./other.ts#Maker', 'there is no file'],
    ['a class that is not there', 'controller: ./makers.ts#Taker', 'has no class "Taker": it exports '],
    ['a file that is no TypeScript', 'controller: ./typo.ts#Typo', 'cannot be loaded'],
    ['a class without onTick', 'controller: ./makers.ts#Nothing', 'the class has no onTick(frame, desired)'],
    ['a class that throws when made', 'controller: ./makers.ts#Angry', 'no money today'],
    ['params that the class does not take', 'controller: ./makers.ts#Checked', 'params.lots: given 3: too many'],
    ['params that a registered controller does not take', 'controller: simple-maker', 'params.size'],
  ])('with %s is refused, and says where and why', async (_what, decider, message) => {
    await expect(load(decider)).rejects.toMatchObject({ code: 'E_CONFIG', message: expect.stringContaining(message) })
    await expect(load(decider)).rejects.toMatchObject({ message: expect.stringMatching(/run\.yaml:\d+:\d+: /) })
  })
})
