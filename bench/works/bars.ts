import { Engine } from '../../ts/src/engine/index.js'
import { barTicks } from '../inputs/bar-ticks.js'
import { crossBars } from '../plain-js/crossover.js'
import { streamBars } from '../plain-js/streaming.js'
import { ColumnIndicators } from './column-indicators.js'
import type { Contestant } from './contestants.js'
import { Crossover } from './crossover.js'
import { crossoverConfig } from './instrument.js'
import { crossBarsBySma, crossBarsBySmaColumns } from './sma-crossover.js'

/** The works on bars. */
export type BarWork = 'W3' | 'W4'

/** Who does W3, a crossover at each bar, or W4, EMA and ATR of each bar. */
export function barContestants(work: BarWork, bars: Float64Array): Map<string, Contestant> {
  if (work === 'W4') {
    return new Map<string, Contestant>([
      ['library', new ColumnIndicators(bars)],
      ['plain', { prepare: () => () => ({ checksum: 0, ...streamBars(bars) }) }],
    ])
  }
  return new Map<string, Contestant>([
    ['engine', new EngineCrossover(bars)],
    ['library', { prepare: () => () => ({ checksum: 0, ...crossBarsBySma(bars) }) }],
    ['columns', { prepare: () => () => ({ checksum: 0, ...crossBarsBySmaColumns(bars) }) }],
    ['plain', { prepare: () => () => ({ checksum: 0, ...crossBars(bars) }) }],
  ])
}

/** Runs a new engine each time; the one before is kept until then, so that its classes never lose their last instance. */
class EngineCrossover implements Contestant {
  readonly #ticks: Uint8Array
  #before: Engine | undefined

  constructor(bars: Float64Array) {
    this.#ticks = barTicks(bars)
  }

  prepare() {
    const engine = new Engine(crossoverConfig())
    engine.loadTicks(this.#ticks)
    this.#before?.close()
    this.#before = engine
    const work = new Crossover()
    return () => {
      engine.run(work, { mode: 'step' })
      return work.answer()
    }
  }
}
