/**
 * Every code an error of this project can carry, with who must act. Codes of the Rust crates and of the command line
 * stand in one table; a test holds it equal to the Rust lists.
 */
export const ERROR_CODES = {
  E_ARGUMENT: 'The caller passed a value of the wrong type or out of range: fix the call.',
  E_CLOSED: 'The engine or reader was closed: make a new one.',
  E_REENTRANT: 'The engine was driven from inside its own callback: return first.',
  E_NOT_AN_ACTION_POINT: 'A command was given between action points: declare an interest that makes this moment one.',
  E_COMMAND_RING_FULL: 'More commands at one action point than the ring holds: send fewer or raise command_ring.',
  E_TOO_MANY_ORDERS: 'Every order slot is taken: cancel some orders first.',
  E_CONTROLLER_THREW: 'The controller threw: see the cause; the engine is whole and the run is over.',
  E_POISONED: 'An internal bug was caught: the engine is stopped for good; report it with the message.',
  E_CONFIG: 'A config file or option is wrong: it names the path, the value and what is allowed.',
  E_UNSUPPORTED_PLATFORM: 'No addon for this platform: build it from source with Rust.',
  E_FILE: 'A file cannot be read or written: check the path and rights.',
  E_USAGE: 'The command line is wrong: see --help.',
  E_INTERNAL: 'A bug of ours: report it with the message.',
} as const

export type ErrorCode = keyof typeof ERROR_CODES | (string & {})

/** The one error class: a stable code, a message that says what to do, details for machines. */
export class TickwrightError extends Error {
  override readonly name = 'TickwrightError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }

  /** Keeps a TickwrightError as it is and wraps anything else, keeping a code that it already carries. */
  static from(error: unknown, code: ErrorCode = 'E_INTERNAL'): TickwrightError {
    if (error instanceof TickwrightError) return error
    if (error instanceof Error) {
      const carried = (error as { code?: unknown }).code
      const known = typeof carried === 'string' && carried.startsWith('E_') ? carried : code
      return new TickwrightError(known, error.message, { cause: error })
    }
    return new TickwrightError(code, String(error))
  }
}
