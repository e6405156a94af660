/** The book of a recorded market: what is at the touch, what lies behind it, and what a market order would pay. */
import { OrderBook, Side, TapeReader } from '@tickwright/native'

using tape = new TapeReader('config/demo/btcusdt.tape.parquet')
using book = new OrderBook()
for (const block of tape) book.applyTicks(block)

const TICK = Number(tape.info.instruments[0]?.tick_size)
const LOT = Number(tape.info.instruments[0]?.lot_size)
const price = (ticks: number) => (ticks * TICK).toFixed(2)
const size = (lots: number) => (lots * LOT).toFixed(5)

console.log(
  `best     ${size(book.bidLots)} @ ${price(book.bestBid)}  |  ${price(book.bestAsk)} @ ${size(book.askLots)}`,
)
console.log(
  `spread   ${book.spreadTicks} ticks, microprice ${price(book.microprice)}, imbalance ${book.imbalance(5).toFixed(3)}`,
)
for (const { priceTicks, sizeLots } of book.levels(Side.Sell, 3).reverse()) {
  console.log(`ask      ${price(priceTicks)}  ${size(sizeLots)}`)
}
for (const { priceTicks, sizeLots } of book.levels(Side.Buy, 3)) {
  console.log(`bid      ${price(priceTicks)}  ${size(sizeLots)}`)
}

const cost = book.fillCost(Side.Sell, Math.round(5 / LOT))
if (cost) console.log(`buy 5    at ${price(cost.vwapTicks)} on average, ${price(cost.worstTicks)} at worst`)
const within = book.cumulativeTo(Side.Buy, book.bestBid - Math.round(10 / TICK))
console.log(`depth    ${size(within)} bid within 10 USDT; ${book.levelCount(Side.Buy)} bid levels in all`)
