import { type Answer, agreedAnswer, difference } from '../answers.js'
import { inputFile } from '../inputs/catalog.js'
import { median } from '../runner/statistics.js'
import type { Entry, Race } from './field.js'
import type { Program, Reply } from './program.js'

/** Rounds that only warm up, and those that count. */
export interface Rounds {
  readonly warmUp: number
  readonly counted: number
}

/** What came of an entry. */
export interface Result {
  readonly entry: Entry
  /** ns a record by round, warm-up included; `undefined` where it did not take part. */
  readonly rounds: readonly (number | undefined)[]
  readonly answer: Partial<Answer> | undefined
  /** Why it could not take part. */
  readonly skipped?: string
  /** What was wrong with its answer. */
  readonly wrong?: string
}

/** Programs by name, or why there is none. */
export type Stable = ReadonlyMap<string, Program | string>

/** Runs every entry once a round, in turn, and holds each answer against the agreed one. */
export async function run(race: Race, stable: Stable, { warmUp, counted }: Rounds): Promise<Result[]> {
  const runners = race.entries.map((entry) => new Runner(race, entry, stable.get(entry.program)))
  for (let round = 0; round < warmUp + counted; round += 1) {
    const left = warmUp + counted - round
    for (const runner of runners) await runner.go(left)
  }
  return runners.map((runner) => runner.result())
}

class Runner {
  readonly #race: Race
  readonly #entry: Entry
  readonly #program: Program | undefined
  readonly #rounds: (number | undefined)[] = []
  #answer: Partial<Answer> | undefined
  #skipped: string | undefined
  #wrong: string | undefined

  constructor(race: Race, entry: Entry, program: Program | string | undefined) {
    this.#race = race
    this.#entry = entry
    if (typeof program === 'object') this.#program = program
    else this.#skipped = program ?? 'it was not started'
  }

  /** Takes part in a round; `left` counts it and those after it. */
  async go(left: number): Promise<void> {
    const { contestant, records, lastRounds = Number.POSITIVE_INFINITY } = this.#entry
    if (this.#program === undefined || this.#skipped !== undefined || left > lastRounds) {
      this.#rounds.push(undefined)
      return
    }
    const { work, input } = this.#race
    const path = inputFile(input, records)
    const said = await this.#program.run({ contestant, work, input, path, records }).catch(failure)
    if ('error' in said) {
      this.#skipped = said.error
      return
    }
    this.#rounds.push(said.ns / records)
    this.#answer ??= said.answer
    this.#wrong ??= wrongIn(this.#race, this.#entry, said.answer)
  }

  result(): Result {
    const base = { entry: this.#entry, rounds: this.#rounds, answer: this.#answer }
    if (this.#wrong !== undefined) return { ...base, wrong: this.#wrong }
    return this.#skipped === undefined ? base : { ...base, skipped: this.#skipped }
  }
}

function failure(error: unknown): Reply {
  return { error: error instanceof Error ? error.message : String(error) }
}

/** What an answer lacks or has otherwise than agreed. */
export function wrongIn(race: Race, entry: Entry, found: Partial<Answer>): string | undefined {
  const agreed = agreedAnswer(race.work, race.input, entry.records)
  if (agreed === undefined) return `no answer is agreed on for ${entry.records} records`
  const compared = Object.entries(agreed).filter(([key]) => !entry.lacks?.includes(key as keyof Answer))
  return difference({ checksum: 0, ...found }, Object.fromEntries(compared) as unknown as Answer)
}

/** Median ns a record over the rounds that count. */
export function medianNs({ rounds }: Result, { warmUp }: Rounds): number | undefined {
  const times = rounds.slice(warmUp).filter((ns) => ns !== undefined)
  return times.length === 0 ? undefined : median(times)
}

/** How many times as long as `ours` the other took: the median of the ratios within the rounds that both were in. */
export function ratio(other: Result, ours: Result, { warmUp }: Rounds): number | undefined {
  const ratios = other.rounds.slice(warmUp).flatMap((ns, n) => {
    const mine = ours.rounds[warmUp + n]
    return ns === undefined || mine === undefined ? [] : [ns / mine]
  })
  return ratios.length === 0 ? undefined : median(ratios)
}
