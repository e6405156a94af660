import type { Controller } from '../domain/index.js'
import { SimpleMaker } from './simple-maker.js'

/** A class that a run file can name: made once from its `params`, which its schema, if it has one, has checked. */
export interface ControllerClass {
  // Each class has params of its own type; the schema, not the compiler, holds a file to it.
  new (params: never): Controller
  readonly params?: { safeParse(value: unknown): unknown }
}

/** Controllers that a run file can name without a path. */
export const REGISTERED_CONTROLLERS: Readonly<Record<string, ControllerClass>> = {
  'simple-maker': SimpleMaker,
}
