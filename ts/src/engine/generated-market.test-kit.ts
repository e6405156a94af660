import type { InstrumentSpec } from '../domain/index.js'

/** Bytes of one record. */
export const TICK_BYTES = 48

/** Kinds and flags as they lie in a record. */
export const KIND = { delta: 0, trade: 1, quote: 2, begin: 3, level: 4, end: 5 } as const
export const FLAG = { none: 0, last: 1 } as const

/** Receive time of the first generated record. */
const START_NS = 1_700_000_000_000_000_000n
/** The venue's time lies that far before the receive time. */
const TRANSIT_NS = 1_000_000n

const MS = 1_000_000n

/** One record, in numbers; what is left out is 0, its side none. */
export interface RawTick {
  readonly recvNs: bigint
  readonly kind: number
  readonly exchNs?: bigint
  readonly priceTicks?: number
  readonly sizeLots?: number
  readonly id?: number
  readonly instrument?: number
  readonly side?: number
  readonly flags?: number
}

/** Records as the engine takes them. */
export function tickBytes(ticks: readonly RawTick[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(ticks.length * TICK_BYTES))
  ticks.forEach((tick, index) => {
    const at = index * TICK_BYTES
    view.setBigInt64(at, tick.recvNs, true)
    view.setBigInt64(at + 8, tick.exchNs ?? tick.recvNs - TRANSIT_NS, true)
    view.setBigInt64(at + 16, BigInt(tick.priceTicks ?? 0), true)
    view.setBigInt64(at + 24, BigInt(tick.sizeLots ?? 0), true)
    view.setBigInt64(at + 32, BigInt(tick.id ?? 0), true)
    view.setUint16(at + 40, tick.instrument ?? 0, true)
    view.setUint8(at + 42, tick.kind)
    view.setUint8(at + 43, tick.side ?? 2)
    view.setUint8(at + 44, tick.flags ?? FLAG.none)
  })
  return new Uint8Array(view.buffer)
}

/** A sequence of whole numbers that is the same for the same seed everywhere. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 to `sides` − 1. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

export function instrumentSpec(id: string, changes: Partial<InstrumentSpec> = {}): InstrumentSpec {
  return {
    id,
    venue: 'paper-town',
    symbol: id,
    kind: 'linear_perpetual',
    tick_size: '0.1',
    lot_size: '0.001',
    min_size: '0.001',
    min_notional: '0',
    multiplier: '1',
    base: 'BTC',
    quote: 'USDT',
    settlement: 'USDT',
    maker_fee: '0.0002',
    taker_fee: '0.0005',
    max_leverage: '20',
    maintenance_margin_rate: '0.005',
    ...changes,
  }
}

/** Levels a side of the first book. */
const LEVELS = 20

/** The book of one instrument while it is generated; prices in ticks to sizes in lots. */
class Ladder {
  readonly sides = [new Map<number, number>(), new Map<number, number>()] as const
  mid: number

  constructor(mid: number, dice: Dice) {
    this.mid = mid
    for (let step = 1; step <= LEVELS; step++) {
      this.sides[0].set(mid - step, 1 + dice.roll(50))
      this.sides[1].set(mid + step, 1 + dice.roll(50))
    }
  }

  best(side: 0 | 1): number {
    const prices = [...this.sides[side].keys()]
    return side === 0 ? Math.max(...prices) : Math.min(...prices)
  }
}

/**
 * A market that never crosses: a snapshot of each instrument, then depth messages of one to four levels and trades at
 * the touch, a millisecond apart or so, the mid wandering.
 */
export function generatedTicks(seed: number, messages: number, instruments = 1): RawTick[] {
  const dice = new Dice(seed)
  const ladders = Array.from({ length: instruments }, (_, k) => new Ladder(500_000 + 100_000 * k, dice))
  const ticks: RawTick[] = []
  let recvNs = START_NS
  let id = 1
  ladders.forEach((ladder, instrument) => {
    ticks.push(...snapshot(ladder, { recvNs, instrument, id: id++ }))
  })
  for (let message = 0; message < messages; message++) {
    recvNs += BigInt(1 + dice.roll(3)) * MS
    const instrument = dice.roll(instruments)
    const ladder = ladders[instrument] as Ladder
    const stamp = { recvNs, instrument, id: id++ }
    ticks.push(...(dice.roll(3) === 0 ? trade(ladder, dice, stamp) : depth(ladder, dice, stamp)))
  }
  return ticks
}

interface Stamp {
  readonly recvNs: bigint
  readonly instrument: number
  readonly id: number
}

function snapshot(ladder: Ladder, stamp: Stamp): RawTick[] {
  const levels = ([0, 1] as const).flatMap((side) =>
    [...ladder.sides[side]].map(([priceTicks, sizeLots]) => ({
      ...stamp,
      kind: KIND.level,
      side,
      priceTicks,
      sizeLots,
    })),
  )
  return [{ ...stamp, kind: KIND.begin }, ...levels, { ...stamp, kind: KIND.end, flags: FLAG.last }]
}

/** One trade at the touch; it takes no level away, the next depth message does. */
function trade(ladder: Ladder, dice: Dice, stamp: Stamp): RawTick[] {
  const aggressor = dice.roll(2) as 0 | 1
  const priceTicks = ladder.best(aggressor === 0 ? 1 : 0)
  const sizeLots = 1 + dice.roll(60)
  return [{ ...stamp, kind: KIND.trade, side: aggressor, priceTicks, sizeLots, flags: FLAG.last }]
}

function depth(ladder: Ladder, dice: Dice, stamp: Stamp): RawTick[] {
  const changes: RawTick[] = []
  const change = (side: 0 | 1, priceTicks: number, sizeLots: number): void => {
    if (sizeLots === 0) ladder.sides[side].delete(priceTicks)
    else ladder.sides[side].set(priceTicks, sizeLots)
    changes.push({ ...stamp, kind: KIND.delta, side, priceTicks, sizeLots })
  }
  for (let left = 1 + dice.roll(3); left > 0; left--) {
    const side = dice.roll(2) as 0 | 1
    const other = ladder.best(side === 0 ? 1 : 0)
    const inside = side === 0 ? other - 1 : other + 1
    const away = dice.roll(8)
    const priceTicks = side === 0 ? inside - away : inside + away
    const mayEnd = ladder.sides[side].size > 5
    change(side, priceTicks, mayEnd && dice.roll(3) === 0 ? 0 : 1 + dice.roll(80))
  }
  // Now and then the touch of a side goes, so that the mid wanders.
  const side = dice.roll(2) as 0 | 1
  if (dice.roll(4) === 0 && ladder.sides[side].size > 5) change(side, ladder.best(side), 0)
  const last = changes.pop() as RawTick
  return [...changes, { ...last, flags: FLAG.last }]
}
