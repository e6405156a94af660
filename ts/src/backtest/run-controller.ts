import { type ExecutorOptions, toStrategy } from '../controllers/index.js'
import type { Controller } from '../domain/index.js'
import type { RunOptions, RunResult } from '../engine/types.js'
import type { BacktestEngine } from './engine-module.js'

/**
 * Runs a controller on an engine whose ticks are loaded, through the default executor.
 *
 * ```ts
 * runController(engine, new SimpleMaker({ size: 0.002, max_position: 0.02 }), { refreshToleranceTicks: 2 })
 * ```
 */
export function runController(
  engine: Pick<BacktestEngine, 'run'>,
  controller: Controller,
  { refreshToleranceTicks, rejectPauseMs, ...options }: ExecutorOptions & RunOptions = {},
): RunResult {
  const executor: ExecutorOptions = {
    ...(refreshToleranceTicks === undefined ? {} : { refreshToleranceTicks }),
    ...(rejectPauseMs === undefined ? {} : { rejectPauseMs }),
  }
  return engine.run(toStrategy(controller, executor), options)
}
