// Generated from crates/engine/src/layout by `cargo run -p tickwright-engine --example generate_frame`.
// Do not edit: a test of the crate compares it with its source.

/** Sizes and places in the block, in cells of 8 bytes. */
export const SIZE = {
  FRAME_CELLS: 8,
  COMMAND_CELLS: 4,
  EVENT_CELLS: 16,
  ORDER_CELLS: 8,
  ORDER_SLOTS: 4096,
  INSTRUMENT_CELLS: 32,
  INSTRUMENTS_AT: 64,
} as const

/** Single cells; those of an instrument count from its block. */
export const CELL = {
  COMMANDS: 8,
  EVENTS: 9,
  CALL: 10,
  RECORDS: 27,
  LIVE_ORDERS: 12,
  ORDER_ID: 13,
  POSITION: 0,
  STATE: 1,
  TOP: 4,
  INDICATORS: 8,
} as const

/** Bits of the status word. */
export const STATUS = {
  ACTION: 1,
  END: 2,
  DRAIN: 4,
  MORE: 8,
  EVENTS: 32,
  LIVE: 64,
  IDLE: 128,
  LIMIT: 256,
} as const

/** Bits of the status word that say why a controller is called. */
export const HIT = {
  RECORD: 65536,
  LAST: 131072,
  TRADE: 262144,
  BEST: 524288,
  OWN: 1048576,
  TIMER: 2097152,
  NTH: 4194304,
  BAR: 8388608,
  MID: 16777216,
  CROSS: 33554432,
} as const

/** The fields of a frame as they lie in shared memory; `base` is the frame's first cell. */
export class FrameFields {
  /** First cell of the frame looked at: 0 for the live one. */
  base = 0

  constructor(
    protected readonly cells: Float64Array,
    protected readonly words: Int32Array,
    protected readonly longs: BigInt64Array,
    private readonly fetchDetails: () => void,
  ) {}

  /** Whether details were fetched since the engine last moved. */
  protected detailed = false

  protected details(): void {
    if (this.detailed) return
    this.fetchDetails()
    this.detailed = true
  }

  /** What happened and what may be done now. Unit: bits of STATUS and HIT. */
  get status(): number {
    return ((this.words[2 * this.base + 0] as number) >>> 0) & 0x3ffffff
  }

  /** Instrument of the record. Unit: index. */
  get instrument(): number {
    return ((this.words[2 * this.base + 1] as number) >>> 0) & 0xffff
  }

  /** Kind of the record. Unit: TickKind. */
  get kind(): number {
    return ((this.words[2 * this.base + 1] as number) >>> 16) & 0xff
  }

  /** Side of the record. Unit: 0 bid or buyer, 1 ask or seller, 2 none. */
  get side(): number {
    return ((this.words[2 * this.base + 1] as number) >>> 24) & 0xf
  }

  /** Flags of the record: 1 LAST, 2 GAP, 4 BAD_CHECKSUM. Unit: bits. */
  get flags(): number {
    return ((this.words[2 * this.base + 1] as number) >>> 28) & 0xf
  }

  /** Receive time of the record. Unit: µs since the Unix epoch. */
  get tsUs(): number {
    return this.cells[this.base + 1] as number
  }

  /** Best bid. Unit: ticks, NaN when the side is empty. */
  get bidTicks(): number {
    return this.cells[this.base + 2] as number
  }

  /** Best ask. Unit: ticks, NaN when the side is empty. */
  get askTicks(): number {
    return this.cells[this.base + 3] as number
  }

  /** Size at the best bid. Unit: lots. */
  get bidLots(): number {
    return this.cells[this.base + 4] as number
  }

  /** Size at the best ask. Unit: lots. */
  get askLots(): number {
    return this.cells[this.base + 5] as number
  }

  /** Price of the record. Unit: ticks. */
  get priceTicks(): number {
    return this.cells[this.base + 6] as number
  }

  /** Size of the record. Unit: lots. */
  get sizeLots(): number {
    return this.cells[this.base + 7] as number
  }

  /** Receive time of the record. Unit: ns since the Unix epoch. */
  get tsNs(): bigint {
    this.details()
    return this.longs[16] as bigint
  }

  /** Venue time of the record. Unit: ns since the Unix epoch. */
  get exchTsNs(): bigint {
    this.details()
    return this.longs[17] as bigint
  }

  /** Order, update or trade id of the record. Unit: as the feed counts. */
  get id(): bigint {
    this.details()
    return this.longs[18] as bigint
  }

  /** Records done since the start. Unit: records. */
  get records(): number {
    this.details()
    return this.cells[27] as number
  }

  /** Mid weighted by the sizes at the touch. Unit: ticks. */
  get micropriceTicks(): number {
    this.details()
    return this.cells[19] as number
  }

  /** Imbalance of the sizes over five levels. Unit: −1 to 1. */
  get imbalance(): number {
    this.details()
    return this.cells[20] as number
  }

  /** Equity of the account at the present mids. Unit: settlement asset. */
  get equity(): number {
    this.details()
    return this.cells[21] as number
  }

  /** Profit of what was closed of the instrument. Unit: settlement asset. */
  get realized(): number {
    this.details()
    return this.cells[22] as number
  }

  /** Profit of what is held of the instrument. Unit: settlement asset. */
  get unrealized(): number {
    this.details()
    return this.cells[23] as number
  }

  /** Fees paid on the instrument. Unit: settlement asset. */
  get fees(): number {
    this.details()
    return this.cells[24] as number
  }

  /** Funding received on the instrument. Unit: settlement asset. */
  get funding(): number {
    this.details()
    return this.cells[25] as number
  }

  /** Average entry price without fees. Unit: price, NaN when flat. */
  get avgEntry(): number {
    this.details()
    return this.cells[26] as number
  }
}
