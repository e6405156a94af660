/** Entry of `npm run bench:peers`. */
import { describeMachine } from '../machine.js'
import { prepare } from './environments.js'
import { isOurs, type ProgramName, type Race, races } from './field.js'
import { type Reached, reachedIn } from './goals.js'
import { HELP, type Options, parseOptions } from './options.js'
import { writePage } from './page.js'
import { type Program, start } from './program.js'
import { type Rounds, run } from './race.js'
import { goalTable, linesOf, type RaceResult, section, tableOf } from './report.js'

const PASSED = 0
const FAILED = 1
const CALLED_WRONGLY = 2

const FULL: Rounds = { warmUp: 5, counted: 9 }
const QUICK: Rounds = { warmUp: 3, counted: 3 }

async function main(args: readonly string[]): Promise<number> {
  let options: Options
  try {
    options = parseOptions(args, names())
  } catch (error) {
    process.stderr.write(`bench:peers: ${(error as Error).message}; see --help\n`)
    return CALLED_WRONGLY
  }
  if (options.help) {
    process.stdout.write(HELP)
    return PASSED
  }
  return compare(options)
}

async function compare({ quick, json, write, only }: Options): Promise<number> {
  const machine = describeMachine(new Date())
  const rounds = quick ? QUICK : FULL
  const chosen = choose(races(quick), only)
  const stable = await startAll(chosen)
  const done: RaceResult[] = []
  const goals: Reached[] = []
  try {
    for (const race of chosen) {
      say(`${race.work} on ${race.input}: ${race.entries.map(({ label }) => label).join(' · ')}`)
      const results = await run(race, stable, rounds)
      done.push({ race, results })
      goals.push(...reachedIn(race, results, rounds))
    }
  } finally {
    for (const program of stable.values()) if (typeof program === 'object') program.close()
  }
  const lines = linesOf(done, rounds)
  const versions = versionsOf(stable)
  if (json) process.stdout.write(`${JSON.stringify({ machine, versions, lines, goals })}\n`)
  else process.stdout.write(`${goalTable(goals)}\n\n${tableOf(lines)}\n\n${versions}\n${machine}\n`)
  const isWrong = lines.some(({ verdict }) => verdict === 'wrong')
  if (write && !isWrong) writePage(section(lines, goals, machine, versions))
  return isWrong ? FAILED : PASSED
}

/** What `--only` may name. */
function names(): string[] {
  const all = races(false)
  const peers = all.flatMap(({ entries }) => entries.map(({ program }) => program))
  return [...new Set([...all.map(({ work }) => work), ...all.map(({ input }) => input), ...peers])]
}

/** The races of that work or input, or with that peer: then of it and ours alone. */
function choose(all: readonly Race[], only: string | undefined): Race[] {
  if (only === undefined) return [...all]
  const named = all.filter(({ work, input }) => work === only || input === only)
  if (named.length > 0) return named
  const withPeer = (race: Race): Race => ({
    ...race,
    entries: race.entries.filter((entry) => isOurs(entry) || entry.contestant === 'plain' || entry.program === only),
  })
  return all.filter(({ entries }) => entries.some(({ program }) => program === only)).map(withPeer)
}

/** Starts what the races need; what cannot be had stays as its reason. */
async function startAll(chosen: readonly Race[]): Promise<Map<string, Program | string>> {
  const stable = new Map<string, Program | string>()
  for (const name of new Set(chosen.flatMap(({ entries }) => entries.map(({ program }) => program)))) {
    say(`starting ${name}`)
    stable.set(name, await startOne(name))
  }
  return stable
}

async function startOne(name: ProgramName): Promise<Program | string> {
  try {
    return await start(prepare(name, say))
  } catch (error) {
    // Without ours there is nothing to compare.
    if (name === 'ours' || name === 'rust') throw error
    say(`${name} is skipped: ${(error as Error).message}`)
    return (error as Error).message
  }
}

function versionsOf(stable: ReadonlyMap<string, Program | string>): string {
  const found = [...stable.values()].flatMap((program) =>
    typeof program === 'object' ? Object.entries(program.versions) : [],
  )
  return found.map(([name, version]) => `${name} ${version}`).join(', ')
}

const started = performance.now()

function say(what: string): void {
  process.stderr.write(`bench:peers: ${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what}\n`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`bench:peers: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exitCode = FAILED
}
