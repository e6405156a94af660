import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { TickwrightError } from '../domain/index.js'
import type { Sample } from '../engine/types.js'
import { csvLine } from './csv.js'
import { LineWriter } from './line-writer.js'
import { RESULT_FILES } from './result-files.js'

const COLUMN_TYPES = {
  ts_ns: 'BIGINT',
  instrument: 'VARCHAR',
  mid: 'DOUBLE',
  position_lots: 'BIGINT',
  realized: 'DOUBLE',
  unrealized: 'DOUBLE',
  fees: 'DOUBLE',
  funding: 'DOUBLE',
  equity: 'DOUBLE',
} as const

/**
 * Samples of the account as `equity.parquet`. They are spooled to a text file during the run, because Parquet is
 * written asynchronously and memory is bounded, and turned into Parquet at its end.
 */
export class EquityFile {
  readonly #path: string
  readonly #spool: LineWriter

  constructor(folder: string) {
    this.#path = join(folder, RESULT_FILES.equity)
    this.#spool = new LineWriter(join(folder, '.equity.csv'))
    this.#spool.write(csvLine(Object.keys(COLUMN_TYPES)))
  }

  add(sample: Sample, instrument: string): void {
    const { tsNs, mid, positionLots, realized, unrealized, fees, funding, equity } = sample
    const numbers = [realized, unrealized, fees, funding, equity].map(numberText)
    this.#spool.write(csvLine([`${tsNs}`, instrument, numberText(mid), `${positionLots}`, ...numbers]))
  }

  /** Writes the Parquet file. `E_FILE` if that cannot be done. */
  async finish(): Promise<void> {
    this.#spool.close()
    try {
      // Loaded only here: it costs more to load than a short run takes.
      const { DuckDBInstance } = await import('@duckdb/node-api')
      const database = await DuckDBInstance.create(':memory:')
      try {
        const connection = await database.connect()
        await connection.run(copyStatement(this.#spool.path, this.#path))
        connection.closeSync()
      } finally {
        database.closeSync()
      }
    } catch (error) {
      throw new TickwrightError('E_FILE', `${this.#path} cannot be written: ${(error as Error).message}`, {
        cause: error,
      })
    } finally {
      this.discard()
    }
  }

  /** Takes the spool away. */
  discard(): void {
    this.#spool.close()
    rmSync(this.#spool.path, { force: true })
  }
}

function copyStatement(from: string, to: string): string {
  const columns = Object.entries(COLUMN_TYPES).map(([name, type]) => `'${name}': '${type}'`)
  const source = `read_csv(${sqlText(from)}, header = true, auto_detect = false, columns = {${columns.join(', ')}})`
  return `COPY (SELECT * FROM ${source}) TO ${sqlText(to)} (FORMAT parquet, COMPRESSION zstd)`
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A number as the shortest text that reads back the same; one that is not there (no mid yet) as an empty field. */
function numberText(value: number): string {
  return Number.isFinite(value) ? `${value}` : ''
}
