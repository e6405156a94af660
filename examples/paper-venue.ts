/** A venue on paper, driven by hand: rest a bid at the touch, wait for the fill, sell at market. */
import { OrderType, PaperVenue, Side, TapeReader } from '@tickwright/native'

using tape = new TapeReader('config/demo/btcusdt.tape.parquet', { blockRecords: 2_000 })
using venue = new PaperVenue({
  instruments: tape.info.instruments,
  fillModel: 'conservative',
  entryLatency: { kind: 'fixed', ns: 2_000_000 },
  responseLatency: { kind: 'fixed', ns: 2_000_000 },
  deposits: { USDT: '10000' },
})
const tick = Number(tape.info.instruments[0]?.tick_size)

let bid = 0
let sold = false
for (const block of tape) {
  venue.apply(block)
  for (const event of venue.events()) {
    const price = (event.priceTicks * tick).toFixed(2)
    const time = new Date(Number(event.tsNs / 1_000_000n)).toISOString().slice(11, 23)
    const what =
      event.kind === 'fill' ? `${event.isMaker ? 'maker' : 'taker'}, fee ${event.amount.toFixed(5)}` : event.reason
    console.log(
      `${time}  order ${event.orderId}  ${event.kind.padEnd(9)} ${event.side} ${event.sizeLots} lots @ ${price}  ${what}`,
    )
  }
  const position = venue.positionLots()
  if (bid === 0 && venue.bestBid() > 0) bid = venue.submit(Side.Buy, venue.bestBid(), 100, OrderType.PostOnly)
  if (position > 0 && !sold && venue.orders.count === 0) {
    venue.submit(Side.Sell, 0, position, OrderType.Market)
    sold = true
  }
  if (sold && position === 0) break
}

const [account] = venue.account().instruments
console.log(
  `position ${account?.position}, realized ${account?.realized}, fees ${account?.fees}, ${account?.fills} fills`,
)
