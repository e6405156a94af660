use serde::{Deserialize, Serialize};

use super::{Bar, CompletedBars};
use crate::IndicatorError;

/// What fills a bar that does not end by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Measure {
    Ticks,
    Volume,
    Notional,
}

/// Bars that end when they are full. A price belongs to one bar, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CountedBars {
    measure: Measure,
    full: i128,
    filled: i128,
    current: Option<Bar>,
    /// Time of the last price handed out.
    last_ns: i64,
    refused: u64,
}

impl CountedBars {
    pub(super) fn new(measure: Measure, full: i128) -> Result<Self, IndicatorError> {
        if full < 1 {
            let what = match measure {
                Measure::Ticks => "bar ticks count",
                Measure::Volume => "bar volume lots",
                Measure::Notional => "bar notional tick_lots",
            };
            return Err(IndicatorError::setting(what, full, "give 1 or more"));
        }
        Ok(Self { measure, full, filled: 0, current: None, last_ns: i64::MIN, refused: 0 })
    }

    /// Takes a price and hands out the bar that it completes.
    #[inline]
    pub(super) fn take(&mut self, ts_ns: i64, price_ticks: i64, size_lots: i64, trades: u64) -> CompletedBars {
        let earliest_ns = self.current.as_ref().map_or(self.last_ns, |bar| bar.open_ns);
        if size_lots < 0 || ts_ns < earliest_ns {
            self.refused += 1;
            return CompletedBars::NONE;
        }
        let bar = self.current.get_or_insert_with(|| Bar::flat(ts_ns, ts_ns, price_ticks));
        bar.take(price_ticks, size_lots, trades);
        bar.close_ns = bar.close_ns.max(ts_ns);
        let filled = match self.measure {
            Measure::Ticks => 1,
            Measure::Volume => i128::from(size_lots),
            Measure::Notional => i128::from(price_ticks) * i128::from(size_lots),
        };
        // Prices below 0 trade for money too, only the other way.
        self.filled = self.filled.saturating_add(filled.abs());
        if self.filled < self.full {
            return CompletedBars::NONE;
        }
        CompletedBars::two(self.flush(), None)
    }

    pub(super) fn flush(&mut self) -> Option<Bar> {
        let bar = self.current.take()?;
        (self.filled, self.last_ns) = (0, bar.close_ns);
        Some(bar)
    }

    pub(super) fn current(&self) -> Option<&Bar> {
        self.current.as_ref()
    }

    pub(super) fn refused(&self) -> u64 {
        self.refused
    }
}
