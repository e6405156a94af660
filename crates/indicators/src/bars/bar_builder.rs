use serde::{Deserialize, Serialize};

use super::counted_bars::{CountedBars, Measure};
use super::timed_bars::TimedBars;
use super::{Bar, BarConfig, BarRule, CompletedBars};
use crate::IndicatorError;

/// Builds bars from trades or mids, in integers.
///
/// A bar by time is complete when the first price of a later span arrives or when the clock passes its end. A bar by
/// ticks, volume or notional is complete with the price that fills it, which belongs to it whole: a large trade makes
/// one large bar, never two. Each is handed out once. Mids have no size and fill no bar by volume or notional.
///
/// A price before the current bar, or before one already handed out, is refused and counted in
/// [`BarBuilder::refused`]; so is a negative size. Inside a bar prices count in the order in which they arrive.
///
/// ```
/// use tickwright_indicators::{BarBuilder, BarConfig, BarRule, SECOND_NS};
/// let mut bars = BarBuilder::new(BarConfig::seconds(60))?;
/// assert_eq!(bars.on_trade(60 * SECOND_NS, 618_000, 5).next(), None);
/// assert_eq!(bars.on_trade(119 * SECOND_NS, 618_010, 2).next(), None);
/// let bar = bars.on_trade(120 * SECOND_NS, 617_990, 1).next().expect("a minute is over");
/// assert_eq!((bar.open_ns, bar.close_ns), (60 * SECOND_NS, 120 * SECOND_NS));
/// assert_eq!((bar.open, bar.high, bar.low, bar.close), (618_000, 618_010, 618_000, 618_010));
/// assert_eq!((bar.volume_lots, bar.trades, bar.notional), (7, 2, 618_000 * 5 + 618_010 * 2));
///
/// let mut bars = BarBuilder::new(BarConfig::of(BarRule::Volume { lots: 6 }))?;
/// assert_eq!(bars.on_trade(1, 618_000, 5).next(), None);
/// let bar = bars.on_trade(2, 618_010, 4).next().expect("six lots have traded");
/// assert_eq!((bar.open_ns, bar.close_ns, bar.volume_lots), (1, 2, 9));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarBuilder(Bars);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Bars {
    Timed(TimedBars),
    Counted(CountedBars),
}

impl BarBuilder {
    /// A builder without a bar.
    ///
    /// Returns `E_INDICATOR_SETTING` unless a period is a whole number of seconds from 1 s to 1 d, or a count, volume
    /// or notional 1 or more; and for gaps to fill where bars do not end by time.
    pub fn new(config: BarConfig) -> Result<Self, IndicatorError> {
        let (measure, full) = match config.rule {
            BarRule::Time { period_ns } => {
                return Ok(Self(Bars::Timed(TimedBars::new(period_ns, config.max_gap_bars)?)))
            }
            BarRule::Ticks { count } => (Measure::Ticks, i128::from(count)),
            BarRule::Volume { lots } => (Measure::Volume, i128::from(lots)),
            BarRule::Notional { tick_lots } => (Measure::Notional, i128::from(tick_lots)),
        };
        if config.max_gap_bars != 0 {
            let allowed = "give 0: only bars by time have gaps";
            return Err(IndicatorError::setting("bar max_gap_bars", config.max_gap_bars, allowed));
        }
        Ok(Self(Bars::Counted(CountedBars::new(measure, full)?)))
    }

    /// Takes a trade and hands out the bars that are complete before it or with it. A few ns inside a bar.
    #[inline]
    pub fn on_trade(&mut self, ts_ns: i64, price_ticks: i64, size_lots: i64) -> CompletedBars {
        self.take(ts_ns, price_ticks, size_lots, 1)
    }

    /// Takes a price without a trade, such as a mid. Where mids fall between ticks, give twice the mid (bid + ask)
    /// throughout and read the bars in half ticks.
    #[inline]
    pub fn on_mid(&mut self, ts_ns: i64, price_ticks: i64) -> CompletedBars {
        self.take(ts_ns, price_ticks, 0, 0)
    }

    #[inline(always)]
    fn take(&mut self, ts_ns: i64, price_ticks: i64, size_lots: i64, trades: u64) -> CompletedBars {
        match &mut self.0 {
            Bars::Timed(bars) => bars.take(ts_ns, price_ticks, size_lots, trades),
            Bars::Counted(bars) => bars.take(ts_ns, price_ticks, size_lots, trades),
        }
    }

    /// Hands out the bars whose span has ended at `ts_ns`, by the clock. It ends no bar but those by time.
    #[inline]
    pub fn on_time(&mut self, ts_ns: i64) -> CompletedBars {
        match &mut self.0 {
            Bars::Timed(bars) => bars.on_time(ts_ns),
            Bars::Counted(_) => CompletedBars::NONE,
        }
    }

    /// When the clock completes the next bar, in ns since the Unix epoch; `None` if it completes none.
    #[inline]
    pub fn due_ns(&self) -> Option<i64> {
        match &self.0 {
            Bars::Timed(bars) => bars.due_ns(),
            Bars::Counted(_) => None,
        }
    }

    /// Hands out the unfinished bar. One by time has the end that its span would have had, and prices of the same span
    /// are refused from then on: they would make a second bar of it.
    pub fn flush(&mut self) -> Option<Bar> {
        match &mut self.0 {
            Bars::Timed(bars) => bars.flush(),
            Bars::Counted(bars) => bars.flush(),
        }
    }

    /// The bar under construction.
    pub fn current(&self) -> Option<&Bar> {
        match &self.0 {
            Bars::Timed(bars) => bars.current(),
            Bars::Counted(bars) => bars.current(),
        }
    }

    /// Prices refused because they came too late, or with a negative size.
    pub fn refused(&self) -> u64 {
        match &self.0 {
            Bars::Timed(bars) => bars.refused(),
            Bars::Counted(bars) => bars.refused(),
        }
    }
}
