import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TickwrightError } from '../domain/index.js'

/** The folder of a bundled config, from the sources and from what is built of them alike. */
export function bundledFolder(name: string): string {
  const start = dirname(fileURLToPath(import.meta.url))
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'config', name)
    if (existsSync(join(folder, 'package.json')) && existsSync(candidate)) return candidate
  }
  throw new TickwrightError('E_FILE', `config/${name} is missing beside ${start}: install the package again`)
}
