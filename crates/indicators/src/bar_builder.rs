use serde::{Deserialize, Serialize};

use crate::{Bar, CompletedBars, IndicatorError};

/// A second in ns.
pub const SECOND_NS: i64 = 1_000_000_000;

/// A day in ns.
pub const DAY_NS: i64 = 86_400 * SECOND_NS;

/// What ends a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BarRule {
    /// The end of a span of time, counted from the Unix epoch.
    Time {
        /// Length of the span: whole seconds, 1 s to 1 d.
        period_ns: i64,
    },
}

impl BarRule {
    /// Bars of so many seconds.
    pub fn seconds(seconds: u32) -> Self {
        Self::Time { period_ns: i64::from(seconds) * SECOND_NS }
    }
}

/// Settings of a [`BarBuilder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarConfig {
    /// What ends a bar.
    pub rule: BarRule,
    /// Spans without a price are filled with flat bars of the last close, if there are at most so many in a row;
    /// a longer gap is left open. 0, the default, fills none.
    #[serde(default)]
    pub max_gap_bars: u32,
}

impl BarConfig {
    /// Bars of so many seconds, gaps left open.
    pub fn seconds(seconds: u32) -> Self {
        Self { rule: BarRule::seconds(seconds), max_gap_bars: 0 }
    }
}

/// Builds bars from trades or mids, in integers.
///
/// A bar is complete when the first price of a later span arrives or when the clock passes its end, and is handed out
/// once. A price before the current bar, or before one already handed out, is refused and counted in
/// [`BarBuilder::refused`]; so is a negative size. Inside a bar prices count in the order in which they arrive.
///
/// ```
/// use tickwright_indicators::{BarBuilder, BarConfig, SECOND_NS};
/// let mut bars = BarBuilder::new(BarConfig::seconds(60))?;
/// assert_eq!(bars.on_trade(60 * SECOND_NS, 618_000, 5).next(), None);
/// assert_eq!(bars.on_trade(119 * SECOND_NS, 618_010, 2).next(), None);
/// let bar = bars.on_trade(120 * SECOND_NS, 617_990, 1).next().expect("a minute is over");
/// assert_eq!((bar.open_ns, bar.close_ns), (60 * SECOND_NS, 120 * SECOND_NS));
/// assert_eq!((bar.open, bar.high, bar.low, bar.close), (618_000, 618_010, 618_000, 618_010));
/// assert_eq!((bar.volume_lots, bar.trades, bar.notional), (7, 2, 618_000 * 5 + 618_010 * 2));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarBuilder {
    period_ns: i64,
    max_gap_bars: u32,
    current: Option<Bar>,
    /// Close and exclusive end of the last span handed out.
    last: Option<(i64, i64)>,
    refused: u64,
}

impl BarBuilder {
    /// A builder without a bar.
    ///
    /// Returns `E_INDICATOR_SETTING` unless the period is a whole number of seconds from 1 s to 1 d.
    pub fn new(config: BarConfig) -> Result<Self, IndicatorError> {
        let BarRule::Time { period_ns } = config.rule;
        let period_ns = checked_span("bar period_ns", period_ns)?;
        Ok(Self { period_ns, max_gap_bars: config.max_gap_bars, current: None, last: None, refused: 0 })
    }

    /// Takes a trade and hands out the bars that are complete before it. A few ns inside a bar.
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
        if let Some(bar) = &mut self.current {
            if ts_ns >= bar.open_ns && ts_ns < bar.close_ns && size_lots >= 0 {
                bar.take(price_ticks, size_lots, trades);
                return CompletedBars::NONE;
            }
        }
        self.begin(ts_ns, price_ticks, size_lots, trades)
    }

    #[inline(never)]
    fn begin(&mut self, ts_ns: i64, price_ticks: i64, size_lots: i64, trades: u64) -> CompletedBars {
        let earliest_ns = self.current.map(|bar| bar.open_ns).or(self.last.map(|(_, end_ns)| end_ns));
        let span = span_of(ts_ns, self.period_ns);
        let (Some((open_ns, close_ns)), false) = (span, size_lots < 0 || earliest_ns > Some(ts_ns)) else {
            self.refused += 1;
            return CompletedBars::NONE;
        };
        let completed = self.close_until(open_ns);
        let mut bar = Bar::flat(open_ns, close_ns, price_ticks);
        bar.take(price_ticks, size_lots, trades);
        self.current = Some(bar);
        completed
    }

    /// Hands out the bars whose span has ended at `ts_ns`, by the clock.
    #[inline]
    pub fn on_time(&mut self, ts_ns: i64) -> CompletedBars {
        match self.due_ns() {
            Some(due_ns) if due_ns <= ts_ns => match span_of(ts_ns, self.period_ns) {
                Some((open_ns, _)) => self.close_until(open_ns),
                None => CompletedBars::NONE,
            },
            _ => CompletedBars::NONE,
        }
    }

    /// When the clock completes the next bar, in ns since the Unix epoch; `None` if nothing is under way.
    #[inline]
    pub fn due_ns(&self) -> Option<i64> {
        match (&self.current, self.last) {
            (Some(bar), _) => Some(bar.close_ns),
            (None, Some((_, end_ns))) if self.max_gap_bars > 0 => end_ns.checked_add(self.period_ns),
            _ => None,
        }
    }

    /// Completes the current bar and, if asked for, the flat ones up to `until_ns`, the begin of a span.
    fn close_until(&mut self, until_ns: i64) -> CompletedBars {
        let bar = self.current.take();
        let Some((close, end_ns)) = bar.map(|bar| (bar.close, bar.close_ns)).or(self.last) else {
            return CompletedBars::NONE;
        };
        let gap_bars = until_ns.saturating_sub(end_ns) / self.period_ns;
        let fills = gap_bars > 0 && gap_bars <= i64::from(self.max_gap_bars);
        let until_ns = if fills { until_ns } else { end_ns };
        self.last = Some((close, until_ns));
        CompletedBars::with_gap(bar, close, end_ns, until_ns, self.period_ns)
    }

    /// Hands out the unfinished bar, with the end that its span would have had. Prices of the same span are refused
    /// from then on: they would make a second bar of it.
    pub fn flush(&mut self) -> Option<Bar> {
        let bar = self.current.take()?;
        self.last = Some((bar.close, bar.close_ns));
        Some(bar)
    }

    /// The bar under construction.
    pub fn current(&self) -> Option<&Bar> {
        self.current.as_ref()
    }

    /// Prices refused because they came too late, or with a negative size.
    pub fn refused(&self) -> u64 {
        self.refused
    }
}

/// Checks the length of a span of time.
pub(crate) fn checked_span(what: &'static str, period_ns: i64) -> Result<i64, IndicatorError> {
    if (SECOND_NS..=DAY_NS).contains(&period_ns) && period_ns % SECOND_NS == 0 {
        return Ok(period_ns);
    }
    Err(IndicatorError::setting(what, period_ns, "give whole seconds in ns, from 1 s (1000000000) to 1 d"))
}

/// Begin and exclusive end of the span around a time, or `None` at the ends of time.
pub(crate) fn span_of(ts_ns: i64, period_ns: i64) -> Option<(i64, i64)> {
    let open_ns = ts_ns.checked_sub(ts_ns.rem_euclid(period_ns))?;
    Some((open_ns, open_ns.checked_add(period_ns)?))
}
