/** What a work must answer: whole numbers exactly, floats to `RELATIVE`. A time counts only beside equal answers. */
export interface Answer {
  readonly checksum: number
  readonly ema?: number
  readonly atr?: number
  readonly fills?: number
  readonly trades?: number
  readonly profit?: number
  readonly endPosition?: number
}

/** Floats may differ by this share, for sums are made in different orders. */
const RELATIVE = 1e-9

type Row = readonly [checksum: number, ema: number, atr: number, fills: number, endPosition: number]

const QUOTING: Record<string, Row> = {
  'bench 100000': [20_010_049, 10012.572676284011, 0.12533968478420324, 1_443, 1],
  'bench 1000000': [200_335_256, 10007.452418380764, 0.1568705064622766, 14_907, 43],
  'bench 5000000': [1_001_205_456, 9984.687030323326, 0.15993674858785423, 74_595, 141],
  'real 100000': [123_628_433, 61803.83932739329, 0.10000000003967902, 190, -8],
  'real 1000000': [1_234_364_788, 61815.84992278594, 0.09999999999854489, 2_297, 119],
  'real 1417896': [1_748_958_233, 61659.7500002564, 0.10000000000582085, 3_309, 227],
}

/** EMA(14) and Wilder's ATR(14) after the million bars. */
export const BARS_ANSWER = { ema: 1055718.972990778, atr: 197.60741474000923 } as const

/**
 * Crossings of SMA(10) and SMA(50) over the million bars. A crossing has one average below the other at one bar and above
 * it at the next; each closes the trade that is open. The profit is that of the account, the open position included.
 */
const CROSSOVER_ANSWER = { trades: 27_222, profit: 314_959, endPosition: 1 } as const

/** Checksums of the book by order. */
const BY_ORDER: Record<number, number> = { 100000: 20_000_058, 1000000: 199_999_940, 2050000: 409_999_621 }

/** Best bid and ask at the end, summed: where nobody looks in between. */
const REPLAYED: Record<string, number> = {
  'bench 100000': 200_255,
  'bench 1000000': 200_148,
  'bench 5000000': 199_693,
  'real 100000': 1_236_077,
  'real 1000000': 1_236_317,
  'real 1417896': 1_233_195,
}

/** The agreed answer of a work on so many records of an input, `undefined` where none was agreed on. */
export function agreedAnswer(work: string, input: string, records: number): Answer | undefined {
  if (input === 'bars') return records === 1_000_000 ? barsAnswer(work) : undefined
  if (input === 'l3') {
    const checksum = BY_ORDER[records]
    return checksum === undefined ? undefined : { checksum }
  }
  const row = QUOTING[`${input} ${records}`]
  if (work === 'W0') {
    const checksum = REPLAYED[`${input} ${records}`]
    return checksum === undefined ? undefined : { checksum }
  }
  if (row === undefined) return undefined
  const [checksum, ema, atr, fills, endPosition] = row
  return work === 'W1' ? { checksum } : { checksum, ema, atr, fills, endPosition }
}

function barsAnswer(work: string): Answer {
  return work === 'W3' ? { checksum: 0, ...CROSSOVER_ANSWER } : { checksum: 0, ...BARS_ANSWER }
}

/** What differs, as a sentence; `undefined` where the answers are equal. */
export function difference(found: Answer, agreed: Answer): string | undefined {
  for (const key of ['checksum', 'fills', 'endPosition', 'trades', 'profit'] as const) {
    if (agreed[key] !== undefined && found[key] !== agreed[key]) return `${key} ${found[key]} instead of ${agreed[key]}`
  }
  for (const key of ['ema', 'atr'] as const) {
    const wanted = agreed[key]
    if (wanted !== undefined && !isClose(found[key], wanted)) return `${key} ${found[key]} instead of ${wanted}`
  }
  return undefined
}

export function isClose(found: number | undefined, wanted: number): boolean {
  return found !== undefined && Math.abs(found - wanted) <= RELATIVE * Math.abs(wanted)
}
