import { parseArgs } from 'node:util'
import type { RunMode } from '../ts/src/engine/types.js'

export const HELP = `npm run bench -- [options]

Times the engine against its floors and goals, beside a hand-tuned engine in plain JavaScript.
Answers are compared with the agreed ones first: a wrong answer fails, whatever its time.

  --quick             fewer records and rounds, nothing of Rust: ends within a minute
  --json              one line of JSON on standard output
  --help              this text

  --work W2           runs one work (W0, W1, W2) and prints its answers
  --tape FILE         on this tape of levels and trades
  --mode MODE         step (default), frames or advance

Ends with 0 when every floor is passed, 1 when a row fails, 2 when it was called wrongly.
`

const MODES: readonly RunMode[] = ['step', 'frames', 'advance']
const WORKS = ['W0', 'W1', 'W2'] as const

export interface Options {
  readonly help: boolean
  readonly json: boolean
  readonly quick: boolean
  /** Given, one work on one tape is run and nothing else. */
  readonly single: SingleRun | undefined
}

export interface SingleRun {
  readonly work: (typeof WORKS)[number]
  readonly tape: string
  readonly mode: RunMode
}

/** What the command line asks for. Throws an error that says what was given and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      work: { type: 'string' },
      tape: { type: 'string' },
      mode: { type: 'string' },
    },
  })
  const { help, json, quick } = values
  return { help, json, quick, single: singleRun(values.work, values.tape, values.mode) }
}

function singleRun(
  work: string | undefined,
  tape: string | undefined,
  mode: string | undefined,
): SingleRun | undefined {
  if (work === undefined && tape === undefined && mode === undefined) return undefined
  if (work === undefined || tape === undefined) throw new TypeError('--work and --tape go together: give both')
  return { work: oneOf('--work', WORKS, work), tape, mode: oneOf('--mode', MODES, mode ?? 'step') }
}

function oneOf<T extends string>(option: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((name) => name === given)
  if (found === undefined) throw new TypeError(`${option} ${given} is not one of ${allowed.join(', ')}`)
  return found
}
