import { fakeModule, PERP } from '../backtest/fake-engine.test-kit.js'
import type { CliContext, Output } from './context.js'
import type {
  ConvertReport,
  NativeModule,
  ReaderInfo,
  ReplayReport,
  TapeInfo,
  TapeRow,
  VerifyReport,
} from './native-module.js'
import { runCli } from './program.js'

/** What a command line did. */
export interface Done {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Calls of the tape functions: their names and options. */
  readonly calls: readonly (readonly [name: string, given: unknown])[]
}

/** What a test may set about the outside. */
export interface FakeOutside {
  readonly terminal?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly tape?: Partial<NativeModule['tape']>
  readonly nativeFails?: Error
}

export const INFO: TapeInfo = {
  ticks: 531_232,
  by_kind: { book_delta: 443_521, trade: 21_313 },
  first_ts_ns: '1723161255030314667',
  last_ts_ns: '1723161599833492584',
  instruments: [PERP],
  content_sha256: 'cd'.repeat(32),
  exch_shift_ns: '-1270000000',
  off_lot: 0,
  skipped: 1,
  format_version: 1,
}

export const CONVERTED: ConvertReport = {
  tape: INFO,
  read: {
    rows: 93_954,
    off_lot: 0,
    rounded: 0,
    gaps: 0,
    snapshots: 1,
    stale_messages: 5,
    checksums: { checked: 443, equal: 442 },
    ignored: { markPriceUpdate: 7 },
    bad_rows: ['"a.gz", line 7, column 3: not JSON'],
  },
}

const READERS: readonly ReaderInfo[] = [
  { name: 'plain', about: 'files that say it all', example: '--instrument X --out o a.gz', needs: [], takes: [] },
  { name: 'needy', about: 'files that do not', example: '--date 2012-06-21 b.csv', needs: ['date'], takes: ['tz'] },
]

const NONE = { count: 0 }

export const VERIFIED: VerifyReport = {
  ticks: 531_232,
  messages: 93_954,
  backwards: NONE,
  gaps: NONE,
  crossed: { count: 2, first: { index: 1_234, recv_ns: '1723161255030314667', instrument: 0, id: 9 } },
  locked: NONE,
  negative_sizes: NONE,
  without_side: NONE,
  bad_checksums: NONE,
  unknown_orders: NONE,
  quotes_checked: 6_546,
  quotes_equal: 6_546,
  faults: [],
}

export const REPLAY: ReplayReport = {
  ticks: 531_232,
  seconds: 0.01,
  ticks_per_s: 53_123_200,
  read_seconds: 0.002,
  books: [
    {
      instrument: 'BTCUSDT-PERP',
      state: 'LIVE',
      best_bid: '61800.1',
      best_ask: null,
      bid_levels: 1_000,
      ask_levels: 0,
      crossed: 0,
      gaps: 2,
      unknown_orders: 0,
      bad_checksums: 0,
    },
  ],
  content_sha256: 'cd'.repeat(32),
}

const ROWS = 25

/** Runs a command line against a fake addon and catches everything it says. */
export async function cli(args: readonly string[], outside: FakeOutside = {}): Promise<Done> {
  const [stdout, stderr] = [catcher(outside), catcher(outside)]
  const calls: [string, unknown][] = []
  let ms = 0
  const context: CliContext = {
    stdout,
    stderr,
    env: { TICKWRIGHT_CACHE: '/tmp/tickwright-test-cache', ...outside.env },
    now: () => (ms += 500),
    native: async () => {
      if (outside.nativeFails) throw outside.nativeFails
      return fakeNative(calls, outside.tape ?? {})
    },
  }
  const exitCode = await runCli(args, context)
  return { exitCode, stdout: stdout.text, stderr: stderr.text, calls }
}

function catcher({ terminal = false }: FakeOutside): Output & { text: string } {
  return {
    text: '',
    isTTY: terminal,
    columns: 100,
    write(text) {
      this.text += text
    },
  }
}

function fakeNative(calls: [string, unknown][], overrides: Partial<NativeModule['tape']>): NativeModule {
  const progress = { stage: 'read', done: 50, total: 100, ticks: 1_000 } as const
  const making =
    <Report>(name: string, report: Report) =>
    (options: { onProgress?: (at: typeof progress) => boolean }) => {
      const { onProgress, ...given } = options
      onProgress?.(progress)
      calls.push([name, given])
      return report
    }
  return {
    ...fakeModule(),
    tape: {
      convert: making('convert', CONVERTED),
      readers: () => READERS,
      slice: making('slice', INFO),
      merge: making('merge', INFO),
      info: () => INFO,
      cat: (_path, { offset, limit }) => rows(offset, limit),
      verify: () => VERIFIED,
      replay: making('replay', REPLAY),
      ...overrides,
    },
  }
}

function rows(offset: number, limit: number): TapeRow[] {
  return Array.from({ length: Math.max(0, Math.min(limit, ROWS - offset)) }, (_, k) => ({
    recv_ns: `${1_723_161_255_030_314_667n + BigInt(offset + k)}`,
    exch_ns: '1723161255030000000',
    instrument: 'BTCUSDT-PERP',
    kind: 'trade',
    side: 'bid',
    price: '61800.1',
    size: '0.002',
    id: `${offset + k}`,
    flags: 'last',
  }))
}
