/** The whole engine: a strategy of a dozen lines on a recorded market, and its account. */
import { type Commands, Engine, type Frame, OrderType, Side, TapeReader } from '@tickwright/native'

const TAPE = 'config/demo/btcusdt.tape.parquet'
using tape = new TapeReader(TAPE)
using engine = new Engine({
  instruments: tape.info.instruments,
  indicators: [{ name: 'slow', kind: 'ema', period: 2_000 }],
  fill_model: 'conservative',
  entry_latency: { kind: 'fixed', ns: 2_000_000 },
  response_latency: { kind: 'fixed', ns: 2_000_000 },
  deposits: { USDT: '10000' },
})
engine.loadTapes([TAPE])

/** Once a second: a bid 1 USDT below the market, and an ask 1 USDT above it for what is held. */
const strategy = {
  interests: { intervalMs: 1_000 },
  onTick(frame: Frame, commands: Commands) {
    commands.cancelAll()
    if (!frame.isLive || Number.isNaN(frame.indicator(0))) return
    const held = frame.positionLots
    if (held < 1_000) commands.submit(Side.Buy, frame.bidTicks - 100, 100, OrderType.PostOnly)
    if (held > 0) commands.submit(Side.Sell, frame.askTicks + 100, Math.min(held, 100), OrderType.PostOnly)
  },
}
const { records, seconds } = engine.run(strategy, { mode: 'advance' })
console.log(
  `${records} records in ${(seconds * 1e3).toFixed(0)} ms, ${(records / seconds / 1e6).toFixed(1)} M a second`,
)
const { instruments, assets } = engine.ledger()
for (const one of instruments) {
  console.log(
    `${one.id}: ${one.fills} fills, volume ${one.volume}, position ${one.position}, realized ${one.realized}, fees ${one.fees}`,
  )
}
for (const one of assets) console.log(`${one.asset}: equity ${one.equity}`)
