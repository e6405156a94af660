import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type InstrumentSpec, ORDER_EVENT_NAMES, OrderEventKind, Side, TickwrightError } from '../domain/index.js'
import type { LedgerReport, OwnEvent, RunObserver, Sample } from '../engine/types.js'
import { csvLine } from './csv.js'
import { EquityFile } from './equity-file.js'
import { Grid } from './grid.js'
import { LineWriter } from './line-writer.js'
import { FILL_COLUMNS, FUNDING_COLUMNS, ORDER_COLUMNS, RESULT_FILES } from './result-files.js'

/** What the recorder needs to know of an instrument. */
interface RecordedInstrument {
  readonly id: string
  readonly settlement: string
  readonly prices: Grid
  readonly sizes: Grid
}

/** For news of no single instrument, such as a refused cancel of all orders. */
const NO_INSTRUMENT: RecordedInstrument = { id: '', settlement: '', prices: new Grid('1'), sizes: new Grid('1') }

/**
 * Writes the result folder of a run: orders, fills and funding while it runs, the rest at its end.
 *
 * `result_sha256` covers the lines of orders, fills and funding in the order in which they happened, and the final
 * ledger; tape times only, no path, version or wall time.
 */
export class Recorder implements RunObserver {
  readonly #folder: string
  readonly #instruments: readonly RecordedInstrument[]
  readonly #orders: LineWriter
  readonly #fills: LineWriter
  readonly #funding: LineWriter
  readonly #equity: EquityFile
  readonly #hash = createHash('sha256')

  /** Makes the folder if needed; results of an earlier run in it are replaced, other files stay. */
  constructor(folder: string, instruments: readonly InstrumentSpec[]) {
    this.#folder = folder
    makeFolder(folder)
    for (const name of Object.values(RESULT_FILES)) rmSync(join(folder, name), { force: true })
    this.#instruments = instruments.map((spec) => ({
      id: spec.id,
      settlement: spec.settlement,
      prices: new Grid(spec.tick_size),
      sizes: new Grid(spec.lot_size),
    }))
    this.#orders = this.#table(RESULT_FILES.orders, ORDER_COLUMNS)
    this.#fills = this.#table(RESULT_FILES.fills, FILL_COLUMNS)
    this.#funding = this.#table(RESULT_FILES.funding, FUNDING_COLUMNS)
    this.#equity = new EquityFile(folder)
    this.#json(RESULT_FILES.instruments, instruments)
  }

  onOwnEvent(event: OwnEvent): void {
    const instrument = this.#instrument(event.instrument)
    if (event.kind === OrderEventKind.Funding) {
      this.#append('funding', this.#funding, fundingFields(event, instrument))
      return
    }
    this.#append('order', this.#orders, orderFields(event, instrument))
    if (event.kind === OrderEventKind.Fill) this.#append('fill', this.#fills, fillFields(event, instrument))
  }

  onSample(sample: Sample): void {
    this.#equity.add(sample, this.#instrument(sample.instrument).id)
  }

  /** Ends the tables, writes equity and ledger, and gives the result hash. The summary is left to `summarize`. */
  async finish(ledger: LedgerReport): Promise<string> {
    this.#closeTables()
    await this.#equity.finish()
    this.#json(RESULT_FILES.ledger, ledger)
    return this.#hash.update(`ledger,${JSON.stringify(canonical(ledger))}\n`).digest('hex')
  }

  /** Writes `summary.json`, which says that the run is whole. */
  writeSummary(summary: object): void {
    this.#json(RESULT_FILES.summary, summary)
  }

  /** Closes the files of a run that failed; what was written stays, without a summary. */
  abandon(): void {
    this.#closeTables()
    this.#equity.discard()
  }

  #append(table: string, file: LineWriter, fields: readonly string[]): void {
    const line = csvLine(fields)
    file.write(line)
    this.#hash.update(`${table},${line}`)
  }

  #instrument(index: number): RecordedInstrument {
    return this.#instruments[index] ?? NO_INSTRUMENT
  }

  #table(name: string, columns: readonly string[]): LineWriter {
    const file = new LineWriter(join(this.#folder, name))
    file.write(csvLine(columns))
    return file
  }

  #closeTables(): void {
    for (const table of [this.#orders, this.#fills, this.#funding]) table.close()
  }

  /** Under its final name only when whole. */
  #json(name: string, value: unknown): void {
    const path = join(this.#folder, name)
    writeFileSync(`${path}.partial`, `${JSON.stringify(value, null, 2)}\n`)
    renameSync(`${path}.partial`, path)
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const reason = (error as Error).message
    throw new TickwrightError('E_FILE', `the result folder ${folder} cannot be made: ${reason}`, { cause: error })
  }
}

function orderFields(event: OwnEvent, { id, prices, sizes }: RecordedInstrument): string[] {
  return [
    `${event.tsNs}`,
    `${event.venueNs}`,
    ORDER_EVENT_NAMES[event.kind],
    `${event.orderId}`,
    id,
    sideName(event.side),
    prices.text(event.priceTicks),
    sizes.text(event.sizeLots),
    sizes.text(event.leavesLots),
    sizes.text(event.cumLots),
    event.reason,
  ]
}

function fillFields(event: OwnEvent, { id, prices, sizes, settlement }: RecordedInstrument): string[] {
  return [
    `${event.tsNs}`,
    `${event.venueNs}`,
    `${event.tradeId}`,
    `${event.orderId}`,
    id,
    sideName(event.side),
    prices.text(event.priceTicks),
    sizes.text(event.sizeLots),
    event.reason === '' ? (event.isMaker ? 'maker' : 'taker') : event.reason,
    Grid.money.text(event.money),
    settlement,
    `${event.isReducing}`,
  ]
}

function fundingFields(event: OwnEvent, { id, settlement }: RecordedInstrument): string[] {
  const position = event.side === Side.Buy ? 'long' : 'short'
  return [`${event.tsNs}`, `${event.venueNs}`, id, Grid.money.text(event.money), settlement, position]
}

function sideName(side: Side): string {
  return side === Side.Buy ? 'buy' : 'sell'
}

/** The same value with the keys of its objects in order, so that its text does not depend on who wrote it. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)]))
}
