"""W3 by vectorbt: averages, crossings and fills of the whole column at once; no code is called at a bar."""
import numpy as np
import pandas as pd
import vectorbt as vbt

from serve import read_bars, serve

CLOSE = 3
# Nobody is refused for want of cash.
CASH = 1e12


def prepare(engine):
    def prepare_with(request):
        close = pd.Series(read_bars(request["path"], request["records"])[:, CLOSE].copy())
        vbt.settings["engine"] = engine

        def timed():
            fast = vbt.MA.run(close, 10).ma.to_numpy()
            slow = vbt.MA.run(close, 50).ma.to_numpy()
            # Its own crossings count those through equal averages as well; this is the rule of the work.
            above = fast > slow
            below = fast < slow
            ups = np.zeros(len(close), dtype=bool)
            downs = np.zeros(len(close), dtype=bool)
            ups[1:] = above[1:] & below[:-1]
            downs[1:] = below[1:] & above[:-1]
            portfolio = vbt.Portfolio.from_signals(
                close, entries=ups, short_entries=downs, size=1, init_cash=CASH, upon_opposite_entry="Reverse"
            )
            trades = portfolio.trades
            sizes = portfolio.orders.records
            bought = sizes["size"].where(sizes["side"] == 0, -sizes["size"])
            # It counts no trade where a crossing asks for the side that it already holds.
            return {
                "profit": float(trades.pnl.sum()),
                "endPosition": int(bought.sum()),
                "trades_own_rule": int(trades.closed.count()),
            }

        return timed

    return prepare_with


if __name__ == "__main__":
    serve(
        {"vectorbt": vbt.__version__},
        {"rust": prepare("rust"), "numba": prepare("numba")},
    )
