import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Answer } from '../answers.js'
import { pinned } from '../runner/process.js'

/** What a program is asked for: one contestant does one work on the first records of an input. */
export interface Request {
  readonly contestant: string
  readonly work: string
  readonly input: string
  readonly path: string
  readonly records: number
}

/** One run: its time alone and what it came to, or why it could not. */
export type Reply = { readonly ns: number; readonly answer: Partial<Answer> } | { readonly error: string }

/** A process that runs contestants on request: one JSON request a line in, one JSON answer a line out. */
export interface Program {
  readonly versions: Readonly<Record<string, string>>
  run(request: Request): Promise<Reply>
  close(): void
}

/** Starts a program on the pinned CPU and waits until it says which versions it has. Throws why it did not. */
export async function start(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const [executable, ...args] = pinned(command)
  const child = spawn(executable!, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const complaints = new Complaints()
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.add(text))
  // A program that dies while it is written to is told by the end of its answers.
  child.stdin.on('error', () => {})
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  // Whoever waits hears of it; nobody waiting is no reason to end the process.
  failed.catch(() => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const { value, done } = await Promise.race([lines.next(), failed])
    if (done) throw new Error(`${command.join(' ')} ended: ${complaints.last()}`)
    return JSON.parse(value as string)
  }
  const { versions } = (await next()) as { versions: Record<string, string> }
  return {
    versions,
    run: async (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return (await next()) as Reply
    },
    close: () => child.stdin.end(),
  }
}

/** The end of what a program wrote to standard error. */
class Complaints {
  #text = ''

  add(text: string): void {
    this.#text = (this.#text + text).slice(-2000)
  }

  last(): string {
    return this.#text.trim().split('\n').at(-1) || 'it said nothing'
  }
}
