import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BAR_FIELDS, generateBars } from './bars.js'
import { EVENT_BYTES, type Events, viewEvents } from './events.js'
import { generateOrders } from './orders.js'
import { convertCapture } from './real.js'
import { generateWalk } from './walk.js'

/** A generated or converted input: how many records it has and what it must be to the byte. */
interface Input {
  readonly records: number
  readonly sha256: string
  readonly make: () => Uint8Array
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Where made inputs are kept. */
export const CACHE = join(ROOT, '.cache', 'bench')
const CAPTURE = join('binance-l2-raw', 'usdm_btcusdt_20240808.gz')

/** Names of the inputs that are made of events. */
export type TapeName = 'real' | 'bench'
export const TAPE_NAMES: readonly TapeName[] = ['real', 'bench']

const FULL: Record<TapeName | 'bars' | 'l3', Input> = {
  bench: {
    records: 5_000_000,
    sha256: '9685fd04665c087f04311bee3e7b732426e3a6da141ad3aa889d4aad6e0e9c71',
    make: () => generateWalk(5_000_000),
  },
  real: {
    records: 1_417_896,
    sha256: '73812d869024e295e63cd08d371f2741a8c29b165c1fbd73ff74808e9eca2695',
    make: () => convertCapture(readFileSync(capturePath())),
  },
  bars: {
    records: 1_000_000,
    sha256: '4015345acaba5568c609f549ea105d97b31a041b5d347f6720969b7d6424888b',
    make: () => generateBars(1_000_000),
  },
  l3: {
    records: 2_050_000,
    sha256: '06f04bbbc30bee7f05a3d02dc64937872eefc38a1d68386920928386cc74dd07',
    make: () => generateOrders(2_050_000),
  },
}

const SHORT = 100_000

/** The first records of each tape, for runs that must be over soon. */
const STARTS: Record<TapeName, Input> = {
  bench: {
    records: SHORT,
    sha256: '18be9512fe92686c93cf268ff50a2069e008d1b9903e1c2ae63be4ffdac938ce',
    make: () => generateWalk(SHORT),
  },
  real: {
    records: SHORT,
    sha256: 'b1281b38f263c3043e22ce96e749e8b8ad27535e2c5396322e48b5354427ba09',
    make: () => load('real', FULL.real).slice(0, SHORT * EVENT_BYTES),
  },
}

/** How many records an input has in all. */
export function fullLength(name: TapeName): number {
  return FULL[name].records
}

/** The first `records` events of an input; made on first use and kept under `.cache/bench` by hash. */
export function loadEvents(name: TapeName, records = fullLength(name)): Events {
  const input = records <= SHORT ? STARTS[name] : FULL[name]
  if (records > input.records) throw new RangeError(`${name} has ${input.records} records, not ${records}`)
  return viewEvents(load(name, input).subarray(0, records * EVENT_BYTES))
}

/** All bars, `BAR_FIELDS` numbers each: open, high, low, close, volume. */
export function loadBars(): Float64Array {
  const bytes = load('bars', FULL.bars)
  return new Float64Array(bytes.buffer, bytes.byteOffset, FULL.bars.records * BAR_FIELDS)
}

/** Files whose hash this process has checked. */
const checkedFiles = new Set<string>()

/** The file of an input, made if it is not there: for programs that read it themselves. */
export function inputFile(name: TapeName | 'bars' | 'l3', records: number): string {
  const input = name in STARTS && records <= SHORT ? STARTS[name as TapeName] : FULL[name]
  const path = cachePath(input)
  if (!checkedFiles.has(path)) load(name, input)
  checkedFiles.add(path)
  return path
}

function load(name: string, input: Input): Uint8Array {
  const path = cachePath(input)
  if (existsSync(path)) {
    const cached = aligned(readFileSync(path))
    if (sha256(cached) === input.sha256) return cached
  }
  process.stderr.write(`bench: making ${name}, ${input.records} records\n`)
  const made = input.make()
  const found = sha256(made)
  if (found !== input.sha256) {
    throw new Error(`${name} came out as sha256 ${found}, but it is defined as ${input.sha256}: its generator is wrong`)
  }
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(`${path}.${process.pid}`, made)
  renameSync(`${path}.${process.pid}`, path)
  return made
}

function cachePath(input: Input): string {
  return join(CACHE, `${input.sha256.slice(0, 16)}.bin`)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Small files come out of a shared pool at any offset; floats need one of 8. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
}

/** The bundled recording of Binance USD-M BTCUSDT. */
export function capturePath(): string {
  const folders = [join(ROOT, 'tests', 'data'), process.env.TICKWRIGHT_TEST_DATA].filter((path) => path !== undefined)
  const found = folders.map((folder) => join(folder, CAPTURE)).find((path) => existsSync(path))
  if (found === undefined) throw new Error(`no ${CAPTURE} in ${folders.join(' or ')}: it is part of the repository`)
  return found
}
