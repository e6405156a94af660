import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { TickwrightError } from '../domain/index.js'

/** Reads a JSON file of a run and holds it to a schema. `E_FILE` if it cannot be read, `E_LEDGER` if it is no such file. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    throw new TickwrightError('E_FILE', `${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
  try {
    return schema.parse(JSON.parse(content))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : (error as Error).message
    throw new TickwrightError('E_LEDGER', `${path} is no such file of a run: ${reason}`, { cause: error })
  }
}
