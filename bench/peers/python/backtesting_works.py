"""W3 by backtesting.py: its strategy is called at each bar in Python."""
import backtesting
import pandas as pd
from backtesting import Backtest, Strategy
from backtesting.lib import crossover

from serve import read_bars, serve

COLUMNS = ["Open", "High", "Low", "Close", "Volume"]
# Nobody is refused for want of cash.
CASH = 1e12


def average(values, period):
    return pd.Series(values).rolling(period).mean()


class Crossover(Strategy):
    def init(self):
        self.fast = self.I(average, self.data.Close, 10)
        self.slow = self.I(average, self.data.Close, 50)

    def next(self):
        if crossover(self.fast, self.slow):
            self.buy(size=1)
        elif crossover(self.slow, self.fast):
            self.sell(size=1)


def prepare(request):
    bars = read_bars(request["path"], request["records"])
    frame = pd.DataFrame(bars, columns=COLUMNS, index=pd.date_range("2000-01-01", periods=len(bars), freq="min"))
    backtest = Backtest(frame, Crossover, cash=CASH, trade_on_close=True, exclusive_orders=True)

    def timed():
        stats = backtest.run()

        def answer():
            return {"trades": len(stats["_trades"]), "profit": float(stats["Equity Final [$]"] - CASH)}

        return answer

    return timed


if __name__ == "__main__":
    # Its progress bar would count as work.
    backtesting.backtesting._tqdm = lambda sequence, **_: sequence
    serve({"backtesting": backtesting.__version__}, {"strategy": prepare})
