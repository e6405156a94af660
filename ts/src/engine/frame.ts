import type { Frame } from '../domain/index.js'
import type { Block } from './block.js'
import type { Grid } from './grid.js'
import { CELL, FrameFields, HIT, SIZE, STATUS } from './layout.generated.js'

/** The reused view of one frame in shared memory. */
export class EngineFrame extends FrameFields implements Frame {
  readonly #grids: readonly Grid[]

  constructor(block: Block, grids: readonly Grid[], fetchDetails: () => void) {
    super(block.cells, block.words, block.longs, fetchDetails)
    this.#grids = grids
  }

  /** Looks at the frame that begins at that cell. */
  look(base: number): void {
    this.base = base
    this.detailed = false
  }

  get isLast(): boolean {
    return (this.status & HIT.LAST) !== 0
  }

  get isLive(): boolean {
    return (this.status & STATUS.LIVE) !== 0
  }

  get bid(): number {
    return this.bidTicks * this.#grid().tickSize
  }

  get ask(): number {
    return this.askTicks * this.#grid().tickSize
  }

  get mid(): number {
    return (this.bidTicks + this.askTicks) * 0.5 * this.#grid().tickSize
  }

  get spreadTicks(): number {
    return this.askTicks - this.bidTicks
  }

  indicator(index: number): number {
    const at = SIZE.INSTRUMENTS_AT + (index >> 4) * SIZE.INSTRUMENT_CELLS
    return this.cells[at + CELL.INDICATORS + (index & 15)] as number
  }

  get positionLots(): number {
    return this.positionLotsOf(this.instrument)
  }

  get position(): number {
    return this.positionLots * this.#grid().lotSize
  }

  /** Position of any instrument in lots. */
  positionLotsOf(instrument: number): number {
    return this.cells[SIZE.INSTRUMENTS_AT + instrument * SIZE.INSTRUMENT_CELLS + CELL.POSITION] as number
  }

  get openOrders(): number {
    return this.words[2 * CELL.LIVE_ORDERS] as number
  }

  /** Best bid of any instrument in ticks. */
  bidTicksOf(instrument: number): number {
    this.details()
    return this.cells[SIZE.INSTRUMENTS_AT + instrument * SIZE.INSTRUMENT_CELLS + CELL.TOP] as number
  }

  /** Best ask of any instrument in ticks. */
  askTicksOf(instrument: number): number {
    this.details()
    return this.cells[SIZE.INSTRUMENTS_AT + instrument * SIZE.INSTRUMENT_CELLS + CELL.TOP + 1] as number
  }

  #grid(): Grid {
    return this.#grids[this.instrument] as Grid
  }
}
