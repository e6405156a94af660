/** A run stopped between two processes: engine and executor are saved together, and new ones go on. */
import { describe, expect, it } from 'vitest'
import { SimpleMaker, toStrategy } from '../../ts/src/controllers/index.js'
import type { Strategy } from '../../ts/src/domain/index.js'
import { generatedTicks, tickBytes } from '../../ts/src/engine/generated-market.test-kit.js'
import { Engine } from '../../ts/src/engine/index.js'
import { Newspaper, perpetualConfig } from '../../ts/src/engine/recorded-run.test-kit.js'

const TICKS = tickBytes(generatedTicks(23, 6_000))

function loaded(): Engine {
  const engine = new Engine(perpetualConfig())
  engine.loadTicks(TICKS)
  return engine
}

function maker(): Strategy {
  const settings = {
    size: 0.02,
    half_spread_ticks: 0.5,
    levels: 3,
    level_step_ticks: 1,
    max_position: 1,
    refresh_ms: 5,
  }
  return toStrategy(new SimpleMaker({ ...settings, refresh_ticks: 1 }))
}

/** Runs to the end, with everything but what was saved made anew after each of those many records. */
function history(stops: readonly number[]) {
  const paper = new Newspaper()
  let [engine, strategy] = [loaded(), maker()]
  for (const maxRecords of stops) {
    engine.run(strategy, { maxRecords, observer: paper })
    const saved = { engine: engine.snapshot(), strategy: JSON.stringify(strategy.snapshot?.()) }
    engine.close()
    ;[engine, strategy] = [loaded(), maker()]
    engine.restore(saved.engine)
    strategy.restore?.(JSON.parse(saved.strategy))
  }
  engine.run(strategy, { observer: paper })
  const outcome = { news: paper.lines, fills: paper.fills, ledger: engine.ledger(), books: engine.books() }
  engine.close()
  return outcome
}

describe('a controller and its engine, saved and taken up by new ones', () => {
  const whole = history([])

  it.each([[[777]], [[1_000, 1, 2_500]], [[3_333, 3_333]]])(
    'after %j records trade on as if nothing had been',
    (stops) => {
      expect(whole.fills).toBeGreaterThan(50)
      expect(history(stops)).toEqual(whole)
    },
  )
})
