import { fullLength, loadBars, loadEvents, TAPE_NAMES, type TapeName } from '../inputs/catalog.js'
import { BOOK, BOOKS, FILL, FRAME, INDICATORS, ORDERS } from './limits.js'
import { barRows, collectionRows, memoryRows, readingRows, sweepRows } from './others.js'
import type { Row } from './row.js'
import { skipped } from './row.js'
import { bookRows, frameRows, indicatorRows, orderRows } from './rust.js'
import { boundaryRow, type Extent, measureWork, tickRows, workRows } from './tapes.js'

/**
 * Parts of the inputs that have agreed answers. The recording's book is wide: in a short run a new engine would be
 * timed for touching its memory the first time and for little else.
 */
const QUICK: Record<TapeName, { readonly records: number; readonly rounds: number }> = {
  real: { records: 1_000_000, rounds: 5 },
  bench: { records: 100_000, rounds: 15 },
}

/** Everything the table holds, in its order; says on the way what is being measured. */
export async function allRows(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  say('inputs')
  for (const name of TAPE_NAMES) loadEvents(name, quick ? QUICK[name].records : fullLength(name))
  loadBars()

  const measured = async (work: 'W0' | 'W1' | 'W2', input: TapeName, extent: Extent) => {
    say(`${work} on ${input}, ${extent.records} records`)
    return measureWork(work, input, extent)
  }
  const quoting = await measured('W2', 'real', extentOf('real', quick, true))
  const replay = await measured('W0', 'real', extentOf('real', quick, false))
  const works = [
    replay,
    await measured('W0', 'bench', extentOf('bench', quick, false)),
    await measured('W1', 'real', extentOf('real', quick, !quick)),
    await measured('W1', 'bench', extentOf('bench', quick, !quick)),
    quoting,
    await measured('W2', 'bench', extentOf('bench', quick, !quick)),
  ]
  say('bars')
  const bars = await barRows(quick ? 5 : 21)
  say('a sweep')
  const sweep = await sweepRows(quick ? QUICK.real.records : fullLength('real'), quick ? 5 : 15)
  say('a long run for garbage collections')
  const collections = await collectionRows(10_000_000)
  say('a long run for memory')
  const memory = await memoryRows(quick ? 10_000_000 : 100_000_000)
  say('reading a tape')
  const reading = await readingRows(quick ? 2 : 7)
  return [
    ...tickRows(quoting),
    boundaryRow(replay),
    ...(await rustRows(quick, say)),
    ...sweep,
    ...works.flatMap(workRows),
    ...bars,
    ...reading,
    ...memory,
    ...collections,
  ]
}

async function rustRows(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const limits = [BOOK, BOOKS, ORDERS, FILL, INDICATORS, FRAME]
  if (quick) return limits.map((row) => skipped(row, 'not in a quick run: builds with cargo'))
  say('the books in Rust')
  const book = [...(await bookRows()), ...(await orderRows())]
  say('indicators in Rust')
  const indicators = await indicatorRows()
  say('a depth frame in Rust')
  return [...book, ...indicators, ...(await frameRows())]
}

function extentOf(input: TapeName, quick: boolean, withFirstRuns: boolean): Extent {
  if (quick) return { ...QUICK[input], firstRuns: withFirstRuns ? 1 : 0 }
  return { records: fullLength(input), rounds: 15, firstRuns: withFirstRuns ? 3 : 0 }
}
