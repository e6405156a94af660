/**
 * The event record of the works, 32 bytes little-endian: `ts` i64 ns, `px` i32 in ticks of 0.1, `kind` u32,
 * `qty` f64, `id` u64.
 */
export const EVENT_BYTES = 32
export const EVENT_WORDS = EVENT_BYTES / 4

const TWO_32 = 4_294_967_296

/** Writes events one after another into a buffer that grows. Times are an offset to a base, so that no BigInt is made. */
export class EventWriter {
  #bytes: ArrayBuffer
  #words: Uint32Array
  #floats: Float64Array
  readonly #baseHigh: number
  readonly #baseLow: number
  #count = 0

  constructor(baseNs: bigint, capacity: number) {
    this.#bytes = new ArrayBuffer(capacity * EVENT_BYTES)
    this.#words = new Uint32Array(this.#bytes)
    this.#floats = new Float64Array(this.#bytes)
    this.#baseHigh = Number(baseNs >> 32n)
    this.#baseLow = Number(BigInt.asUintN(32, baseNs))
  }

  get count(): number {
    return this.#count
  }

  /** `offsetNs` is added to the base time; it and `id` are whole numbers below 2^53. */
  add(offsetNs: number, priceTicks: number, kind: number, lots: number, id: number): void {
    if ((this.#count + 1) * EVENT_BYTES > this.#bytes.byteLength) this.#grow()
    const at = this.#count * EVENT_WORDS
    const words = this.#words
    const low = this.#baseLow + offsetNs
    words[at] = low
    words[at + 1] = this.#baseHigh + Math.floor(low / TWO_32)
    words[at + 2] = priceTicks
    words[at + 3] = kind
    this.#floats[this.#count * 4 + 2] = lots / 1000
    words[at + 6] = id
    words[at + 7] = Math.floor(id / TWO_32)
    this.#count += 1
  }

  /** What was written so far; shares memory with the writer. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#bytes, 0, this.#count * EVENT_BYTES)
  }

  #grow(): void {
    const bytes = new ArrayBuffer(Math.max(1024 * EVENT_BYTES, this.#bytes.byteLength * 2))
    new Uint8Array(bytes).set(new Uint8Array(this.#bytes))
    this.#bytes = bytes
    this.#words = new Uint32Array(bytes)
    this.#floats = new Float64Array(bytes)
  }
}

/** Times, prices and quantities of a file of events, read where they lie. */
export interface Events {
  readonly count: number
  /** Nanoseconds, two words an event at `EVENT_WORDS * n`: low, high. */
  readonly words: Uint32Array
  /** The same memory as signed words: price at `EVENT_WORDS * n + 2`. */
  readonly signed: Int32Array
  /** The same memory as floats: quantity at `4 * n + 2`. */
  readonly floats: Float64Array
}

/** Views of the first `records` events of a file's bytes. */
export function viewEvents(bytes: Uint8Array, records = bytes.byteLength / EVENT_BYTES): Events {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  const { buffer, byteOffset } = aligned
  return {
    count: records,
    words: new Uint32Array(buffer, byteOffset, records * EVENT_WORDS),
    signed: new Int32Array(buffer, byteOffset, records * EVENT_WORDS),
    floats: new Float64Array(buffer, byteOffset, records * 4),
  }
}

/** Time of event `n` in ns since the Unix epoch. */
export function eventTimeNs(events: Events, n: number): bigint {
  return (BigInt(events.words[n * EVENT_WORDS + 1]!) << 32n) | BigInt(events.words[n * EVENT_WORDS]!)
}

/** Nanoseconds from the first event to event `n`: exact, and no BigInt. */
export function nsSinceFirst(events: Events, n: number): number {
  const { words } = events
  const at = n * EVENT_WORDS
  return (words[at + 1]! - words[1]!) * TWO_32 + (words[at]! - words[0]!)
}

/** Size of event `n` in lots of 0.001. */
export function eventLots(events: Events, n: number): number {
  return Math.round(events.floats[n * 4 + 2]! * 1000)
}
