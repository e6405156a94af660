"""W0, W1, W2, W4 and W5 by NautilusTrader: its backtest engine with a Python strategy, its bare book, its indicators."""
import gc
from decimal import Decimal
from itertools import groupby

import nautilus_trader
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig, SimulatedExchange
from nautilus_trader.backtest.models import LatencyModel
from nautilus_trader.config import LoggingConfig
from nautilus_trader.indicators import AverageTrueRange, ExponentialMovingAverage, MovingAverageType
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.currencies import BTC, USDT
from nautilus_trader.model.data import BookOrder, OrderBookDelta, OrderBookDeltas, TradeTick
from nautilus_trader.model.enums import (
    AccountType,
    AggressorSide,
    BookAction,
    BookType,
    OmsType,
    OrderSide,
    RecordFlag,
)
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TradeId, Venue
from nautilus_trader.model.instruments import CryptoPerpetual
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

from serve import CHECKSUM_EVERY, read_bars, read_events, serve

LATENCY_NS = 1_000_000
REQUOTE_EVERY = 100
VENUE = Venue("BENCH")
INSTRUMENT_ID = InstrumentId(Symbol("BTCUSDT-PERP"), VENUE)
SIDES = (OrderSide.BUY, OrderSide.SELL)
AGGRESSORS = (AggressorSide.SELLER, AggressorSide.BUYER)
TRADE_KINDS = (2, 3)

_data = {}


def instrument():
    return CryptoPerpetual(
        instrument_id=INSTRUMENT_ID,
        raw_symbol=Symbol("BTCUSDT"),
        base_currency=BTC,
        quote_currency=USDT,
        settlement_currency=USDT,
        is_inverse=False,
        price_precision=1,
        price_increment=Price.from_str("0.1"),
        size_precision=3,
        size_increment=Quantity.from_str("0.001"),
        margin_init=Decimal(0),
        margin_maint=Decimal(0),
        maker_fee=Decimal(0),
        taker_fee=Decimal(0),
        ts_event=0,
        ts_init=0,
    )


def objects_of(request):
    """The input as this engine's own objects, one a record; kept, for the next round wants them again."""
    key = (request["path"], request["records"])
    if key not in _data:
        _data.clear()
        prices, sizes = {}, {}
        events = read_events(request["path"], request["records"])
        _data[key] = [object_of(*event, prices, sizes) for event in events.tolist()]
        gc.collect()
        # A million of them would be walked again in every collection.
        gc.freeze()
    return _data[key]


def object_of(ts, px, kind, qty, id_, prices, sizes):
    price = prices.get(px) or prices.setdefault(px, Price(px / 10, 1))
    size = sizes.get(qty) or sizes.setdefault(qty, Quantity(qty, 3))
    if kind in TRADE_KINDS:
        return TradeTick(INSTRUMENT_ID, price, size, AGGRESSORS[kind - 2], TradeId(str(id_)), ts, ts + 1)
    by_order = kind >= 4
    is_gone = kind >= 6 if by_order else qty == 0
    action = BookAction.DELETE if is_gone else BookAction.ADD if by_order else BookAction.UPDATE
    order = BookOrder(SIDES[kind % 2], price, size, id_ if by_order else px)
    return OrderBookDelta(INSTRUMENT_ID, action, order, RecordFlag.F_LAST, id_, ts, ts + 1)


def messages_of(request):
    """The same with one object a venue message: levels of one update id together."""
    grouped = []
    for key, run in groupby(objects_of(request), lambda one: getattr(one, "sequence", None)):
        group = list(run)
        grouped += group if key is None else [OrderBookDeltas(INSTRUMENT_ID, group)]
    return grouped


class BestPrices(Strategy):
    """W1: reads best bid and best ask after every record."""

    def __init__(self):
        super().__init__()
        self.seen = 0
        self.checksum = 0

    def on_start(self):
        self.subscribe_order_book_deltas(INSTRUMENT_ID, BookType.L2_MBP)
        self.subscribe_trade_ticks(INSTRUMENT_ID)
        self.book = None

    def on_order_book_deltas(self, _deltas):
        self.on_record()

    def on_trade_tick(self, _tick):
        self.on_record()

    def on_record(self):
        book = self.book
        if book is None:
            book = self.book = self.cache.order_book(INSTRUMENT_ID)
        self.seen += 1
        bid = book.best_bid_price()
        ask = book.best_ask_price()
        if self.seen % CHECKSUM_EVERY == 0:
            self.checksum += ticks(bid) + ticks(ask)

    def answer(self):
        return {"checksum": self.checksum}


class Quoter(BestPrices):
    """W2: EMA and ATR of the mid at every record, both sides quoted anew after every 100th."""

    def __init__(self):
        super().__init__()
        self.ema = self.atr = self.last_mid = 0.0
        self.fills = 0
        self.size = Quantity(1.0, 3)

    def on_record(self):
        book = self.book
        if book is None:
            book = self.book = self.cache.order_book(INSTRUMENT_ID)
        self.seen += 1
        bid_price = book.best_bid_price()
        ask_price = book.best_ask_price()
        if bid_price is None or ask_price is None:
            return
        bid = bid_price.as_double()
        ask = ask_price.as_double()
        mid = (bid + ask) * 0.5
        if self.seen == 2:
            self.ema = self.last_mid = mid
            self.atr = ask - bid
        self.ema += (mid - self.ema) * 0.01
        self.atr += (max(ask, self.last_mid) - min(bid, self.last_mid) - self.atr) / 14.0
        self.last_mid = mid
        if self.seen % REQUOTE_EVERY == 0:
            if self.seen % CHECKSUM_EVERY == 0:
                self.checksum += ticks(bid_price) + ticks(ask_price)
            self.requote(bid_price, ask_price)

    def requote(self, bid, ask):
        for order in self.cache.orders_open(instrument_id=INSTRUMENT_ID):
            if not order.is_pending_cancel:
                self.cancel_order(order)
        for side, price in ((OrderSide.BUY, bid), (OrderSide.SELL, ask)):
            self.submit_order(self.order_factory.limit(INSTRUMENT_ID, side, self.size, price, post_only=True))

    def on_order_filled(self, _event):
        self.fills += 1

    def answer(self):
        return {"checksum": self.checksum, "ema": self.ema, "atr": self.atr, "fills_own_rule": self.fills}


def ticks(price):
    return round(price.as_double() * 10)


def engine_with(data, strategy, trades_execute):
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), run_analysis=False))
    engine.add_venue(
        venue=VENUE,
        oms_type=OmsType.NETTING,
        account_type=AccountType.MARGIN,
        base_currency=None,
        starting_balances=[Money(1_000_000_000, USDT)],
        latency_model=LatencyModel(base_latency_nanos=LATENCY_NS),
        book_type=BookType.L2_MBP,
        trade_execution=trades_execute,
    )
    engine.add_instrument(instrument())
    engine.add_data(data, validate=False, sort=False)
    if strategy is not None:
        engine.add_strategy(strategy)
    return engine


def venue_book():
    """The venue's book: the engine does not hand its venue out, so it is looked for among all objects."""
    venue = next(one for one in gc.get_objects() if isinstance(one, SimulatedExchange))
    return venue.get_book(INSTRUMENT_ID)


def prepare_replay(objects):
    def prepare(request):
        engine = engine_with(objects(request), None, False)

        def timed():
            engine.run()
            return lambda: finish(engine, venue_touch)

        return timed

    return prepare


def venue_touch():
    book = venue_book()
    return {"checksum": ticks(book.best_bid_price()) + ticks(book.best_ask_price())}


def prepare_strategy(request):
    strategy = Quoter() if request["work"] == "W2" else BestPrices()
    engine = engine_with(objects_of(request), strategy, True)

    def timed():
        engine.run()
        return lambda: finish(engine, strategy.answer)

    return timed


def finish(engine, answer):
    try:
        return answer()
    finally:
        engine.dispose()
        gc.collect()


def prepare_book(request):
    """A loop over the book alone, without any engine."""
    by_order = request["work"] == "W5"
    objects = objects_of(request)
    book = OrderBook(INSTRUMENT_ID, BookType.L3_MBO if by_order else BookType.L2_MBP)

    def timed():
        checksum = 0
        apply, best_bid, best_ask = book.apply_delta, book.best_bid_price, book.best_ask_price
        for seen, one in enumerate(objects, 1):
            if type(one) is OrderBookDelta:
                apply(one)
            bid = best_bid()
            ask = best_ask()
            if seen % CHECKSUM_EVERY == 0:
                checksum += ticks(bid) + ticks(ask)
        return {"checksum": checksum}

    return timed


def prepare_indicators(request):
    bars = read_bars(request["path"], request["records"])[:, 1:4].tolist()
    ema = ExponentialMovingAverage(14)
    atr = AverageTrueRange(14, MovingAverageType.WILDER)

    def timed():
        seen = 0.0
        for high, low, close in bars:
            ema.update_raw(close)
            atr.update_raw(high, low, close)
            seen += ema.value + atr.value
        return {"ema": ema.value, "atr": atr.value}

    return timed


if __name__ == "__main__":
    serve(
        {"nautilus_trader": nautilus_trader.__version__},
        {
            "replay": prepare_replay(objects_of),
            "messages": prepare_replay(messages_of),
            "strategy": prepare_strategy,
            "book": prepare_book,
            "indicators": prepare_indicators,
        },
    )
