import { gunzipSync } from 'node:zlib'

/** One kept line of a recording: levels that changed, a trade, or the whole book. */
export type Message =
  | { readonly kind: 'depth'; readonly tsNs: bigint; readonly id: number; readonly levels: readonly Level[] }
  | {
      readonly kind: 'snapshot'
      readonly tsNs: bigint
      readonly id: number
      readonly bids: Level[]
      readonly asks: Level[]
    }
  | { readonly kind: 'trade'; readonly tsNs: bigint; readonly id: number; readonly level: Level }

/** A price with a size; the side is that of the book or, of a trade, 2 for a selling and 3 for a buying aggressor. */
export interface Level {
  readonly kind: number
  readonly priceTicks: number
  readonly lots: number
}

type RawLevel = readonly [price: string, quantity: string]

/** Reads a gzipped capture of Binance streams, `<receive ns> <JSON>` a line, without its best quotes. */
export function readCapture(gzip: Uint8Array): Message[] {
  const messages: Message[] = []
  for (const line of gunzipSync(gzip).toString('latin1').split('\n')) {
    if (line.length === 0 || line.includes('@bookTicker"')) continue
    const space = line.indexOf(' ')
    messages.push(parse(BigInt(line.slice(0, space)), JSON.parse(line.slice(space + 1))))
  }
  return messages
}

/** A line's JSON: a stream message, or the REST snapshot, which has no `data`. */
interface Body {
  readonly data?: {
    readonly e: string
    readonly t: number
    readonly u: number
    readonly m: boolean
    readonly p: string
    readonly q: string
    readonly b: RawLevel[]
    readonly a: RawLevel[]
  }
  readonly lastUpdateId: number
  readonly bids: RawLevel[]
  readonly asks: RawLevel[]
}

function parse(tsNs: bigint, body: Body): Message {
  const { data } = body
  if (data === undefined) {
    const bids = body.bids.map((raw) => level(0, raw))
    return { kind: 'snapshot', tsNs, id: body.lastUpdateId, bids, asks: body.asks.map((raw) => level(1, raw)) }
  }
  if (data.e === 'trade') return { kind: 'trade', tsNs, id: data.t, level: level(data.m ? 2 : 3, [data.p, data.q]) }
  return { kind: 'depth', tsNs, id: data.u, levels: deletesFirst(data.b, data.a) }
}

/** A book not crossed before and after a message is then not crossed inside it either. */
function deletesFirst(bids: readonly RawLevel[], asks: readonly RawLevel[]): Level[] {
  const levels = [...bids.map((raw) => level(0, raw)), ...asks.map((raw) => level(1, raw))]
  return [...levels.filter(({ lots }) => lots === 0), ...levels.filter(({ lots }) => lots !== 0)]
}

function level(kind: number, [price, quantity]: RawLevel): Level {
  return { kind, priceTicks: Math.round(Number(price) * 10), lots: Math.round(Number(quantity) * 1000) }
}
