import type { Answer } from '../answers.js'
import { difference } from '../answers.js'
import type { Contestant } from '../works/contestants.js'

/** What came of a contestant: ns a record of each round in turn, or what was wrong with its answer. */
export interface Outcome {
  readonly rounds: readonly number[]
  readonly answer: Answer
  readonly wrong?: string
}

/**
 * Lets every contestant run once a round, in turn, so that whatever the machine does it does to all of them.
 * An answer that differs from the agreed one, or from the first contestant's where none was agreed on, is an outcome.
 */
export function interleave(
  contestants: ReadonlyMap<string, Contestant>,
  records: number,
  rounds: number,
  agreed: Answer | undefined,
): Map<string, Outcome> {
  const times = new Map<string, number[]>([...contestants.keys()].map((name) => [name, []]))
  const answers = new Map<string, Answer>()
  const wrong = new Map<string, string>()
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contestant] of contestants) {
      const run = contestant.prepare()
      const started = process.hrtime.bigint()
      const answer = run()
      times.get(name)!.push(Number(process.hrtime.bigint() - started) / records)
      const expected = agreed ?? [...answers.values()][0] ?? answer
      const differs = difference(answer, expected)
      if (differs !== undefined) wrong.set(name, differs)
      if (!answers.has(name)) answers.set(name, answer)
    }
  }
  return new Map([...contestants.keys()].map((name) => [name, outcome(name)]))

  function outcome(name: string): Outcome {
    const differs = wrong.get(name)
    const base = { rounds: times.get(name)!, answer: answers.get(name)! }
    return differs === undefined ? base : { ...base, wrong: differs }
  }
}
