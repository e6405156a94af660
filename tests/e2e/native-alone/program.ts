/** A program of somebody who has only `@tickwright/native`: every part of it once, singly and by batch, as JSON. */
import {
  Atr,
  BarBuilder,
  decodeTicks,
  Ema,
  Engine,
  encodeTicks,
  type InstrumentSpec,
  OrderBook,
  OrderType,
  PaperVenue,
  Side,
  type Strategy,
  TapeReader,
  type TickFields,
  tape,
} from '@tickwright/native'

const BTCUSDT: InstrumentSpec = {
  id: 'BTCUSDT-PERP',
  venue: 'paper',
  symbol: 'BTCUSDT',
  kind: 'linear_perpetual',
  tick_size: '0.1',
  lot_size: '0.001',
  min_size: '0.001',
  min_notional: '5',
  multiplier: '1',
  base: 'BTC',
  quote: 'USDT',
  settlement: 'USDT',
  maker_fee: '0.0002',
  taker_fee: '0.0005',
  max_leverage: '20',
}

type Fields = Pick<TickFields, 'kind'> & Partial<TickFields>

/** Records a second apart, from the given second on. */
function records(fromSecond: number, ...fields: Fields[]): Uint8Array {
  const at = (k: number) => 1_723_075_200_000_000_000n + BigInt(fromSecond + k) * 1_000_000_000n
  return encodeTicks(fields.map((record, k) => ({ ...record, recvNs: at(k), exchNs: at(k) })))
}

const level = (side: 'bid' | 'ask', priceTicks: number, sizeLots: number): Fields => ({
  kind: 'book_delta',
  side,
  priceTicks,
  sizeLots,
})

const OPENING = records(0, level('bid', 600_000, 5), level('ask', 600_001, 50))
const AFTER = records(2, level('bid', 599_999, 7), level('ask', 600_003, 1))

function book(): unknown {
  using singly = new OrderBook()
  singly.applyLevel(Side.Buy, 600_000, 5)
  singly.applyLevel(Side.Sell, 600_001, 50)
  using batch = new OrderBook()
  batch.applyTicks(OPENING)
  return [singly, batch].map((one) => [one.bestBid, one.bidLots, one.bestAsk, one.askLots, one.spreadTicks])
}

function ema(): unknown {
  using singly = new Ema({ period: 3 })
  for (const price of [61_800, 61_802, 61_804]) singly.update(price)
  using batch = new Ema({ period: 3 })
  return [singly.value, batch.updateMany(Float64Array.of(61_800, 61_802, 61_804))]
}

function atr(): unknown {
  using singly = new Atr({ period: 2 })
  singly.update(61_810, 61_800, 61_805)
  singly.update(61_825, 61_815, 61_820)
  using batch = new Atr({ period: 2 })
  const last = batch.updateMany(
    Float64Array.of(61_810, 61_825),
    Float64Array.of(61_800, 61_815),
    Float64Array.of(61_805, 61_820),
  )
  return [singly.value, last]
}

function bars(): unknown {
  const trades = [
    [60_000_000, 618_000, 5],
    [119_000_000, 618_010, 2],
    [120_000_000, 617_990, 1],
  ] as const
  const column = (at: 0 | 1 | 2) => Float64Array.from(trades, (trade) => trade[at])
  using singly = new BarBuilder({ intervalMs: 60_000 })
  using batch = new BarBuilder({ intervalMs: 60_000 })
  return [
    trades.flatMap(([tsUs, priceTicks, sizeLots]) => singly.onTrade(tsUs, priceTicks, sizeLots)),
    batch.onTrades(column(0), column(1), column(2)),
  ]
}

function venue(): unknown {
  using paper = new PaperVenue({ instrument: BTCUSDT, deposits: { USDT: '10000' } })
  paper.apply(OPENING)
  paper.submit(Side.Buy, 0, 10, OrderType.Market)
  paper.apply(AFTER)
  const kinds = paper.events().map(({ kind, priceTicks, sizeLots, isMaker }) => [kind, priceTicks, sizeLots, isMaker])
  return { kinds, account: paper.account().instruments[0] }
}

function engine(): unknown {
  using whole = new Engine({ instruments: [BTCUSDT], deposits: { USDT: '10000' } })
  const all = new Uint8Array(OPENING.length + AFTER.length)
  all.set(OPENING)
  all.set(AFTER, OPENING.length)
  whole.loadTicks(all)
  let sent = false
  const strategy: Strategy = {
    onTick(frame, commands) {
      if (sent || Number.isNaN(frame.askTicks)) return
      sent = true
      commands.submit(Side.Buy, 0, 10, OrderType.Market)
    },
  }
  const { records } = whole.run(strategy)
  return { records, account: whole.ledger().instruments[0] }
}

function tapes(path: string): unknown {
  using reader = new TapeReader(path)
  let read = 0
  for (const block of reader) read += block.length / 48
  const [first] = decodeTicks(new TapeReader(path, { blockRecords: 1 }).next() as Uint8Array)
  return { said: reader.info.ticks, read, first: first?.kind, counted: tape.verify(path).ticks }
}

const [, , path = ''] = process.argv
console.log(
  JSON.stringify({
    book: book(),
    ema: ema(),
    atr: atr(),
    bars: bars(),
    venue: venue(),
    engine: engine(),
    tape: tapes(path),
  }),
)
