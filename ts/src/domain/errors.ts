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
  E_LIVE: 'A live run was started, stopped or fed out of order: the message says what comes first.',
  E_POISONED: 'An internal bug was caught: the engine is stopped for good; report it with the message.',
  E_CONFIG: 'A config file or option is wrong: it names the path, the value and what is allowed.',
  E_UNSUPPORTED_PLATFORM: 'No addon for this platform: build it from source with Rust.',
  E_FILE: 'A file cannot be read or written: check the path and rights.',
  E_USAGE: 'The command line is wrong: see --help.',
  E_INTERNAL: 'A bug of ours: report it with the message.',

  // types: numbers, instruments, ticks
  E_DECIMAL: 'Text that is no plain decimal number: write digits with at most one dot.',
  E_RANGE: 'A number beyond what the field holds: check its unit, then the source.',
  E_OFF_GRID: 'A price or size off the tick or lot grid: use a multiple of the step that the message names.',
  E_INSTRUMENT: 'An instrument definition is wrong: correct the field that the message names.',
  E_TICK_BUFFER: 'A tick buffer that is no whole number of 48-byte records: fix the caller.',
  E_TICK_RECORD: 'A record of an unknown kind or side: fix whoever made the buffer.',

  // book and indicators
  E_BOOK_SCALE: 'A tick size was changed by something that is no ratio of whole numbers: fix the call.',
  E_BOOK_OFF_NEW_GRID: 'A level does not lie on the new tick size: clear the book and take a snapshot.',
  E_INDICATOR_SETTING: 'An indicator setting is out of range: the message says what is allowed.',
  E_INDICATOR_COLUMNS: 'Columns of a batch differ in length: fix the call.',
  E_BAR_ORDER: 'A bar that overlaps an earlier one: give each bar once, in order.',
  E_BAR_SPAN: 'A bar that fits into no single larger one: choose periods that divide each other.',

  // paper venue
  E_FILL_MODEL: 'A setting of the fill model is wrong: correct the field that the message names.',
  E_LATENCY: 'A latency setting is wrong: correct the leg that the message names.',
  E_ACCOUNT: 'A setting of the account is wrong: correct the field that the message names.',
  E_FAULT: 'A fault on demand cannot be: correct what the message names.',
  E_INSTRUMENTS: 'Too few or too many instruments for one venue: split the run.',
  E_NOT_TRADABLE: 'An instrument that has no paper account yet: it replays, but cannot be traded.',
  E_REQUESTS_FULL: 'Too many requests on their way to the venue: let records pass before sending more.',

  // engine
  E_UNKNOWN_INSTRUMENT: 'A record of an instrument that the engine was not given: give it or leave the record out.',
  E_TIME_BACKWARDS: 'Records or rows out of the order received: sort the source.',
  E_COMMAND: 'The command ring holds what no command is: only the façade writes there.',
  E_SNAPSHOT: 'A snapshot of another version, config or engine, or a damaged one: take a new one.',
  E_QUEUE_FULL: 'The live queue is full of what may not be dropped: the consumer is too slow.',

  // tapes and recordings
  E_NOT_FOUND: 'A file is not there: check the path.',
  E_IO: 'The system refused to read or write: see its reason.',
  E_EXISTS: 'The output is there already: choose another name or allow overwriting.',
  E_NOT_A_TAPE: 'A file that is no tape: convert the recording first.',
  E_TAPE_VERSION: 'A tape of another format version: convert the recording again.',
  E_TAPE_CORRUPT: 'A tape that is cut off or damaged: fetch or convert it again.',
  E_TAPE_HASH: 'A tape whose records are not those it states: it was changed or damaged.',
  E_GZIP_TRUNCATED: 'A compressed recording that ends early: fetch it again.',
  E_GZIP: 'A compressed recording that is damaged: fetch it again.',
  E_EMPTY_INPUT: 'A recording without a record: was it cut off while it was copied?',
  E_ZIP: 'A zip that is damaged, encrypted or a bomb, or holds folders: fetch or pack it again.',
  E_NPZ: 'A file that is no hftbacktest array: check the format that was named.',
  E_DBN: 'A file that is no whole DBN file: check the format that was named, or fetch it again.',
  E_UNKNOWN_SYMBOL: 'Symbols without an instrument: name one for each or choose symbols.',
  E_OPTION: 'An option or combination that makes no sense: the message says what is allowed.',
  E_UNKNOWN_READER: 'A format that no reader has: the message lists those there are.',
  E_NO_SNAPSHOT: 'Depth changes without the book that they change: begin with a file that has the snapshot.',
  E_INSTRUMENT_CONFLICT: 'Tapes that define an instrument differently: convert one of them again.',
  E_SEGMENT: 'A file that is no segment of a recorder, or whose header is damaged: move it away to read the others.',
  E_RECORDER_STOPPED: 'A recorder that could not write: see its reason, then start a new one.',
  E_RECORD: 'A record that may not be written to a tape: fix whoever made it.',
  E_CANCELLED: 'Stopped on request: nothing was left behind.',
  E_JSON: 'A row that is not the JSON it should be: see file, line and column.',
  E_FIELD: 'A field that is absent or of the wrong kind: see file, line and column.',
  E_NEGATIVE_SIZE: 'A size below zero in a recording: see file, line and column.',
  E_NEGATIVE_PRICE: 'A price below zero where the venue has none: see file, line and column.',
  E_TIME: 'A time that is none: see file, line and column.',
  E_LINE_TOO_LONG: 'A line longer than any message: is it a recording of this format?',
  E_EVENT: 'A record of a kind that the reader does not know: is it a recording of this format?',

  // result files
  E_CSV: 'A CSV file that is not as it was written: see file and line.',
  E_LEDGER: 'Result files that no ledger can be made of: see file and line.',
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
