import { type Level, type Message, readCapture } from './capture.js'
import { EventWriter } from './events.js'

const MIN_RECORDS = 1_000_000
const SECOND_NS = 1_000_000_000

/** `real.bin`: the capture as levels and trades, repeated until there are at least a million records. */
export function convertCapture(gzip: Uint8Array): Uint8Array {
  const messages = readCapture(gzip)
  const firstNs = messages[0]!.tsNs
  const spanNs = Number(messages.at(-1)!.tsNs - firstNs) + SECOND_NS
  const copy = new CaptureCopy(new EventWriter(firstNs, 1 << 20), firstNs)
  for (let shiftNs = 0; copy.writer.count < MIN_RECORDS; shiftNs += spanNs) copy.write(messages, shiftNs)
  return copy.writer.bytes()
}

/** Writes a capture; keeps the book, because the next copy's snapshot replaces it level by level. */
class CaptureCopy {
  readonly writer: EventWriter
  readonly #firstNs: bigint
  readonly #sides = [new Set<number>(), new Set<number>()] as const
  #lastNs = -1

  constructor(writer: EventWriter, firstNs: bigint) {
    this.writer = writer
    this.#firstNs = firstNs
  }

  write(messages: readonly Message[], shiftNs: number): void {
    const waiting: Message[] = []
    let synchronised = false
    for (const message of messages) {
      const ns = Number(message.tsNs - this.#firstNs) + shiftNs
      if (synchronised) this.#writeMessage(message, ns)
      else if (message.kind === 'depth') waiting.push(message)
      else if (message.kind === 'snapshot') {
        synchronised = true
        this.#writeSnapshot(message, ns)
        for (const depth of waiting) if (depth.id >= message.id) this.#writeMessage(depth, ns)
      }
    }
  }

  #writeMessage(message: Message, ns: number): void {
    if (message.kind === 'trade') this.#add(ns, message.level, message.id)
    if (message.kind !== 'depth') return
    for (const level of message.levels) this.#add(ns, level, message.id)
  }

  #writeSnapshot(snapshot: Message & { kind: 'snapshot' }, ns: number): void {
    const sides = [snapshot.bids, snapshot.asks]
    for (const kind of [0, 1] as const) {
      const kept = new Set(sides[kind]!.map(({ priceTicks }) => priceTicks))
      const gone = [...this.#sides[kind]].filter((price) => !kept.has(price)).sort((a, b) => a - b)
      for (const priceTicks of gone) this.#add(ns, { kind, priceTicks, lots: 0 }, snapshot.id)
    }
    for (let n = 0; n < Math.max(snapshot.bids.length, snapshot.asks.length); n += 1) {
      for (const side of sides) if (n < side.length) this.#add(ns, side[n]!, snapshot.id)
    }
  }

  #add(ns: number, { kind, priceTicks, lots }: Level, id: number): void {
    const side = this.#sides[kind]
    if (side !== undefined) {
      if (lots === 0) side.delete(priceTicks)
      else side.add(priceTicks)
    }
    this.#lastNs = Math.max(ns, this.#lastNs + 1)
    this.writer.add(this.#lastNs, priceTicks, kind, lots, id)
  }
}
