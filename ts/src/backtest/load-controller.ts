import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { REGISTERED_CONTROLLERS, toStrategy } from '../controllers/index.js'
import { type Controller, type Strategy, TickwrightError } from '../domain/index.js'
import type { RunConfig } from './config.js'

/** What a run file may name: a class, with a schema for its params or without. */
interface Loadable {
  new (params: unknown): unknown
  readonly params?: z.ZodType
}

/**
 * Makes the controller or strategy that a run file names: a registered one, or `./file.ts#Class` relative to the file,
 * TypeScript as it is. Its params are checked by the class's own `static params` schema where it has one.
 *
 * `E_CONFIG` if there is no such file or class, if loading or making it throws, or if it has no `onTick`.
 */
export async function loadStrategy(config: RunConfig): Promise<Strategy> {
  const { level } = config.decider
  const found = await findClass(config)
  const made = make(found, config)
  if (typeof (made as { onTick?: unknown } | null)?.onTick !== 'function') {
    throw config.file.fault(
      [level],
      `the class has no onTick(frame, ${level === 'controller' ? 'desired' : 'commands'})`,
    )
  }
  return level === 'controller' ? toStrategy(made as Controller, config.executor) : (made as Strategy)
}

async function findClass(config: RunConfig): Promise<Loadable> {
  const { level, name } = config.decider
  const hash = name.lastIndexOf('#')
  if (hash < 0) return registered(config)
  const path = resolve(dirname(config.file.path), name.slice(0, hash))
  const className = name.slice(hash + 1)
  if (!existsSync(path)) throw config.file.fault([level], `there is no file ${path}`)
  const module = await importFile(path, config)
  const found = module[className]
  if (typeof found !== 'function') {
    const exported = Object.keys(module).filter((key) => typeof module[key] === 'function')
    const known = exported.length === 0 ? 'it exports no class' : `it exports ${exported.join(', ')}`
    throw config.file.fault([level], `${path} has no class ${JSON.stringify(className)}: ${known}`)
  }
  return found as Loadable
}

function registered(config: RunConfig): Loadable {
  const { level, name } = config.decider
  const known = Object.keys(REGISTERED_CONTROLLERS)
  if (level === 'strategy' || !known.includes(name)) {
    const names = level === 'strategy' ? '' : ` or one of ${known.join(', ')}`
    throw config.file.fault([level], `expected ./file.ts#Class${names}`)
  }
  return REGISTERED_CONTROLLERS[name] as unknown as Loadable
}

async function importFile(path: string, config: RunConfig): Promise<Record<string, unknown>> {
  try {
    // Loaded only here: a registered controller needs no compiler.
    const { tsImport } = await import('tsx/esm/api')
    return await tsImport(pathToFileURL(path).href, import.meta.url)
  } catch (error) {
    throw config.file.fault([config.decider.level], `${path} cannot be loaded: ${messageOf(error)}`, error)
  }
}

function make(found: Loadable, config: RunConfig): unknown {
  const params = found.params instanceof Object ? checkedParams(found.params, config) : config.params
  try {
    return new found(params)
  } catch (error) {
    if (error instanceof z.ZodError) return config.file.accept({ success: false, error }, ['params'])
    throw config.file.fault(['params'], `${config.decider.name} cannot be made: ${messageOf(error)}`, error)
  }
}

function checkedParams(schema: z.ZodType, config: RunConfig): unknown {
  // A class may bring its own copy of zod: what counts is that it can parse.
  if (typeof schema.safeParse !== 'function') {
    throw new TickwrightError('E_CONFIG', `static params of ${config.decider.name} is no schema: it has no safeParse`)
  }
  return config.file.accept(schema.safeParse(config.params), ['params'])
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
