import { Command, InvalidArgumentError } from 'commander'
import { TickwrightError } from '../domain/index.js'
import type { CliContext } from './context.js'
import { EXIT_CODE_HELP } from './exit-codes.js'
import { jsonLine } from './text.js'

/** What every command understands. */
export interface CommonOptions {
  readonly json?: boolean
  readonly progress?: boolean
  readonly debug?: boolean
}

/** What a command found: one JSON value for scripts, text for people, and whether all is well. */
export interface CommandResult {
  readonly json: unknown
  readonly text: string
  /** 0 if not given. */
  readonly exitCode?: number
}

/** Where the exit code of the command that ran is put. */
export interface Outcome {
  exitCode: number
  /** What is printed below the help of a command: text that must be waited for. */
  moreHelp?: () => Promise<string>
}

/** A command with the options that all have and an example; `run` gets its arguments and options and gives the result. */
export function describe(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .option('--json', 'print exactly one line of JSON on standard output')
    .option('--progress', 'show progress also where standard error is no terminal')
    .option('--no-progress', 'never show progress')
    .option('--debug', 'print stack traces of errors')
    .addHelpText('after', `\nExample:\n  $ ${example.replaceAll('\n', '\n  $ ')}\n${EXIT_CODE_HELP}`)
}

/** Makes `run` what the command does: prints its result and keeps its exit code. */
export function perform<Options extends CommonOptions>(
  command: Command,
  context: CliContext,
  outcome: Outcome,
  run: (given: string[], options: Options) => CommandResult | Promise<CommandResult>,
): Command {
  return command.action(async () => {
    const options = command.opts<Options>()
    const result = await run(
      command.processedArgs.flat().filter((text): text is string => text !== undefined),
      options,
    )
    context.stdout.write(options.json ? jsonLine(result.json) : result.text)
    outcome.exitCode = result.exitCode ?? 0
  })
}

/** For an option that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value]
}

/** For an option that counts something. */
export function count(value: string): number {
  const number = Number(value)
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('give a whole number from 0 on')
  return number
}

/** For an option that is a time: ns since the Unix epoch, or RFC 3339 with a zone. Gives ns as a decimal string. */
export function instant(value: string): string {
  if (/^\d{1,19}$/.test(value)) return value
  const [, whole, part = '', zone] =
    /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:\d\d)$/.exec(value) ?? []
  const ms = Date.parse(`${whole}${zone}`)
  if (Number.isNaN(ms)) {
    throw new InvalidArgumentError('give ns since the Unix epoch or a time such as 2024-08-09T00:00:00Z')
  }
  return `${BigInt(ms) * 1_000_000n + BigInt(part.padEnd(9, '0'))}`
}

/** A wrong command line. */
export function usageFault(message: string): TickwrightError {
  return new TickwrightError('E_USAGE', message)
}
