import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SimpleMaker } from '../controllers/index.js'
import { readRunConfig } from './config.js'
import { fakeModule, PERP } from './fake-engine.test-kit.js'
import { runController } from './index.js'
import { checkLedger } from './ledger-check.js'
import { RESULT_FILES } from './result-files.js'
import { type RunFileOptions, runFile } from './run-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const MAKER = `
tapes: [any.tape.parquet]
controller: simple-maker
params: { size: 0.002, max_position: 0.02, half_spread_ticks: 5 }
engine: { deposits: { USDT: 10000 } }
`

async function run(text = MAKER, options: RunFileOptions = {}, module = fakeModule()) {
  const path = join(folder, 'maker.yaml')
  writeFileSync(path, text)
  return runFile(readRunConfig(path), module, { out: join(folder, 'out'), ...options })
}

describe('a run', () => {
  test('writes every result file and a summary that a trader would read', async () => {
    const { summary } = await run()
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(Object.values(RESULT_FILES).sort())
    expect(summary.fills).toBeGreaterThan(100)
    expect(summary).toMatchObject({ ticks: 3_000, maker_share: 1, mode: 'advance', rejects: 0 })
    expect(summary.markouts).toEqual([{ horizon_ms: 1_000, fills: summary.fills, edge_bps: expect.any(Number) }])
    expect(summary.drawdowns[0]).toMatchObject({ venue: 'binance', asset: 'USDT', amount: expect.any(Number) })
    expect(JSON.parse(readFileSync(join(folder, 'out', 'summary.json'), 'utf8'))).toEqual(summary)
  })

  test('gives the same result hash twice, and another one with another controller', async () => {
    const first = await run()
    const second = await run()
    const other = await run(MAKER.replace('half_spread_ticks: 5', 'half_spread_ticks: 6'))
    expect(second.summary.result_sha256).toBe(first.summary.result_sha256)
    expect(other.summary.result_sha256).not.toBe(first.summary.result_sha256)
  })

  test('gives a result hash that does not depend on where the results lie', async () => {
    const first = await run()
    const second = await run(MAKER, { out: join(folder, 'elsewhere') })
    expect(second.summary.result_sha256).toBe(first.summary.result_sha256)
  })

  test('leaves files that the independent ledger confirms', async () => {
    const { summary } = await run()
    const check = await checkLedger(join(folder, 'out'))
    expect(check).toMatchObject({ fills: summary.fills, differences: [] })
  })

  test('leaves equity as Parquet that DuckDB reads', async () => {
    await run()
    const database = await DuckDBInstance.create(':memory:')
    const connection = await database.connect()
    const path = join(folder, 'out', 'equity.parquet').replaceAll("'", "''")
    const reader = await connection.runAndReadAll(`SELECT count(*)::INT, min(instrument), min(ts_ns) FROM '${path}'`)
    expect(reader.getRows()).toEqual([[30, 'BTCUSDT-PERP', 1_723_161_256_000_000_000n]])
    connection.closeSync()
    database.closeSync()
  })

  test('replaces the results of an earlier run and leaves strange files alone', async () => {
    await run()
    writeFileSync(join(folder, 'out', 'notes.txt'), 'mine')
    await run()
    expect(readFileSync(join(folder, 'out', 'notes.txt'), 'utf8')).toBe('mine')
  })

  test('takes fees from the run file over those of the tape', async () => {
    const { summary } = await run(`${MAKER}\ninstruments: { BTCUSDT-PERP: { maker_fee: "0" } }`)
    expect(Number(summary.assets[0]?.fees)).toBe(0)
  })

  test('refuses an override of an instrument that no tape has', async () => {
    await expect(run(`${MAKER}\ninstruments: { ETH: { maker_fee: "0" } }`)).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining('no tape has it, only BTCUSDT-PERP'),
    })
  })

  test('that breaks leaves no summary, closes its engine and passes the error on', async () => {
    writeFileSync(join(folder, 'broken.ts'), `export class Broken { onTick() { throw new Error('a bug of mine') } }\n`)
    const module = fakeModule()
    const text = 'tapes: [a.tape.parquet]\nstrategy: ./broken.ts#Broken\n'
    await expect(run(text, {}, module)).rejects.toThrow('a bug of mine')
    expect(readdirSync(join(folder, 'out'))).not.toContain('summary.json')
    expect(readdirSync(join(folder, 'out'))).not.toContain('.equity.csv')
    expect(module.engines.map((engine) => engine.closed)).toEqual([true])
  })

  test('tells how far it is', async () => {
    const seen: [number, number][] = []
    await run(MAKER, { onProgress: (done, total) => seen.push([done, total]) })
    expect(seen).toEqual([
      [0, 3_000],
      [1_000, 3_000],
      [2_000, 3_000],
    ])
  })
})

describe('a controller', () => {
  test('runs on an engine without a run file, too', () => {
    const engine = new (fakeModule().Engine)({ instruments: [PERP], deposits: { USDT: '10000' } })
    const maker = new SimpleMaker({ size: 0.002, max_position: 0.02, half_spread_ticks: 5 })
    const fills: number[] = []
    const observer = { onOwnEvent: ({ tradeId }: { tradeId: number }) => void fills.push(tradeId) }
    expect(runController(engine, maker, { refreshToleranceTicks: 2, observer }).records).toBe(3_000)
    expect(fills.length).toBeGreaterThan(0)
  })
})
