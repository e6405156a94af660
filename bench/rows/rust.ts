import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BOOK, BOOKS, FILL, FRAME, INDICATORS, ORDERS } from './limits.js'
import { failed, judge, type Limits, type Measured, type Row, skipped } from './row.js'

const INDICATOR_NAME = 'ema 14 + atr 14'
const FRAME_NAME = 'depth frame of 20 levels'
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `NAME least median first`, as the book's example prints it. */
const BOOK_LINE = /^(walk|500 books), warm book\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)/gm
/** The same of the book by order's example. */
const ORDER_LINE = /^(add or cancel, 50000 resting|fill of a resting order)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)/gm
/** `ema 14 + atr 14 ns/bar: first F, least L, median M, …`. */
const INDICATOR_LINE = /^ema 14 \+ atr 14\s+ns\/bar: first ([\d.]+), least ([\d.]+), median ([\d.]+)/m
/** The same of messages of a recording. */
const FRAME_LINE = /^depth frame of 20 levels, \d+ bytes ns: first ([\d.]+), least ([\d.]+), median ([\d.]+)/m

/** Row 1, from the example of crates/book; it checks its own answers. */
export async function bookRows(): Promise<Row[]> {
  const rows: readonly (readonly [string, Limits])[] = [
    ['walk', BOOK],
    ['500 books', BOOKS],
  ]
  return fromExample('tickwright-book', 'book_speed', rows, bookTimes)
}

/** Row 2, from the other example of crates/book; it checks its own answers. */
export async function orderRows(): Promise<Row[]> {
  const rows: readonly (readonly [string, Limits])[] = [
    ['add or cancel, 50000 resting', ORDERS],
    ['fill of a resting order', FILL],
  ]
  return fromExample('tickwright-book', 'orders_speed', rows, orderTimes)
}

/** Row 7, from the example of crates/indicators; it checks its own answers. */
export async function indicatorRows(): Promise<Row[]> {
  return fromExample('tickwright-indicators', 'indicator_speed', [[INDICATOR_NAME, INDICATORS]], indicatorTimes)
}

/** Row 12, from the example of crates/tape; it checks its own answers. */
export async function frameRows(): Promise<Row[]> {
  return fromExample('tickwright-tape', 'frame_speed', [[FRAME_NAME, FRAME]], frameTimes)
}

export function bookTimes(text: string): Map<string, Measured> {
  return namedTimes(text, BOOK_LINE)
}

export function orderTimes(text: string): Map<string, Measured> {
  return namedTimes(text, ORDER_LINE)
}

function namedTimes(text: string, line: RegExp): Map<string, Measured> {
  const lines = [...text.matchAll(line)]
  return new Map(
    lines.map(([, name, least, median, first]) => [
      name!,
      { figure: Number(median), best: Number(least), first: Number(first) },
    ]),
  )
}

export function indicatorTimes(text: string): Map<string, Measured> {
  return onlyTime(text, INDICATOR_LINE, INDICATOR_NAME)
}

export function frameTimes(text: string): Map<string, Measured> {
  return onlyTime(text, FRAME_LINE, FRAME_NAME)
}

/** One line: the first round, the least and the median. */
function onlyTime(text: string, line: RegExp, name: string): Map<string, Measured> {
  const found = line.exec(text)
  if (found === null) return new Map()
  const [, first, least, median] = found.map(Number)
  return new Map([[name, { figure: median!, best: least!, first: first! }]])
}

async function fromExample(
  crate: string,
  example: string,
  rows: readonly (readonly [string, Limits])[],
  read: (text: string) => Map<string, Measured>,
): Promise<Row[]> {
  const ran = await runExample(crate, example)
  if (ran.error !== undefined) return rows.map(([, limits]) => ran.error!(limits))
  const times = read(ran.text)
  return rows.map(([name, limits]) => {
    const measured = times.get(name)
    return measured === undefined ? failed(limits, `${example} printed no line for ${name}`) : judge(limits, measured)
  })
}

interface Ran {
  readonly text: string
  readonly error?: (limits: Limits) => Row
}

function runExample(crate: string, example: string): Promise<Ran> {
  const args = ['run', '--release', '--quiet', '-p', crate, '--example', example]
  return new Promise((resolve) => {
    const child = spawn('cargo', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (said: string) => {
      text += said
    })
    child.on('error', () => resolve({ text, error: (limits) => skipped(limits, 'cargo is not installed') }))
    child.on('close', (code) => {
      if (code === 0) resolve({ text })
      else resolve({ text, error: (limits) => failed(limits, `cargo ${args.join(' ')} ended with ${code}`) })
    })
  })
}
