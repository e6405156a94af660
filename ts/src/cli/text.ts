/** Control characters, among them the ones that drive a terminal, and the marks that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Text from files or the command line, fit for a terminal: control characters become visible escapes. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** One line of JSON; bigints become decimal strings. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}` : item))}\n`
}

/** 1234567 as 1,234,567. */
export function grouped(count: number): string {
  return `${Math.round(count)}`.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Rows under headings, columns as wide as they must be; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows]
  const widths = headings.map((_heading, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const isNumber = headings.map((_heading, column) => rows.every((row) => /^[-+\d.,]*$/.test(row[column] ?? '')))
  const lines = all.map((row) =>
    row.map((cell, column) =>
      isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    ),
  )
  return `${lines.map((cells) => cells.join('  ').trimEnd()).join('\n')}\n`
}

/** A label and a value on each line. */
export function facts(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length))
  return `${rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n')}\n`
}
