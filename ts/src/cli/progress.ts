import type { CliContext } from './context.js'
import { grouped } from './text.js'

const EVERY_MS = { terminal: 100, log: 1_000 } as const

/**
 * One line on standard error that says how far something has come, how fast and how long it will still take. On a
 * terminal it rewrites itself; elsewhere it is shown only when asked for, a line a second.
 */
export class ProgressLine {
  readonly #context: CliContext
  readonly #what: string
  readonly #shown: boolean
  readonly #start: number
  #last = Number.NEGATIVE_INFINITY

  constructor(context: CliContext, what: string, asked: boolean | undefined) {
    this.#context = context
    this.#what = what
    this.#shown = asked ?? context.stderr.isTTY
    this.#start = context.now()
  }

  /** `done` of `total`, and how many ticks that are where the two are not ticks themselves. */
  update(done: number, total: number, ticks = done): void {
    if (!this.#shown) return
    const now = this.#context.now()
    const { stderr } = this.#context
    if (now - this.#last < (stderr.isTTY ? EVERY_MS.terminal : EVERY_MS.log)) return
    this.#last = now
    const seconds = (now - this.#start) / 1_000
    const text = `${this.#what} ${share(done, total)}${rate(ticks, seconds)}${eta(done, total, seconds)}`
    stderr.write(stderr.isTTY ? `\r\u001b[2K${text.slice(0, stderr.columns - 1)}` : `${text}\n`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown && this.#context.stderr.isTTY && this.#last > 0) this.#context.stderr.write('\r\u001b[2K')
  }
}

function share(done: number, total: number): string {
  return total > 0 ? `${Math.min(100, Math.floor((100 * done) / total))} %` : grouped(done)
}

function rate(ticks: number, seconds: number): string {
  return seconds > 0 && ticks > 0 ? `, ${grouped(ticks)} ticks, ${grouped(ticks / seconds)} ticks/s` : ''
}

function eta(done: number, total: number, seconds: number): string {
  if (done <= 0 || total <= 0) return ''
  return `, ${Math.ceil((seconds * Math.max(0, total - done)) / done)} s left`
}
