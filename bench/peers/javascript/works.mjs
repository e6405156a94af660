/** W4 and W5 by packages of npm: streaming indicators, and a matching book by order. */
import { readFileSync } from 'node:fs'
import { OrderBook } from 'nodejs-order-book'
import { ATR, EMA } from 'technicalindicators'
import { ATR as SignalsAtr, EMA as SignalsEma } from 'trading-signals'
import { readNumbers, serve } from './serve.mjs'

const PERIOD = 14
const BAR_FIELDS = 5
const EVENT_WORDS = 8
const CHECKSUM_EVERY = 1000
const FIRST_CANCEL = 6
const SIDES = ['buy', 'sell']

function technicalIndicators({ path, records }) {
  const { floats } = readNumbers(path)
  const ema = new EMA({ period: PERIOD, values: [] })
  const atr = new ATR({ period: PERIOD, high: [], low: [], close: [] })
  return () => {
    let last = { ema: 0, atr: 0 }
    for (let at = 0; at < records * BAR_FIELDS; at += BAR_FIELDS) {
      const bar = { high: floats[at + 1], low: floats[at + 2], close: floats[at + 3] }
      last = { ema: ema.nextValue(bar.close), atr: atr.nextValue(bar) }
    }
    return last
  }
}

function tradingSignals({ path, records }) {
  const { floats } = readNumbers(path)
  const ema = new SignalsEma(PERIOD)
  const atr = new SignalsAtr(PERIOD)
  return () => {
    let last = { ema: 0, atr: 0 }
    for (let at = 0; at < records * BAR_FIELDS; at += BAR_FIELDS) {
      const bar = { high: floats[at + 1], low: floats[at + 2], close: floats[at + 3] }
      last = { ema: ema.update(bar.close, false), atr: atr.update(bar, false) }
    }
    return last
  }
}

/** Sizes are whole lots: a question for one lot is answered with the best price itself. */
function orderBook({ path, records }) {
  const { floats, words } = readNumbers(path)
  const ids = Array.from({ length: records }, (_, n) => String(words[n * EVENT_WORDS + 6]))
  const book = new OrderBook()
  return () => {
    let checksum = 0
    let seen = 0
    for (let n = 0; n < records; n += 1) {
      const kind = words[n * EVENT_WORDS + 3]
      const id = ids[n]
      if (kind >= FIRST_CANCEL) book.cancel(id)
      else {
        const size = Math.round(floats[n * 4 + 2] * 1000)
        book.limit({ id, side: SIDES[kind & 1], size, price: words[n * EVENT_WORDS + 2] })
      }
      const touch = book.calculateMarketPrice('sell', 1).price + book.calculateMarketPrice('buy', 1).price
      seen += touch
      if ((n + 1) % CHECKSUM_EVERY === 0) checksum += touch
    }
    return { checksum: Number.isNaN(seen) ? Number.NaN : checksum }
  }
}

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
await serve(dependencies, {
  technicalindicators: technicalIndicators,
  'trading-signals': tradingSignals,
  'nodejs-order-book': orderBook,
})
