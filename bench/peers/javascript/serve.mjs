/** What the peers' programs share: one JSON request a line on standard input, one JSON answer a line on standard output. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** `contestants[name](request)` returns the function that is to be timed; `versions` names what takes part. */
export async function serve(versions, contestants) {
  process.stdout.write(`${JSON.stringify({ versions })}\n`)
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(answer(contestants, JSON.parse(line)))}\n`)
  }
}

function answer(contestants, request) {
  try {
    const run = contestants[request.contestant](request)
    const started = process.hrtime.bigint()
    const came = run()
    return { ns: Number(process.hrtime.bigint() - started), answer: came }
  } catch (error) {
    return { error: String(error) }
  }
}

/** The numbers of an input's file, as floats and as signed words over the same memory. */
export function readNumbers(path) {
  const bytes = new Uint8Array(readFileSync(path))
  return { floats: new Float64Array(bytes.buffer), words: new Int32Array(bytes.buffer) }
}
