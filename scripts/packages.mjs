/** Installs the npm packages where they are missing or differ from the lock file. */
import { existsSync, readFileSync } from 'node:fs'
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

/** Runs `npm ci` if need be. */
export async function installPackages(say) {
  const reason = staleReason()
  if (!reason) return
  say(`installing npm packages (${reason})`)
  const [command, args] = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  await run(command, args, { cwd: ROOT, quiet: true })
}
