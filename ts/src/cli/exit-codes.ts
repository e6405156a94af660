/** What the process says with its exit code; stable, listed in every command's help. */
export const EXIT = {
  ok: 0,
  /** A check found something, or a run ended early because of its controller. */
  failed: 1,
  /** The command line or a config is wrong. */
  usage: 2,
  /** A file is missing, unreadable or not what it should be. */
  badInput: 3,
  /** A bug of ours, or an installation that cannot work. */
  internal: 4,
} as const

export const EXIT_CODE_HELP = `
Exit codes:
  0  done
  1  a check found something, or the controller failed
  2  the command line or a config is wrong
  3  a file is missing, unreadable or not what it should be
  4  a bug of ours, or an installation that cannot work`

const BY_CODE: Readonly<Record<string, number>> = {
  E_CONTROLLER_THREW: EXIT.failed,
  // Whoever calls with a wrong argument here is the controller.
  E_ARGUMENT: EXIT.failed,
  E_REENTRANT: EXIT.failed,
  E_NOT_AN_ACTION_POINT: EXIT.failed,
  E_COMMAND_RING_FULL: EXIT.failed,
  E_TOO_MANY_ORDERS: EXIT.failed,
  E_COMMAND: EXIT.failed,
  E_REQUESTS_FULL: EXIT.failed,
  E_CANCELLED: EXIT.failed,
  E_USAGE: EXIT.usage,
  E_CONFIG: EXIT.usage,
  E_OPTION: EXIT.usage,
  E_EXISTS: EXIT.usage,
  E_UNKNOWN_READER: EXIT.usage,
  E_UNKNOWN_SYMBOL: EXIT.usage,
  E_INSTRUMENT: EXIT.usage,
  E_INSTRUMENTS: EXIT.usage,
  E_ACCOUNT: EXIT.usage,
  E_FILL_MODEL: EXIT.usage,
  E_LATENCY: EXIT.usage,
  E_FAULT: EXIT.usage,
  E_INDICATOR_SETTING: EXIT.usage,
  E_NOT_TRADABLE: EXIT.usage,
  E_INTERNAL: EXIT.internal,
  E_POISONED: EXIT.internal,
  E_CLOSED: EXIT.internal,
  E_UNSUPPORTED_PLATFORM: EXIT.internal,
}

/** The exit code of an error; codes that are not named speak of what was read. */
export function exitCodeOf(errorCode: string): number {
  return BY_CODE[errorCode] ?? EXIT.badInput
}
