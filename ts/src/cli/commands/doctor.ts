import { accessSync, constants, mkdirSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import type { Command } from 'commander'
import { TickwrightError } from '../../domain/index.js'
import { describe, type Outcome, perform } from '../command.js'
import { type CliContext, cacheDir } from '../context.js'
import { EXIT } from '../exit-codes.js'
import { table, visible } from '../text.js'
import { version } from '../version.js'

const LEAST_NODE = [20, 19] as const
/** A run needs about 70 MB beside its tapes, which are mapped, not read. */
const LEAST_FREE_BYTES = 200e6

/** One thing looked at, and what to do if it is not well. */
interface Check {
  readonly name: string
  readonly ok: boolean
  readonly found: string
  readonly fix: string | null
}

/** `tickwright doctor`: whether this machine can run what is installed here. */
export function doctorCommand(context: CliContext, outcome: Outcome): Command {
  const command = describe('doctor', 'look whether this machine can run Tickwright', 'tickwright doctor')
  return perform(command, context, outcome, async () => {
    const checks = [
      versionCheck(),
      nodeCheck(process.versions.node),
      await addonCheck(context),
      memoryCheck(),
      cacheCheck(context),
    ]
    const ok = checks.every((check) => check.ok)
    const rows = checks.map(({ name, ok: well, found, fix }) => [well ? 'ok' : 'BAD', name, visible(found), fix ?? ''])
    return {
      json: { ok, checks },
      text: table(['', 'what', 'found', 'what to do'], rows),
      exitCode: ok ? EXIT.ok : EXIT.failed,
    }
  })
}

function versionCheck(): Check {
  return { name: 'tickwright', ok: true, found: version(), fix: null }
}

function nodeCheck(found: string): Check {
  const [major = 0, minor = 0] = found.split('.').map(Number)
  const ok = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  return { name: 'node', ok, found, fix: ok ? null : `install Node ${LEAST_NODE.join('.')} or newer` }
}

async function addonCheck(context: CliContext): Promise<Check> {
  const platform = `${process.platform} ${process.arch}`
  try {
    await context.native()
    return { name: 'addon', ok: true, found: `loads on ${platform}`, fix: null }
  } catch (error) {
    const { code, message } = TickwrightError.from(error)
    const fix = 'build it with `npm run build` (needs Rust)'
    return { name: 'addon', ok: false, found: `${platform}: ${code}: ${message}`, fix }
  }
}

function memoryCheck(): Check {
  const ok = freemem() >= LEAST_FREE_BYTES
  const found = `${megabytes(freemem())} MB free of ${megabytes(totalmem())} MB`
  return { name: 'memory', ok, found, fix: ok ? null : `free ${megabytes(LEAST_FREE_BYTES)} MB` }
}

function cacheCheck(context: CliContext): Check {
  const folder = cacheDir(context.env)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return { name: 'cache', ok: true, found: folder, fix: null }
  } catch (error) {
    const fix = 'set TICKWRIGHT_CACHE to a folder that can be written'
    return { name: 'cache', ok: false, found: `${folder}: ${(error as Error).message}`, fix }
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
