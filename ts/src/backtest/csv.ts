import { open } from 'node:fs/promises'
import { TickwrightError } from '../domain/index.js'

/** One CSV line of these fields, quoted only where needed (RFC 4180), with its end of line. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(quoted).join(',')}\n`
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

/**
 * Reads a CSV file row by row in bounded memory; each row comes as an object by column name.
 *
 * The header must be exactly `columns` and every row as long as it; a line break inside a field is not supported.
 * `E_FILE` if it cannot be read, `E_CSV` with file and line if it is not such a file.
 */
export async function* readCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<Record<Column, string>> {
  const file = await attempt(path, () => open(path))
  try {
    const lines = file.readLines({ encoding: 'utf8' })[Symbol.asyncIterator]()
    const header = await attempt(path, () => lines.next())
    const expected = JSON.stringify(columns.join())
    if (header.done) throw csvFault(path, `the file is empty, expected the header ${expected}`)
    if (splitLine(header.value, `${path}:1`).join() !== columns.join()) {
      throw csvFault(`${path}:1`, `the header is ${JSON.stringify(header.value)}, expected ${expected}`)
    }
    for (let number = 2; ; number++) {
      const line = await attempt(path, () => lines.next())
      if (line.done) return
      const fields = splitLine(line.value, `${path}:${number}`)
      if (fields.length !== columns.length) {
        throw csvFault(`${path}:${number}`, `${fields.length} fields, expected ${columns.length}`)
      }
      yield Object.fromEntries(columns.map((column, k) => [column, fields[k]])) as Record<Column, string>
    }
  } finally {
    await file.close()
  }
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw new TickwrightError('E_FILE', `${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

/** The fields of one line; `where` goes into the error. */
export function splitLine(line: string, where: string): string[] {
  const fields: string[] = []
  let at = 0
  for (;;) {
    const [field, end] = line[at] === '"' ? quotedField(line, at, where) : plainField(line, at, where)
    fields.push(field)
    if (end === line.length) return fields
    at = end + 1
  }
}

/** A field up to the next comma, and where it ends. */
function plainField(line: string, start: number, where: string): [string, number] {
  const comma = line.indexOf(',', start)
  const end = comma < 0 ? line.length : comma
  const field = line.slice(start, end)
  if (field.includes('"'))
    throw csvFault(where, `column ${start + 1}: a quote inside a field that does not begin with one`)
  return [field, end]
}

/** A field in quotes, and where it ends. */
function quotedField(line: string, start: number, where: string): [string, number] {
  let field = ''
  let at = start + 1
  for (;;) {
    const quote = line.indexOf('"', at)
    if (quote < 0) throw csvFault(where, `column ${start + 1}: a quoted field that does not end`)
    field += line.slice(at, quote)
    at = quote + 1
    if (line[at] !== '"') break
    field += '"'
    at += 1
  }
  if (at < line.length && line[at] !== ',') throw csvFault(where, `column ${at + 1}: text after a quoted field`)
  return [field, at]
}

function csvFault(where: string, reason: string): TickwrightError {
  return new TickwrightError('E_CSV', `${where}: ${reason}`)
}
