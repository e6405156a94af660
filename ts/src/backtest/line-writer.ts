import { closeSync, openSync, writeSync } from 'node:fs'
import { TickwrightError } from '../domain/index.js'

const BUFFER_CHARS = 64 * 1024

/**
 * Appends lines to a file through a buffer of 64 KiB. Synchronous on purpose: a run holds the thread from its first to
 * its last tick, so a stream would keep the whole file in memory.
 */
export class LineWriter {
  readonly path: string
  readonly #file: number
  #buffer = ''
  #closed = false

  /** Makes the file anew; `E_FILE` if that cannot be done. */
  constructor(path: string) {
    this.path = path
    this.#file = this.#attempt(() => openSync(path, 'w'))
  }

  /** Appends text that ends with a line break. `E_FILE` if the file cannot be written. */
  write(line: string): void {
    this.#buffer += line
    if (this.#buffer.length >= BUFFER_CHARS) this.#flush()
  }

  /** Writes what is left and closes the file. Closing twice is harmless. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    try {
      this.#flush()
    } finally {
      closeSync(this.#file)
    }
  }

  #flush(): void {
    const bytes = Buffer.from(this.#buffer)
    this.#buffer = ''
    // A full disk or a pipe may take less than it is given.
    this.#attempt(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done)
    })
  }

  #attempt<T>(write: () => T): T {
    try {
      return write()
    } catch (error) {
      throw new TickwrightError('E_FILE', `${this.path} cannot be written: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}
