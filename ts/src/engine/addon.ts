import { TickwrightError } from '../domain/index.js'

/**
 * The hot functions: no arguments, no results, everything lies in the shared block of the engine that was entered. There
 * is one of each for all engines, so that V8 can call it directly.
 */
interface HotFunctions {
  step(): void
  readAhead(): void
  advance(): void
  details(): void
}

export interface BlockLayout {
  readonly cells: number
  readonly commandRing: number
  readonly eventRing: number
  readonly frameRing: number
  readonly ordersAt: number
  readonly liveAt: number
  readonly commandsAt: number
  readonly eventsAt: number
  readonly framesAt: number
}

/** The addon as the generated loader exports it. This file alone imports it. */
type Addon = typeof import('@tickwright/native/addon')

async function load(): Promise<Addon> {
  try {
    return await import('@tickwright/native/addon')
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`
    throw new TickwrightError(
      'E_UNSUPPORTED_PLATFORM',
      `the native addon does not load on ${platform}: build it with Rust by "npm run build", or use one of ` +
        'linux-x64, linux-arm64, darwin-arm64, darwin-x64, win32-x64 (glibc on Linux)',
      { cause, details: { platform } },
    )
  }
}

export const addon: Addon = await load()

export const { step, readAhead, advance, details } = addon.hotFunctions() as HotFunctions

/** Runs a native call and turns what it throws into a `TickwrightError` with the same code. */
export function native<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw TickwrightError.from(error, 'E_ARGUMENT')
  }
}
