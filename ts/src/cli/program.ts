import { Command, CommanderError } from 'commander'
import { TickwrightError } from '../domain/index.js'
import type { Outcome } from './command.js'
import { doctorCommand } from './commands/doctor.js'
import { ledgerCommand } from './commands/ledger.js'
import { newCommand } from './commands/new-controller.js'
import { replayCommand } from './commands/replay.js'
import { runCommand } from './commands/run.js'
import { tapeCommand } from './commands/tape.js'
import type { CliContext } from './context.js'
import { EXIT, EXIT_CODE_HELP, exitCodeOf } from './exit-codes.js'
import { jsonLine, visible } from './text.js'
import { version } from './version.js'

/** Causes that are printed below an error. */
const MOST_CAUSES = 3

/** Runs a command line; gives the exit code and never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const outcome: Outcome = { exitCode: EXIT.ok }
  try {
    await programOf(context, outcome).parseAsync(args, { from: 'user' })
    return outcome.exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return printMoreHelp(outcome, args, context)
    return report(error, args, context)
  }
}

async function printMoreHelp({ moreHelp }: Outcome, args: readonly string[], context: CliContext): Promise<number> {
  try {
    if (moreHelp) context.stdout.write(await moreHelp())
    return EXIT.ok
  } catch (error) {
    return report(error, args, context)
  }
}

function programOf(context: CliContext, outcome: Outcome): Command {
  const program = new Command('tickwright')
    .description('A trading desk in one repository: replay recorded markets, run controllers on them, read the ledger.')
    .version(version(), '-V, --version')
    .addHelpText('after', `\nExample:\n  $ tickwright run config/demo.yaml\n${EXIT_CODE_HELP}`)
  const commands = [runCommand, replayCommand, tapeCommand, ledgerCommand, newCommand, doctorCommand]
  for (const make of commands) program.addCommand(make(context, outcome))
  forAll(program, (command) => {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => context.stdout.columns,
    })
  })
  return program
}

function forAll(command: Command, apply: (command: Command) => void): void {
  apply(command)
  for (const child of command.commands) forAll(child, apply)
}

/** Says what went wrong: one line and its causes for people, one JSON line for scripts. */
function report(error: unknown, args: readonly string[], context: CliContext): number {
  const fault = error instanceof CommanderError ? usageOf(error) : TickwrightError.from(error)
  const message = visible(fault.message)
  context.stderr.write(`error ${fault.code}: ${message}\n${causesOf(fault, message)}`)
  if (args.includes('--debug')) context.stderr.write(`${visible(stackOf(error)).replaceAll('\\u000a', '\n')}\n`)
  if (args.includes('--json')) {
    context.stdout.write(jsonLine({ error: { code: fault.code, message: fault.message, details: fault.details } }))
  }
  return exitCodeOf(fault.code)
}

function stackOf(error: unknown): string {
  return (error instanceof Error && error.stack) || String(error)
}

function usageOf(error: CommanderError): TickwrightError {
  const message = error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, '')
  return new TickwrightError('E_USAGE', `${message.trim().replaceAll('\n', ' ')} (see --help)`)
}

function causesOf(fault: TickwrightError, shown: string): string {
  const lines: string[] = []
  let cause: unknown = fault.cause
  for (let depth = 0; depth < MOST_CAUSES && cause instanceof Error; depth++) {
    const message = visible(cause.message)
    // Most messages quote their cause already.
    if (message !== '' && !shown.includes(message)) lines.push(`  because: ${message}\n`)
    cause = cause.cause
  }
  return lines.join('')
}
