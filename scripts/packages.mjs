/** Installs the npm packages where they are missing or differ from the lock file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './layout.mjs'
import { npm, run } from './process.mjs'

/**
 * Why `node_modules` does not hold what the lock file says, or undefined where it does.
 * Compares with npm's own record of what it installed, so an `npm install` by hand counts too.
 */
export function staleReason(root = ROOT) {
  const installedPath = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedPath)) return 'they are not installed'
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages
  for (const [path, entry] of Object.entries(locked)) {
    // Optional packages are those of other platforms; links are the workspaces.
    if (!path.startsWith('node_modules/') || entry.optional || entry.devOptional || entry.link) continue
    const have = installed[path]?.version
    if (have !== entry.version) return `${path} is ${have ?? 'missing'}, the lock file says ${entry.version}`
  }
  return undefined
}

/**
 * Installs what the lock file names, if need be, and leaves the lock file as it is.
 *
 * `npm ci` refuses a lock file that lacks packages of other platforms, and a registry that does not carry those makes
 * such lock files; `npm install` takes the same versions and passes over them.
 */
export async function installPackages(say) {
  const reason = staleReason()
  if (!reason) return
  say(`installing npm packages (${reason})`)
  const lockPath = join(ROOT, 'package-lock.json')
  const lock = readFileSync(lockPath)
  const [command, args] = npm(['install', '--no-audit', '--no-fund', '--loglevel=error'])
  try {
    await run(command, args, { cwd: ROOT, quiet: true })
  } finally {
    writeFileSync(lockPath, lock)
  }
}
