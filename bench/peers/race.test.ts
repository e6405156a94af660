import { describe, expect, test } from 'vitest'
import { agreedAnswer } from '../answers.js'
import { type Entry, isOurs, type Race, races } from './field.js'
import { GOALS } from './goals.js'
import { parseOptions } from './options.js'
import { replaced } from './page.js'
import type { Program, Reply, Request } from './program.js'
import { medianNs, type Rounds, ratio, run, wrongIn } from './race.js'
import { linesOf, tableOf } from './report.js'

const ROUNDS: Rounds = { warmUp: 1, counted: 2 }
const RECORDS = 1_000_000
const RIGHT = { trades: 27_222, profit: 314_959, endPosition: 1 }

const ours: Entry = { program: 'ours', contestant: 'engine', label: 'ours, engine', records: RECORDS }
const peer: Entry = { program: 'vectorbt', contestant: 'rust', label: 'vectorbt', records: RECORDS, lacks: ['trades'] }
const race = (...entries: Entry[]): Race => ({ work: 'W3', input: 'bars', entries })

/** A program that answers with these, one a request, and remembers what it was asked. */
function scripted(replies: Reply[], asked: Request[] = []): Program {
  return {
    versions: {},
    run: (request) => {
      asked.push(request)
      return Promise.resolve(replies.shift()!)
    },
    close: () => {},
  }
}

const runs = (...ns: number[]): Reply[] => ns.map((one) => ({ ns: one * RECORDS, answer: RIGHT }))

describe('a race', () => {
  test('runs its entries in turn, and a ratio is taken within each round', async () => {
    const asked: Request[] = []
    const stable = new Map([
      ['ours', scripted(runs(9, 10, 100), asked)],
      ['vectorbt', scripted(runs(90, 20, 300), asked)],
    ])
    const [mine, other] = await run(race(ours, peer), stable, ROUNDS)
    expect(asked.map(({ contestant }) => contestant)).toEqual(['engine', 'rust', 'engine', 'rust', 'engine', 'rust'])
    expect(medianNs(mine!, ROUNDS)).toBe(55)
    expect(ratio(other!, mine!, ROUNDS)).toBe(2.5)
  })

  test('asks a slow entry in the last rounds only', async () => {
    const stable = new Map([
      ['ours', scripted(runs(9, 10, 20))],
      ['vectorbt', scripted(runs(60))],
    ])
    const [mine, other] = await run(race(ours, { ...peer, lastRounds: 1 }), stable, ROUNDS)
    expect(other!.rounds).toEqual([undefined, undefined, 60])
    expect(ratio(other!, mine!, ROUNDS)).toBe(3)
  })

  test('a wrong answer is told and has no figure, whatever its time', async () => {
    const wrong: Reply = { ns: 1, answer: { ...RIGHT, profit: 1 } }
    const results = await run(race(ours), new Map([['ours', scripted([...runs(9), wrong, ...runs(9)])]]), ROUNDS)
    const [line] = linesOf([{ race: race(ours), results }], ROUNDS)
    expect(line).toMatchObject({ verdict: 'wrong', ns_per_record: null, reason: 'profit 1 instead of 314959' })
    expect(tableOf([line!])).toContain('wrong: profit 1')
  })

  test('a peer that cannot be had or breaks is skipped with its reason, and the others go on', async () => {
    const broken: Reply = { error: 'MemoryError' }
    const stable = new Map<string, Program | string>([
      ['ours', scripted(runs(9, 10, 20))],
      ['vectorbt', 'Python 3.11 is not installed'],
      ['backtesting', scripted([...runs(5), broken])],
    ])
    const entries = [ours, peer, { ...peer, program: 'backtesting' } as const]
    const results = await run(race(...entries), stable, ROUNDS)
    const lines = linesOf([{ race: race(...entries), results }], ROUNDS)
    expect(lines.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['right', undefined],
      ['skipped', 'Python 3.11 is not installed'],
      ['skipped', 'MemoryError'],
    ])
  })

  test('what a peer cannot be asked for is not compared, everything else is', () => {
    const { trades, ...rest } = RIGHT
    expect(wrongIn(race(peer), peer, rest)).toBeUndefined()
    expect(wrongIn(race(ours), ours, rest)).toBe(`trades undefined instead of ${trades}`)
    expect(wrongIn(race(peer), peer, {})).toMatch(/^endPosition|^profit/)
    expect(wrongIn(race(peer), { ...peer, records: 7 }, rest)).toBe('no answer is agreed on for 7 records')
  })
})

describe('the field', () => {
  test.each([true, false])('has an agreed answer for every entry, quick %s', (quick) => {
    for (const { work, input, entries } of races(quick)) {
      for (const { label, records } of entries) {
        expect(agreedAnswer(work, input, records), `${work} ${input} ${label}`).toBeDefined()
      }
    }
  })

  test('every goal names who takes part', () => {
    for (const { work, ours: mine, peer: other } of GOALS) {
      const all = races(false).filter((one) => one.work === work)
      const entries = all.flatMap((one) => one.entries)
      expect(
        entries.some((entry) => isOurs(entry) && entry.contestant === mine),
        mine,
      ).toBe(true)
      expect(
        entries.some(({ label }) => label === other),
        other,
      ).toBe(true)
    }
  })
})

test('options name what was given and what is allowed', () => {
  expect(parseOptions(['--quick', '--only', 'W1'], ['W1', 'W2'])).toMatchObject({ quick: true, only: 'W1' })
  expect(() => parseOptions(['--only', 'W9'], ['W1', 'W2'])).toThrow('--only W9 is not one of W1, W2')
  expect(() => parseOptions(['--write', '--quick'], [])).toThrow('--write goes with neither')
})

test('only what stands between the marks of a page is replaced', () => {
  const page = 'a\n<!-- peers: begin -->\n\nold\n\n<!-- peers: end -->\nb\n'
  expect(replaced(page, 'new\n')).toBe('a\n<!-- peers: begin -->\n\nnew\n\n<!-- peers: end -->\nb\n')
  expect(() => replaced('no marks', 'new')).toThrow(/put them where the table goes/)
})
