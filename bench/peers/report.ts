import { number } from '../table.js'
import { isOurs, NOTES, type Race } from './field.js'
import type { Reached } from './goals.js'
import { medianNs, type Result, type Rounds, ratio } from './race.js'

/** A race that was run. */
export interface RaceResult {
  readonly race: Race
  readonly results: readonly Result[]
}

/** A line of the table, and one object of `--json`. */
export interface Line {
  readonly work: string
  readonly input: string
  readonly who: string
  readonly records: number
  readonly ns_per_record: number | null
  readonly best_ns: number | null
  /** How many times as long as each of ours, by its name. */
  readonly times_ours: Readonly<Record<string, number>>
  readonly verdict: 'right' | 'wrong' | 'skipped'
  readonly reason?: string
}

/** Lines of all races; a wrong answer has no figures. */
export function linesOf(races: readonly RaceResult[], rounds: Rounds): Line[] {
  return races.flatMap(({ race, results }) => results.map((result) => lineOf(race, result, results, rounds)))
}

function lineOf(race: Race, result: Result, all: readonly Result[], rounds: Rounds): Line {
  const { entry, wrong, skipped } = result
  const base = { work: race.work, input: race.input, who: entry.label, records: entry.records }
  const none = { ns_per_record: null, best_ns: null, times_ours: {} }
  if (wrong !== undefined) return { ...base, ...none, verdict: 'wrong', reason: wrong }
  if (skipped !== undefined) return { ...base, ...none, verdict: 'skipped', reason: skipped }
  const counted = result.rounds.slice(rounds.warmUp).filter((ns) => ns !== undefined)
  return {
    ...base,
    ns_per_record: medianNs(result, rounds) ?? null,
    best_ns: counted.length === 0 ? null : Math.min(...counted),
    times_ours: timesOurs(result, all, rounds),
    verdict: 'right',
  }
}

function timesOurs(result: Result, all: readonly Result[], rounds: Rounds): Record<string, number> {
  if (isOurs(result.entry)) return {}
  const ours = all.filter(({ entry, wrong }) => isOurs(entry) && wrong === undefined)
  const ratios = ours.map((one) => [one.entry.contestant, ratio(result, one, rounds)] as const)
  return Object.fromEntries(ratios.filter((pair): pair is readonly [string, number] => pair[1] !== undefined))
}

const HEAD = ['work', 'input', 'who', 'records', 'ns a record', 'best', 'times ours']

/** The table as Markdown: for the terminal as for the page. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.work,
    line.input,
    line.who,
    number(line.records),
    line.verdict === 'right' ? number(line.ns_per_record) : `${line.verdict}: ${line.reason}`,
    number(line.best_ns),
    Object.entries(line.times_ours)
      .map(([name, times]) => `${number(times)} ${name}`)
      .join(', '),
  ])
  return markdown([HEAD, HEAD.map(() => '---'), ...rows])
}

/** The goals as Markdown. */
export function goalTable(goals: readonly Reached[]): string {
  const rows = goals.map(({ work, input, ours, peer, atLeast, ratio: reached }) => [
    `${work} ${input}`,
    `\`${ours}\` over ${peer}`,
    `${atLeast} ×`,
    reached === undefined ? '–' : `${number(reached)} ×${reached >= atLeast ? ' ✓' : ''}`,
  ])
  const head = ['work', 'ratio', 'goal', 'reached']
  return markdown([head, head.map(() => '---'), ...rows])
}

function markdown(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

/** Everything that belongs between the marks of the page. */
export function section(lines: readonly Line[], goals: readonly Reached[], machine: string, versions: string): string {
  const notes = NOTES.map((note) => `- ${note}`).join('\n')
  const about = `${machine.replaceAll(' · ', '; ')}. ${versions}.`
  return `${about}\n\n${goalTable(goals)}\n\n${tableOf(lines)}\n\nWhat peers do for a record:\n\n${notes}\n`
}
