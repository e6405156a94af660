import { addon, type BlockLayout, native } from './addon.js'

/** The memory that one engine and its controller share, with a view for each way of reading a cell. */
export class Block {
  readonly cells: Float64Array
  readonly words: Int32Array
  readonly longs: BigInt64Array
  readonly layout: BlockLayout

  constructor(configJson: string) {
    this.layout = native(() => addon.engineLayout(configJson))
    const buffer = new SharedArrayBuffer(8 * this.layout.cells)
    this.cells = new Float64Array(buffer)
    this.words = new Int32Array(buffer)
    this.longs = new BigInt64Array(buffer)
  }
}
