import { TickwrightError } from '../../domain/index.js'

/** Bytes of one record. */
export const TICK_BYTES = 48

/** Kinds of records by their number in a tape. */
const KINDS = [
  'book_delta',
  'trade',
  'quote',
  'snapshot_begin',
  'snapshot_level',
  'snapshot_end',
  'bar_open',
  'bar_high',
  'bar_low',
  'bar_close',
  'funding_rate',
  'mark_price',
  'timer',
  'order_add',
  'order_modify',
  'order_cancel',
  'order_execute',
  'book_clear',
] as const

/** Sides of records by their number: of a level its side, of a trade that of the aggressor. */
const SIDES = ['bid', 'ask', 'none'] as const

/** One market record in words. */
export interface TickFields {
  readonly kind: (typeof KINDS)[number]
  readonly side: (typeof SIDES)[number]
  /** Receive time, ns since the Unix epoch. */
  readonly recvNs: bigint
  /** Venue time, ns since the Unix epoch. */
  readonly exchNs: bigint
  readonly priceTicks: number
  readonly sizeLots: number
  /** Update id, trade id or sequence. */
  readonly id: bigint
  /** Index of the instrument. */
  readonly instrument: number
  /** 1 last of its message, 2 after a gap, 4 bad checksum. */
  readonly flags: number
}

/** Records in words as the 48-byte records that tapes hold; what is left out is 0, the side `none`, the flags LAST. */
export function encodeTicks(ticks: readonly (Pick<TickFields, 'kind'> & Partial<TickFields>)[]): Uint8Array {
  const bytes = new Uint8Array(ticks.length * TICK_BYTES)
  const view = new DataView(bytes.buffer)
  ticks.forEach((tick, index) => {
    const at = index * TICK_BYTES
    const [kind, side] = [KINDS.indexOf(tick.kind), SIDES.indexOf(tick.side ?? 'none')]
    if (kind < 0 || side < 0) {
      const given = `${String(tick.kind)} and ${String(tick.side)}`
      throw new TickwrightError('E_TICK_RECORD', `record ${index}: ${given} are no kind and side of a record`)
    }
    const recvNs = tick.recvNs ?? 0n
    view.setBigInt64(at, recvNs, true)
    view.setBigInt64(at + 8, tick.exchNs ?? recvNs, true)
    view.setBigInt64(at + 16, BigInt(tick.priceTicks ?? 0), true)
    view.setBigInt64(at + 24, BigInt(tick.sizeLots ?? 0), true)
    view.setBigUint64(at + 32, tick.id ?? 0n, true)
    view.setUint16(at + 40, tick.instrument ?? 0, true)
    view.setUint8(at + 42, kind)
    view.setUint8(at + 43, side)
    view.setUint8(at + 44, tick.flags ?? 1)
  })
  return bytes
}

/** The records of a block in words, one by one. For looking, not for speed: about 1 µs each. */
export function* decodeTicks(bytes: Uint8Array): Generator<TickFields> {
  if (bytes.length % TICK_BYTES !== 0) {
    throw new TickwrightError(
      'E_TICK_BUFFER',
      `${bytes.length} bytes are no whole number of ${TICK_BYTES}-byte records`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; at += TICK_BYTES) {
    const [kind, side] = [KINDS[view.getUint8(at + 42)], SIDES[view.getUint8(at + 43)]]
    if (kind === undefined || side === undefined) {
      throw new TickwrightError('E_TICK_RECORD', `record ${at / TICK_BYTES} is of an unknown kind or side`)
    }
    yield {
      kind,
      side,
      recvNs: view.getBigInt64(at, true),
      exchNs: view.getBigInt64(at + 8, true),
      priceTicks: Number(view.getBigInt64(at + 16, true)),
      sizeLots: Number(view.getBigInt64(at + 24, true)),
      id: view.getBigUint64(at + 32, true),
      instrument: view.getUint16(at + 40, true),
      flags: view.getUint8(at + 44),
    }
  }
}
