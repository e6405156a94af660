import { TickwrightError } from '../../domain/index.js'
import { native } from '../addon.js'
import type { TapeInfo } from '../tape-types.js'
import { cells, functions, HANDLE, NativeObject, RESULTS } from './native.js'
import { TICK_BYTES } from './ticks.js'

const { tapeFill } = functions

/** Records of a block where nobody says otherwise: 3 MiB. */
const BLOCK_RECORDS = 65_536
/** Records of the largest block. */
const MOST_RECORDS = 1 << 24

/**
 * Reads a tape from its beginning to its end, in blocks of whole 48-byte records.
 *
 * Opening checks version, columns and metadata; reading checks every record, and counts and checksum at the end. Costs
 * 40 to 60 ns a record. To replay a tape many times, load it into an `Engine`, which maps it into memory.
 *
 * ```ts
 * using reader = new TapeReader('btcusdt.tape.parquet')
 * using book = new OrderBook()
 * for (const block of reader) book.applyTicks(block)
 * ```
 */
export class TapeReader extends NativeObject implements Iterable<Uint8Array> {
  readonly #blockRecords: number
  #info: TapeInfo | undefined
  #read = 0

  /**
   * Opens a tape. Throws `E_NOT_FOUND`, `E_IO`, `E_NOT_A_TAPE`, `E_TAPE_VERSION`, `E_TAPE_CORRUPT`.
   * `blockRecords` is the most records of a block, 1 to 2^24; 65 536 by default.
   */
  constructor(path: string, options: { readonly blockRecords?: number } = {}) {
    const blockRecords = options?.blockRecords ?? BLOCK_RECORDS
    if (!Number.isSafeInteger(blockRecords) || blockRecords < 1 || blockRecords > MOST_RECORDS) {
      throw new TickwrightError(
        'E_ARGUMENT',
        `TapeReader: blockRecords is not a whole number from 1 to ${MOST_RECORDS}`,
      )
    }
    super('tape', { path })
    this.#blockRecords = blockRecords
  }

  /** What the tape says of itself. */
  get info(): TapeInfo {
    if (this.handle === 0) throw this.refusal('info')
    this.#info ??= JSON.parse(this.tapeInfoJson()) as TapeInfo
    return this.#info
  }

  /** Records read so far. */
  get recordsRead(): number {
    return this.#read
  }

  /** The next block, a buffer of its own; `null` at the end. Throws `E_TAPE_CORRUPT`, `E_TAPE_HASH`. */
  next(): Uint8Array | null {
    const block = this.#fill(this.#blockRecords)
    return block.length === 0 ? null : block
  }

  /** The blocks that are left. Leaving the loop early keeps the place. */
  *[Symbol.iterator](): Iterator<Uint8Array> {
    for (let block = this.next(); block !== null; block = this.next()) yield block
  }

  /** Every record that is left, in one buffer: 48 bytes each, so about 20 million records a GB. */
  readAll(): Uint8Array {
    const left = this.info.ticks - this.#read
    const all = this.#fill(left)
    // Only behind its last record does a tape know whether it was whole.
    this.#fill(1)
    return all
  }

  #fill(records: number): Uint8Array {
    let words: Float64Array
    try {
      words = new Float64Array((records * TICK_BYTES) / 8)
    } catch (cause) {
      throw new TickwrightError('E_RANGE', `${records} records do not fit one buffer: read them in blocks`, { cause })
    }
    cells[HANDLE] = this.handle
    native(() => tapeFill(words))
    const filled = cells[RESULTS] as number
    this.#read += filled
    return new Uint8Array(words.buffer, 0, filled * TICK_BYTES)
  }
}
