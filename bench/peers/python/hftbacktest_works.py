"""W0, W1, W2 and W5 by hftbacktest: a compiled strategy over its replay of exchange and local book."""
import hftbacktest
import numpy as np
from hftbacktest import (
    ADD_ORDER_EVENT,
    BUY_EVENT,
    CANCEL_ORDER_EVENT,
    DEPTH_EVENT,
    EXCH_EVENT,
    GTX,
    LIMIT,
    LOCAL_EVENT,
    SELL_EVENT,
    TRADE_EVENT,
    BacktestAsset,
    HashMapMarketDepthBacktest,
    ROIVectorMarketDepthBacktest,
)
from hftbacktest.types import event_dtype
from numba import njit

from serve import read_events, serve

TICK = 0.1
LATENCY_NS = 1_000_000
ELAPSE_NS = 100_000_000
# Longer than any gap between two records.
PATIENCE_NS = 3_600_000_000_000
END_OF_DATA = 1

FLAGS = np.array(
    [
        DEPTH_EVENT | BUY_EVENT,
        DEPTH_EVENT | SELL_EVENT,
        TRADE_EVENT | SELL_EVENT,
        TRADE_EVENT | BUY_EVENT,
        ADD_ORDER_EVENT | BUY_EVENT,
        ADD_ORDER_EVENT | SELL_EVENT,
        CANCEL_ORDER_EVENT | BUY_EVENT,
        CANCEL_ORDER_EVENT | SELL_EVENT,
    ],
    dtype=np.uint64,
) | np.uint64(EXCH_EVENT | LOCAL_EVENT)

# Prices that its vector depth keeps: every touch of the input lies well inside, levels further away are ignored.
WINDOW = {"bench": (9_900.0, 10_100.0), "real": (61_000.0, 62_500.0), "l3": (9_800.0, 10_200.0)}

_events = {}


def events_of(request):
    """The input in its own form, received 1 ns after it happened; kept, for the next round wants it again."""
    key = (request["path"], request["records"])
    if key not in _events:
        _events.clear()
        source = read_events(request["path"], request["records"])
        events = np.zeros(len(source), dtype=event_dtype)
        events["ev"] = FLAGS[source["kind"]]
        events["exch_ts"] = source["ts"]
        events["local_ts"] = source["ts"] + 1
        events["px"] = source["px"] * TICK
        events["qty"] = source["qty"]
        events["order_id"] = source["id"]
        _events[key] = events
    return _events[key]


def backtest_of(request, build):
    lower, upper = WINDOW[request["input"]]
    asset = (
        BacktestAsset()
        .data(events_of(request))
        .linear_asset(1.0)
        .constant_order_latency(LATENCY_NS, LATENCY_NS)
        .no_partial_fill_exchange()
        .trading_value_fee_model(0.0, 0.0)
        .tick_size(TICK)
        .lot_size(0.001)
    )
    asset = asset.l3_fifo_queue_model() if request["work"] == "W5" else asset.risk_adverse_queue_model()
    if build is ROIVectorMarketDepthBacktest:
        asset = asset.roi_lb(lower).roi_ub(upper)
    return build([asset])


@njit
def replay(hbt):
    while hbt.elapse(ELAPSE_NS) == 0:
        pass
    depth = hbt.depth(0)
    return depth.best_bid_tick + depth.best_ask_tick


@njit
def read_best(hbt, records):
    depth = hbt.depth(0)
    checksum = 0
    seen = 0
    until_checksum = 1000
    for n in range(1, records + 1):
        # Its answer to the last record is that the data has ended.
        if hbt.wait_next_feed(False, PATIENCE_NS) == END_OF_DATA and n != records:
            return -1
        touch = depth.best_bid_tick + depth.best_ask_tick
        seen ^= touch
        until_checksum -= 1
        if until_checksum == 0:
            checksum += touch
            until_checksum = 1000
    return checksum if seen != -1 else -1


@njit
def requote(hbt, next_id, bid, ask):
    orders = hbt.orders(0).values()
    while orders.has_next():
        order = orders.get()
        if order.cancellable:
            hbt.cancel(0, order.order_id, False)
    hbt.clear_inactive_orders(0)
    hbt.submit_buy_order(0, next_id, bid, 1.0, GTX, LIMIT, False)
    hbt.submit_sell_order(0, next_id + 1, ask, 1.0, GTX, LIMIT, False)


@njit
def quote(hbt, records):
    depth = hbt.depth(0)
    checksum = 0
    ema = 0.0
    atr = 0.0
    last_mid = 0.0
    until_quote = 100
    until_checksum = 1000
    next_id = 1
    for n in range(1, records + 1):
        if hbt.wait_next_feed(False, PATIENCE_NS) == END_OF_DATA and n != records:
            return -1, ema, atr
        bid = depth.best_bid
        ask = depth.best_ask
        if n >= 2:
            mid = (bid + ask) * 0.5
            if n == 2:
                ema = mid
                last_mid = mid
                atr = ask - bid
            ema += (mid - ema) * 0.01
            atr += (max(ask, last_mid) - min(bid, last_mid) - atr) / 14.0
            last_mid = mid
        until_quote -= 1
        if until_quote == 0:
            until_quote = 100
            until_checksum -= 100
            if until_checksum == 0:
                until_checksum = 1000
                checksum += depth.best_bid_tick + depth.best_ask_tick
            requote(hbt, next_id, bid, ask)
            next_id += 2
    return checksum, ema, atr


def run_replay(hbt, _records):
    return {"checksum": int(replay(hbt))}


def run_read(hbt, records):
    return {"checksum": int(read_best(hbt, records))}


def run_quote(hbt, records):
    checksum, ema, atr = quote(hbt, records)
    state = hbt.state_values(0)
    return {
        "checksum": int(checksum),
        "ema": float(ema),
        "atr": float(atr),
        "fills": int(state.num_trades),
        "endPosition": round(hbt.position(0)),
    }


RUNS = {"W0": run_replay, "W1": run_read, "W2": run_quote, "W5": run_read}


def contestant(build):
    def prepare(request):
        hbt = backtest_of(request, build)
        run = RUNS[request["work"]]

        def timed():
            answer = run(hbt, request["records"])
            return lambda: (hbt.close(), answer)[1]

        return timed

    return prepare


if __name__ == "__main__":
    serve(
        {"hftbacktest": hftbacktest.__version__},
        {
            "roi": contestant(ROIVectorMarketDepthBacktest),
            "hashmap": contestant(HashMapMarketDepthBacktest),
        },
    )
