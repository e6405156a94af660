import { readFileSync } from 'node:fs'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { TickwrightError } from '../domain/index.js'

/** Files written by hand are small; a larger one is the wrong file. */
const MOST_BYTES = 1 << 20
const MOST_SHOWN = 3

/** A place in a file: keys and indices from its root. */
type Path = readonly PropertyKey[]

/**
 * A YAML or JSON file (JSON is YAML) that knows where its values stand, so that every complaint names file, line, path,
 * value and what is allowed.
 */
export class YamlFile {
  readonly path: string
  readonly data: unknown
  readonly #document: ReturnType<typeof parseDocument>
  readonly #lines: LineCounter

  private constructor(path: string, document: ReturnType<typeof parseDocument>, lines: LineCounter) {
    this.path = path
    this.#document = document
    this.#lines = lines
    this.data = document.toJS({ maxAliasCount: 100 })
  }

  /** Reads a file. `E_FILE` if it cannot be read, `E_CONFIG` with line and column if it is no YAML. */
  static read(path: string): YamlFile {
    const lines = new LineCounter()
    const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false })
    const [error] = document.errors
    if (error) {
      const { line, col } = lines.linePos(error.pos[0])
      throw new TickwrightError('E_CONFIG', `${path}:${line}:${col}: ${error.message}`, { cause: error })
    }
    return new YamlFile(path, document, lines)
  }

  /** Holds what is at `at` to a schema. `E_CONFIG` naming up to three faults. */
  check<Schema extends z.ZodType>(schema: Schema, at: Path = []): z.output<Schema> {
    return this.accept(schema.safeParse(valueAt(this.data, at)), at)
  }

  /** The value of a parse, or its faults as `E_CONFIG`; `at` is where the parsed value stands. */
  accept<T>(parsed: z.ZodSafeParseResult<T>, at: Path = []): T {
    if (parsed.success) return parsed.data
    const { issues } = parsed.error
    const shown = issues.slice(0, MOST_SHOWN).map((issue) => this.#sentence([...at, ...issue.path], issue.message))
    const rest = issues.length - shown.length
    const message = `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
    throw new TickwrightError('E_CONFIG', message, {
      details: {
        file: this.path,
        faults: issues.map(({ path, message: fault }) => ({ path: [...at, ...path], fault })),
      },
    })
  }

  /** An `E_CONFIG` about one value. */
  fault(at: Path, message: string, cause?: unknown): TickwrightError {
    return new TickwrightError('E_CONFIG', this.#sentence(at, message), cause === undefined ? {} : { cause })
  }

  #sentence(at: Path, message: string): string {
    const value = valueAt(this.data, at)
    const given = value === undefined || typeof value === 'object' ? '' : `given ${JSON.stringify(value)}: `
    const name = at.length === 0 ? '' : `${at.map(String).join('.')}: `
    return `${this.path}${this.#position(at)}: ${name}${given}${message.replace(/^Invalid input: /, '')}`
  }

  /** `:line:column` of a value, or of the nearest thing around it. */
  #position(at: Path): string {
    for (let length = at.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(at.slice(0, length), true)
      if (isNode(node) && node.range) {
        const { line, col } = this.#lines.linePos(node.range[0])
        return `:${line}:${col}`
      }
    }
    return ''
  }
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path)
    if (bytes.length > MOST_BYTES) throw new Error(`${bytes.length} bytes are no file written by hand`)
    return bytes.toString('utf8')
  } catch (error) {
    throw new TickwrightError('E_FILE', `${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function valueAt(data: unknown, at: Path): unknown {
  return at.reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined
  }, data)
}
