/** The engine, its plain JavaScript competitor and the library in a process that speaks as the peers' programs do. */
import { createInterface } from 'node:readline'
import type { Answer } from '../answers.js'
import { loadBars, loadEvents, type TapeName } from '../inputs/catalog.js'
import { barContestants } from '../works/bars.js'
import { type Contestant, type ContestantName, Stable, type WorkName } from '../works/contestants.js'
import type { Reply, Request } from './program.js'

/** What the last request needed, for the next one wants the same again. */
let kept: { readonly key: string; readonly contestants: Map<string, Contestant> } | undefined

function contestantsOf({ work, input, records }: Request): Map<string, Contestant> {
  const key = `${work} ${input} ${records}`
  if (kept?.key !== key) kept = { key, contestants: made(work, input, records) }
  return kept.contestants
}

function made(work: string, input: string, records: number): Map<string, Contestant> {
  if (input === 'bars') return barContestants(work as 'W3' | 'W4', loadBars())
  const stable = new Stable(loadEvents(input as TapeName, records))
  const names: readonly ContestantName[] = ['step', 'frames', 'advance', 'plain']
  return new Map(names.map((name) => [name, stable.contestant(work as WorkName, name)]))
}

function reply(request: Request): Reply {
  const contestant = contestantsOf(request).get(request.contestant)
  if (contestant === undefined) return { error: `no contestant ${request.contestant} does ${request.work}` }
  const run = contestant.prepare()
  const started = process.hrtime.bigint()
  const answer: Answer = run()
  return { ns: Number(process.hrtime.bigint() - started), answer }
}

process.stdout.write(`${JSON.stringify({ versions: { node: process.versions.node } })}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  let said: Reply
  try {
    said = reply(JSON.parse(line) as Request)
  } catch (error) {
    said = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
