import type { Answer } from '../answers.js'
import { fullLength, type TapeName } from '../inputs/catalog.js'

/** The processes that contestants live in: ours under Node and in Rust, and those of the peers. */
export type ProgramName = 'ours' | 'rust' | 'hftbacktest' | 'nautilus' | 'vectorbt' | 'backtesting' | 'javascript'

/** Who takes part in a race. */
export interface Entry {
  readonly program: ProgramName
  readonly contestant: string
  /** How the table calls it. */
  readonly label: string
  readonly records: number
  /** Takes part only in the last so many rounds, because one of its runs takes seconds. */
  readonly lastRounds?: number
  /** What it cannot be asked for; the rest of its answer is compared. */
  readonly lacks?: readonly (keyof Answer)[]
}

/** Whether it is ours, and not the competitor in plain JavaScript. */
export function isOurs({ program, contestant }: Entry): boolean {
  return program === 'rust' || (program === 'ours' && contestant !== 'plain')
}

/** One work on one input: who runs in turn. */
export interface Race {
  readonly work: 'W0' | 'W1' | 'W2' | 'W3' | 'W4' | 'W5'
  readonly input: TapeName | 'bars' | 'l3'
  readonly entries: readonly Entry[]
}

/** What each peer does for a record, which no ratio says. */
export const NOTES: readonly string[] = [
  'hftbacktest merges four queues of events and applies each record to two books, one as the exchange has it and one as the strategy sees it; the strategy is compiled. Its ROI depth ignores prices outside a window.',
  'NautilusTrader wraps each level and trade in an object and calls Python; `by message` hands it one object a venue message, which is its natural form. Its fills follow another rule (no queue) and are not compared; its caches of closed orders make W2 slower with length.',
  'vectorbt computes whole columns: no code is called at a bar. It counts no trade where a crossing asks for the side already held; profit and position are compared.',
  'backtesting.py, technicalindicators and trading-signals are called at every bar; nodejs-order-book matches orders and is asked for both best prices after every record.',
]

const SHORT = 100_000
const MILLION = 1_000_000
const ORDERS = 2_050_000
/** Rounds of a contestant whose run takes seconds. */
const FEW = 3

/** Every race, the works on one input after another so that each program converts an input once. */
export function races(quick: boolean): Race[] {
  const tapes = (['real', 'bench'] as const).flatMap((input) => tapeRaces(input, quick))
  return [...tapes, crossover(quick), indicators(), byOrder(quick)]
}

function tapeRaces(input: TapeName, quick: boolean): Race[] {
  const records = quick ? SHORT : fullLength(input)
  const fewer = quick ? SHORT : MILLION
  const ours = (contestant: string): Entry => ({
    program: 'ours',
    contestant,
    label: contestant === 'plain' ? 'plain JavaScript' : `ours, \`${contestant}\``,
    records,
  })
  const hftbacktest = [
    peer('hftbacktest', 'roi', 'hftbacktest, ROI depth', records),
    peer('hftbacktest', 'hashmap', 'hftbacktest, hash map depth', records),
  ]
  const nautilus = (contestant: string, what: string, more: Partial<Entry> = {}): Entry => ({
    ...peer('nautilus', contestant, `NautilusTrader${what}`, fewer),
    lastRounds: FEW,
    ...more,
  })
  const messages = input === 'real' ? [nautilus('messages', ', by message')] : []
  const called = ['step', 'frames', 'advance', 'plain'].map(ours)
  return [
    {
      work: 'W0',
      input,
      entries: [ours('advance'), ours('plain'), ...hftbacktest, nautilus('replay', ''), ...messages],
    },
    {
      work: 'W1',
      input,
      entries: [...called, ...hftbacktest, nautilus('strategy', ', strategy'), nautilus('book', ', its book alone')],
    },
    {
      work: 'W2',
      input,
      entries: [...called, ...hftbacktest, nautilus('strategy', ', strategy', { lacks: ['fills', 'endPosition'] })],
    },
  ]
}

function crossover(quick: boolean): Race {
  const numba = { ...peer('vectorbt', 'numba', 'vectorbt, numba', MILLION), lacks: ['trades'] as const }
  const entries: Entry[] = [
    peer('ours', 'engine', 'ours, engine called at each bar', MILLION),
    peer('ours', 'library', 'ours, `Sma` called at each bar', MILLION),
    peer('ours', 'columns', 'ours, `Sma` by columns, TypeScript at each bar', MILLION),
    peer('ours', 'plain', 'plain JavaScript', MILLION),
    { ...peer('vectorbt', 'rust', 'vectorbt, Rust', MILLION), lacks: ['trades'] },
    // Its compiler alone takes 20 s.
    ...(quick ? [] : [numba]),
    {
      ...peer('backtesting', 'strategy', 'backtesting.py', MILLION),
      lacks: ['endPosition'],
      lastRounds: quick ? 1 : FEW,
    },
  ]
  return { work: 'W3', input: 'bars', entries }
}

function indicators(): Race {
  const entries = [
    peer('ours', 'library', 'ours, `Ema` and `Atr` by columns', MILLION),
    peer('ours', 'plain', 'plain JavaScript', MILLION),
    peer('nautilus', 'indicators', 'NautilusTrader', MILLION),
    peer('javascript', 'technicalindicators', 'technicalindicators', MILLION),
    peer('javascript', 'trading-signals', 'trading-signals', MILLION),
  ]
  return { work: 'W4', input: 'bars', entries }
}

function byOrder(quick: boolean): Race {
  const records = quick ? SHORT : ORDERS
  const fewer = quick ? SHORT : MILLION
  const entries: Entry[] = [
    peer('rust', 'book', 'ours, book in Rust', records),
    peer('hftbacktest', 'roi', 'hftbacktest, ROI depth', records),
    peer('hftbacktest', 'hashmap', 'hftbacktest, hash map depth', records),
    { ...peer('nautilus', 'book', 'NautilusTrader, its book alone', fewer), lastRounds: FEW },
    { ...peer('javascript', 'nodejs-order-book', 'nodejs-order-book', fewer), lastRounds: FEW },
  ]
  return { work: 'W5', input: 'l3', entries }
}

function peer(program: ProgramName, contestant: string, label: string, records: number): Entry {
  return { program, contestant, label, records }
}
