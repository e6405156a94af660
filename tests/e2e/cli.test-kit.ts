import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { runCli } from '../../ts/src/cli/program.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const MAIN = join(ROOT, 'dist', 'cli', 'main.js')
export const DEMO_CONFIG = join(ROOT, 'config', 'demo.yaml')
export const DEMO_TAPE = join(ROOT, 'config', 'demo', 'btcusdt.tape.parquet')

/** A bundled recording. */
function recording(name: string): string {
  return join(ROOT, 'tests', 'data', 'binance-l2-raw', name)
}
export const SPOT_FILES = ['spot_btcusdt_20240808.gz', 'spot_btcusdt_20240809.gz'].map(recording)
export const PERPETUAL_FILE = recording('usdm_btcusdt_20240808.gz')

/** A folder that lives as long as the tests of one file, and the command line in it. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'desk-'))

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content)
    return this.path(name)
  }

  /** Environment of the command line: a cache of its own, no colour wishes of whoever runs the tests. */
  env(changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env
    return { ...rest, TICKWRIGHT_CACHE: this.path('cache'), ...changes }
  }

  /** Runs the built command line to its end. */
  cli(args: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}): Finished {
    const spawn: SpawnSyncOptionsWithStringEncoding = {
      cwd: options.cwd ?? this.folder,
      env: this.env(options.env),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], spawn)
    return { status, stdout, stderr }
  }

  /** The same command line inside this process: a tenth of the time, for what does not depend on the process. */
  async inside(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    const written = { stdout: '', stderr: '' }
    const output = (name: 'stdout' | 'stderr') => ({
      write: (text: string) => {
        written[name] += text
      },
      isTTY: false,
      columns: 80,
    })
    const status = await runCli(args, {
      stdout: output('stdout'),
      stderr: output('stderr'),
      env: this.env(env),
      now: () => performance.now(),
      native: () => import('../../ts/src/engine/index.js'),
    })
    return { status, ...written }
  }

  /** Runs it inside with `--json` and gives the one line that it printed, read. */
  async json<T = Record<string, unknown>>(args: readonly string[]): Promise<T> {
    const { status, stdout, stderr } = await this.inside([...args, '--json'])
    if (status !== 0) throw new Error(`tickwright ${args.join(' ')} ended with ${status}: ${stderr}`)
    return oneLine<T>(stdout)
  }

  /** Runs it inside with `--json` where it must fail; its exit code, and code and message of the error. */
  async fault(args: readonly string[]): Promise<{ status: number | null; code: string; message: string }> {
    const { status, stdout } = await this.inside([...args, '--json'])
    const { error } = oneLine<{ error: { code: string; message: string } }>(stdout)
    return { status, code: error.code, message: error.message }
  }

  /** `json` by a process of its own. */
  jsonOfProcess<T = Record<string, unknown>>(args: readonly string[]): T {
    const { status, stdout, stderr } = this.cli([...args, '--json'])
    if (status !== 0) throw new Error(`tickwright ${args.join(' ')} ended with ${status}: ${stderr}`)
    return oneLine<T>(stdout)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The value of an output that is exactly one line of JSON. */
function oneLine<T>(stdout: string): T {
  const lines = stdout.split('\n')
  if (lines.length !== 2 || lines[1] !== '') throw new Error(`not exactly one line: ${JSON.stringify(stdout)}`)
  return JSON.parse(lines[0] ?? '') as T
}

/** Lines of a recording, plain. */
export function recordedLines(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
}

/** Rows of a query; big integers come as decimal strings. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await DuckDBInstance.create(':memory:')
  try {
    const connection = await database.connect()
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson()
    connection.closeSync()
    return rows
  } finally {
    database.closeSync()
  }
}
