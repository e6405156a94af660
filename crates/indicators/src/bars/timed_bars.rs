use serde::{Deserialize, Serialize};

use super::rule::{checked_span, span_of};
use super::{Bar, CompletedBars};
use crate::IndicatorError;

/// Bars that end with a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TimedBars {
    period_ns: i64,
    max_gap_bars: u32,
    current: Option<Bar>,
    /// Close and exclusive end of the last span handed out.
    last: Option<(i64, i64)>,
    refused: u64,
}

impl TimedBars {
    pub(super) fn new(period_ns: i64, max_gap_bars: u32) -> Result<Self, IndicatorError> {
        let period_ns = checked_span("bar period_ns", period_ns)?;
        Ok(Self { period_ns, max_gap_bars, current: None, last: None, refused: 0 })
    }

    /// Takes a price and hands out the bars that are complete before it.
    #[inline(always)]
    pub(super) fn take(&mut self, ts_ns: i64, price_ticks: i64, size_lots: i64, trades: u64) -> CompletedBars {
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
    pub(super) fn on_time(&mut self, ts_ns: i64) -> CompletedBars {
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
    pub(super) fn due_ns(&self) -> Option<i64> {
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
    pub(super) fn flush(&mut self) -> Option<Bar> {
        let bar = self.current.take()?;
        self.last = Some((bar.close, bar.close_ns));
        Some(bar)
    }

    /// The bar under construction.
    pub(super) fn current(&self) -> Option<&Bar> {
        self.current.as_ref()
    }

    /// Prices refused because they came too late, or with a negative size.
    pub(super) fn refused(&self) -> u64 {
        self.refused
    }
}
