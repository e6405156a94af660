import { parseArgs } from 'node:util'

export const HELP = `npm run bench:peers -- [options]

Runs engines of the field beside ours on the works W0 to W5, in turn, on one CPU. Every answer is compared with the
agreed one before a ratio is printed. Needs Python 3.11 and, the first time, the network: packages are installed under
bench/peers and nowhere else. A peer that cannot be had is skipped with its reason.

  --quick             100 000 records and few rounds: ends within minutes
  --only NAME         one work (W0 … W5), one input (real, bench, bars, l3) or one peer (hftbacktest, …)
  --write             puts the table into docs/performance.md
  --json              one line of JSON on standard output
  --help              this text

Ends with 0 when every answer was right, 1 when one was wrong, 2 when it was called wrongly.
`

export interface Options {
  readonly help: boolean
  readonly quick: boolean
  readonly json: boolean
  readonly write: boolean
  readonly only: string | undefined
}

/** What the command line asks for. Throws an error that says what was given and what is allowed. */
export function parseOptions(args: readonly string[], names: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  })
  const { help, quick, json, write, only } = values
  if (only !== undefined && !names.includes(only))
    throw new TypeError(`--only ${only} is not one of ${names.join(', ')}`)
  if (write && (quick || only !== undefined))
    throw new TypeError('--write goes with neither --quick nor --only: the page holds whole tables')
  return { help, quick, json, write, only }
}
