/** Skips work whose inputs have not changed: a hash of the inputs is kept beside the list of what was made of them. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ROOT, STAMPS } from './layout.mjs'

/** Every file under `folder` (a path from the root) that `wanted` accepts, sorted; none where the folder is absent. */
export function filesUnder(folder, wanted = () => true, root = ROOT) {
  const path = join(root, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, name))
    .filter((file) => wanted(file) && statSync(file).isFile())
    .map((file) => relative(root, file).replaceAll('\\', '/'))
    .sort()
}

/** Hash over names and contents of `files` (paths from the root; absent ones count as absent) and over `facts`. */
export function fingerprint(files, facts = [], root = ROOT) {
  const hash = createHash('sha256')
  for (const fact of facts) hash.update(`fact ${fact}\n`)
  for (const file of [...files].sort()) {
    const path = join(root, file)
    const digest = existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'absent'
    hash.update(`file ${file} ${digest}\n`)
  }
  return hash.digest('hex')
}

/** Whether `name` was last made from these inputs and everything made still lies there. */
export function isFresh(name, inputs, { stamps = STAMPS, root = ROOT } = {}) {
  try {
    const stamp = JSON.parse(readFileSync(join(stamps, `${name}.json`), 'utf8'))
    return stamp.inputs === inputs && stamp.outputs.every((output) => existsSync(join(root, output)))
  } catch {
    return false
  }
}

/** Remembers that `outputs` were made from `inputs`. Call it last: what breaks off half-way is made again. */
export function remember(name, inputs, outputs, { stamps = STAMPS } = {}) {
  const path = join(stamps, `${name}.json`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify({ inputs, outputs })}\n`)
}

/** Forgets `name` before it is made anew. */
export function forget(name, { stamps = STAMPS } = {}) {
  rmSync(join(stamps, `${name}.json`), { force: true })
}
