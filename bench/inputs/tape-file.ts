import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type InstrumentSpec, TickwrightError } from '../../ts/src/domain/index.js'
import { tape } from '../../ts/src/engine/index.js'
import { BENCH_INSTRUMENT } from '../works/instrument.js'
import { CACHE, capturePath } from './catalog.js'
import { TICK_BYTES } from './ticks.js'

/** Rows read at a time. */
const CHUNK = 100_000
/** Numbers of the kinds that make levels and trades. */
const KINDS: Readonly<Record<string, number>> = {
  book_delta: 0,
  trade: 1,
  snapshot_begin: 3,
  snapshot_level: 4,
  snapshot_end: 5,
  book_clear: 17,
}
/** Quotes beside levels say nothing that the levels do not. */
const LEFT_OUT = 'quote'
const SIDES = ['bid', 'ask', '']
const LAST = 1

/** The bundled capture as a tape; converted on first use. */
export function convertedTape(): { readonly path: string; readonly instruments: readonly InstrumentSpec[] } {
  const path = join(CACHE, 'usdm_btcusdt_20240808.tape.parquet')
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true })
    tape.convert({ from: 'binance-raw', inputs: [capturePath()], out: path, instruments: [BENCH_INSTRUMENT] })
  }
  return { path, instruments: tape.info(path).instruments }
}

/** A tape of levels and trades as the works want it. */
export interface WorkTape {
  readonly instrument: InstrumentSpec
  readonly records: number
  readonly ticks: Uint8Array
}

/**
 * Reads a tape of one instrument into engine records: exchange time = its receive time, receive time = that + 1 ns,
 * every record the last of its message. Quotes are left out. Throws where a record is neither a level, a trade nor a
 * quote.
 */
export function readWorkTape(path: string): WorkTape {
  const { ticks, instruments, by_kind: kinds } = tape.info(path)
  const records = ticks - (kinds[LEFT_OUT] ?? 0)
  const instrument = instruments[0]
  if (instrument === undefined || instruments.length !== 1) {
    throw new TickwrightError(
      'E_ARGUMENT',
      `${path} has ${instruments.length} instruments: a work runs on one; slice the tape first`,
    )
  }
  const others = Object.keys(kinds).filter((kind) => kinds[kind]! > 0 && kind !== LEFT_OUT && KINDS[kind] === undefined)
  if (others.length > 0) {
    throw new TickwrightError(
      'E_ARGUMENT',
      `${path} holds ${others.join(', ')}: a work runs on levels and trades; cut the tape with tape slice --kind`,
    )
  }
  const bytes = new DataView(new ArrayBuffer(records * TICK_BYTES))
  let done = 0
  for (let offset = 0; offset < ticks; offset += CHUNK) {
    for (const row of tape.cat(path, { offset, limit: CHUNK })) {
      if (row.kind === LEFT_OUT) continue
      writeTick(bytes, done * TICK_BYTES, row, instrument)
      done += 1
    }
  }
  return { instrument, records, ticks: new Uint8Array(bytes.buffer) }
}

type TapeRow = ReturnType<typeof tape.cat>[number]

function writeTick(bytes: DataView, at: number, row: TapeRow, instrument: InstrumentSpec): void {
  const ts = BigInt(row.recv_ns)
  bytes.setBigInt64(at, ts + 1n, true)
  bytes.setBigInt64(at + 8, ts, true)
  bytes.setBigInt64(at + 16, BigInt(Math.round(Number(row.price) / Number(instrument.tick_size))), true)
  bytes.setBigInt64(at + 24, BigInt(Math.round(Number(row.size) / Number(instrument.lot_size))), true)
  bytes.setBigUint64(at + 32, BigInt(row.id), true)
  bytes.setUint8(at + 42, KINDS[row.kind]!)
  bytes.setUint8(at + 43, SIDES.indexOf(row.side))
  bytes.setUint8(at + 44, LAST)
}
