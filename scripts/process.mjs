/** Running other programs: output streams through, failures name the command. Plain Node, so that it works before `npm ci`. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A program that could not be started or that ended with another code than 0. */
export class CommandError extends Error {
  constructor(command, code) {
    super(`\`${command}\` ended with ${code}`)
    this.name = 'CommandError'
    this.exitCode = typeof code === 'number' ? code : 1
  }
}

/**
 * Runs `command` and waits. Resolves with its exit code; never rejects for a code other than 0.
 * `quiet` sends its standard output to our standard error: ours stays clean for what a caller parses.
 */
export function exitCodeOf(command, args, { cwd, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', quiet ? 2 : 'inherit', 'inherit']
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio })
    child.on('error', (error) => reject(startError(command, error)))
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
}

/** Runs `command`, waits, and throws `CommandError` unless it ended with 0. */
export async function run(command, args, options) {
  const code = await exitCodeOf(command, args, options)
  if (code !== 0) throw new CommandError([command, ...args].join(' '), code)
}

/** Runs `command` with both outputs in one stream, calls `onLine` for each line in the order in which they were written. */
export function eachLine(command, args, onLine, { cwd, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    // One pipe for both streams is what keeps their order; only a shell can make it. Arguments are our own words.
    const child = spawn(`${[command, ...args].join(' ')} 2>&1`, {
      cwd,
      env: { ...process.env, ...env },
      shell: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    lines.on('line', onLine)
    child.on('error', (error) => reject(startError(command, error)))
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
}

/** Standard output and exit code of `command`; its standard error reaches ours, or nothing if `isSilent`. */
export function capture(command, args, { cwd, isSilent = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', isSilent ? 'ignore' : 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', (error) => reject(startError(command, error)))
    child.on('close', (code, signal) => resolve({ code: code ?? signal, text }))
  })
}

/** Standard output of `command`, or undefined where it cannot be started or fails. */
export async function outputOf(command, args, { cwd } = {}) {
  try {
    const { code, text } = await capture(command, args, { cwd, isSilent: true })
    return code === 0 ? text : undefined
  } catch {
    return undefined
  }
}

/** How to call npm: the one that runs us where there is one, since `npm` is no program on every system. */
export function npm(args) {
  const path = process.env.npm_execpath
  return path?.endsWith('.js') ? [process.execPath, [path, ...args]] : ['npm', args]
}

function startError(command, error) {
  return new Error(`cannot start ${command}: ${error.message}; is it installed and on the PATH?`)
}
