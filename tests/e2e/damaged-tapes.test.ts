import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_TAPE, Desk, MAIN, recordedLines, SPOT_FILES } from './cli.test-kit.js'

const desk = new Desk()
const SMALL = desk.path('small.tape.parquet')
let bytes: Buffer

beforeAll(async () => {
  const start = recordedLines(SPOT_FILES[0] ?? '').slice(0, 2_000)
  const recording = desk.write('start.txt', `${start.join('\n')}\n`)
  await desk.json(['tape', 'convert', '--from', 'binance-raw', '--instrument', 'BTCUSDT', '--out', SMALL, recording])
  bytes = readFileSync(SMALL)
})
afterAll(() => desk.remove())

const BAD_TAPE = ['E_NOT_A_TAPE', 'E_TAPE_CORRUPT', 'E_TAPE_HASH', 'E_TAPE_VERSION']

describe('a damaged tape', () => {
  it.each([0, 1, 4, 100, 0.3, 0.7, 0.99, -9, -4, -1])(
    'cut after %d of it is exit code 3 with a code that says so',
    async (cut) => {
      const end = cut < 0 ? bytes.length + cut : Number.isInteger(cut) ? cut : Math.floor(bytes.length * cut)
      const path = desk.write('cut.tape.parquet', bytes.subarray(0, end))
      for (const command of [['tape', 'info'], ['tape', 'verify'], ['replay']]) {
        const fault = await desk.fault([...command, path])
        expect(fault.status).toBe(3)
        expect(BAD_TAPE).toContain(fault.code)
        expect(fault.message).toContain('cut.tape.parquet')
      }
    },
  )

  it('with any byte turned never passes for whole, and nothing crashes', async () => {
    for (let at = 5; at < bytes.length; at += Math.floor(bytes.length / 12)) {
      const turned = Buffer.from(bytes)
      turned[at] = (turned[at] ?? 0) ^ 0x55
      const { status, stderr } = await desk.inside(['tape', 'verify', desk.write('turned.tape.parquet', turned)])
      expect([status, stderr.startsWith('error E_')]).toEqual([3, true])
    }
  })

  it('with another content hash in its metadata is E_TAPE_CORRUPT; with metadata to match it, E_TAPE_HASH', async () => {
    const { content_sha256: hash } = await desk.json<{ content_sha256: string }>(['tape', 'info', SMALL])
    const other = Buffer.from(bytes)
    other.write('0'.repeat(8), other.lastIndexOf(hash))
    const path = desk.write('hash.tape.parquet', other)
    expect(await desk.fault(['tape', 'verify', path])).toMatchObject({ status: 3, code: 'E_TAPE_CORRUPT' })
    const stated = String((await desk.fault(['tape', 'verify', path])).message.match(/the hash (\w{64}), not/)?.[1])
    other.write(stated, other.lastIndexOf('metadata_sha256') + 'metadata_sha256'.length + 2)
    desk.write('hash.tape.parquet', other)
    expect(await desk.fault(['tape', 'verify', path])).toMatchObject({ status: 3, code: 'E_TAPE_HASH' })
  })

  it('of another format version is E_TAPE_VERSION and says which this build reads', async () => {
    const other = Buffer.from(bytes)
    const key = 'tape_version'
    // The key is followed by the head of a text of one byte.
    other.write('9', other.lastIndexOf(key) + key.length + 2)
    const fault = await desk.fault(['tape', 'info', desk.write('version.tape.parquet', other)])
    expect(fault).toMatchObject({ status: 3, code: 'E_TAPE_VERSION' })
    expect(fault.message).toMatch(/version 9, this build reads version 1/)
  })

  it('a Parquet file of something else, a folder and nothing are told apart', async () => {
    mkdirSync(desk.path('folder.tape.parquet'), { recursive: true })
    expect(await desk.fault(['tape', 'info', SPOT_FILES[0] ?? ''])).toMatchObject({ status: 3, code: 'E_NOT_A_TAPE' })
    expect((await desk.fault(['tape', 'info', desk.path('folder.tape.parquet')])).status).toBe(3)
    expect(await desk.fault(['tape', 'info', desk.path('none.tape.parquet')])).toMatchObject({
      status: 3,
      code: 'E_NOT_FOUND',
    })
    rmSync(desk.path('folder.tape.parquet'), { recursive: true })
  })

  it('a cache that was scribbled on is not believed', async () => {
    const cached = (cache: string) => desk.inside(['replay', SMALL, '--json'], { TICKWRIGHT_CACHE: cache })
    const cache = desk.path('scribbled')
    const right = JSON.parse((await cached(cache)).stdout) as { books: unknown }
    for (const name of readdirSync(cache)) {
      const path = `scribbled/${name}`
      desk.write(path, readFileSync(desk.path(path)).subarray(0, 1_000))
    }
    const { status, stdout } = await cached(cache)
    expect(status).toBe(0)
    expect((JSON.parse(stdout) as { books: unknown }).books).toEqual(right.books)
  })
})

describe('kill -9 in the middle of a conversion', () => {
  it('at any of twenty moments leaves nothing or a whole tape under the final name, and a new one succeeds', async () => {
    const folder = desk.path('killed')
    mkdirSync(folder)
    const out = `${folder}/out.tape.parquet`
    const args = [
      MAIN,
      'tape',
      'convert',
      '--from',
      'binance-raw',
      '--instrument',
      'BTCUSDT',
      '--out',
      out,
      ...SPOT_FILES,
    ]
    let killed = 0
    // A conversion takes about a second: the moments lie all over it, the process's own start included.
    for (let moment = 0; moment < 20; moment++) {
      const child = spawn(process.execPath, args, { env: desk.env(), stdio: 'ignore' })
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once('exit', (_code, signal) => resolve(signal)),
      )
      await sleep(60 + moment * 45)
      child.kill('SIGKILL')
      const wasKilled = (await ended) === 'SIGKILL'
      // The name is given in one step, which a kill may follow: what stands there is a whole tape, or nothing.
      if (existsSync(out)) {
        expect((await desk.inside(['tape', 'verify', out])).status).toBe(0)
        rmSync(out)
      } else {
        expect(wasKilled).toBe(true)
        killed += 1
      }
    }
    expect(killed).toBeGreaterThan(5)
    const { content_sha256: hash } = await desk.json(['tape', 'convert', ...args.slice(3)])
    expect(await desk.json(['tape', 'info', DEMO_TAPE])).toMatchObject({ content_sha256: hash })
    // What the killed ones left behind is not taken for a tape.
    expect(await desk.json<unknown[]>(['tape', 'ls', folder])).toHaveLength(1)
  })
})
