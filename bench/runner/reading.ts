import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../ts/src/engine/index.js'
import { convertedTape } from '../inputs/tape-file.js'
import { replayConfig } from '../works/instrument.js'
import { Replay } from '../works/replay.js'
import type { ReadingReport } from './jobs.js'

/** Times how a tape is decoded into a fresh cache, and what a tick out of that cache costs above one in memory. */
export function timeReading(rounds: number): ReadingReport {
  const folder = mkdtempSync(join(tmpdir(), 'tickwright-bench-'))
  try {
    const { path, instruments } = convertedTape()
    const config = { ...replayConfig(), instruments }
    const decode: number[] = []
    const cache: number[] = []
    let records = 0
    for (let round = 0; round < rounds; round += 1) {
      const cacheDir = join(folder, String(round))
      records = load(config, path, cacheDir, decode)
      load(config, path, cacheDir, cache)
    }
    return { records, decode, cache }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Loads and visits every record once, so that a mapped file is really read; the visit alone is taken off again. */
function load(config: ReturnType<typeof replayConfig>, path: string, cacheDir: string, times: number[]): number {
  using engine = new Engine(config)
  const started = process.hrtime.bigint()
  engine.loadTapes([path], { cacheDir })
  const loaded = process.hrtime.bigint()
  const records = engine.tickCount
  engine.run(new Replay(records), { mode: 'advance' })
  const visited = process.hrtime.bigint()
  using again = new Engine(config)
  again.loadTapes([path], { cacheDir })
  const ready = process.hrtime.bigint()
  again.run(new Replay(records), { mode: 'advance' })
  const warm = process.hrtime.bigint() - ready
  times.push(Math.max(0, Number(loaded - started + (visited - loaded) - warm) / records))
  return records
}
