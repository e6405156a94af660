use serde::{Deserialize, Serialize};

use crate::indicator::number;
use crate::input::{checked_period, rare, usable};
use crate::{IndicatorError, LARGEST_INPUT};

/// Wilder's average true range.
///
/// True range = `max(high, close before) - min(low, close before)`; of the first bar, `high - low`.
/// Then `atr += (true range - atr) / n`.
///
/// - **Seed**: [`Atr::wilder`] takes the mean of the first `n` true ranges and smooths from there; [`Atr::running`]
///   takes the first true range and smooths from the second bar on. They forget the difference by `1 - 1/n` a bar.
/// - **Warm-up**: `n` bars, for both.
/// - **Refused**: a bar with a number that is not finite, with a close or a true range beyond
///   [`crate::LARGEST_INPUT`], or with `high` below `low`, changes nothing. `close` may lie outside of `low..=high`:
///   a mid against a moved quote does.
/// - **Source**: J. W. Wilder, "New Concepts in Technical Trading Systems" (1978).
///
/// ```
/// use tickwright_indicators::Atr;
/// let mut atr = Atr::wilder(2)?;
/// atr.update(61_810.0, 61_800.0, 61_805.0); // true range 10
/// atr.update(61_825.0, 61_815.0, 61_820.0); // 20, from the close before
/// assert_eq!(atr.value(), Some(15.0));
/// atr.update(61_825.0, 61_816.0, 61_820.0); // 9
/// assert_eq!(atr.value(), Some(12.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Atr {
    raw: f64,
    close_before: f64,
    weight: f64,
    missing: u32,
    period: u32,
    seed: Seed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Seed {
    Mean,
    First,
}

impl Atr {
    /// Wilder's own seed: the mean of the first `period` true ranges.
    ///
    /// Returns `E_INDICATOR_SETTING` unless `period` is 1 to [`crate::LONGEST_PERIOD`] bars.
    pub fn wilder(period: u32) -> Result<Self, IndicatorError> {
        Self::start(period, Seed::Mean)
    }

    /// Seeded by the first true range and smoothed from there, for streams that are read from their first record.
    ///
    /// Returns `E_INDICATOR_SETTING` unless `period` is 1 to [`crate::LONGEST_PERIOD`] bars.
    pub fn running(period: u32) -> Result<Self, IndicatorError> {
        Self::start(period, Seed::First)
    }

    fn start(period: u32, seed: Seed) -> Result<Self, IndicatorError> {
        let period = checked_period("atr period", period)?;
        let weight = 1.0 / f64::from(period);
        Ok(Self { raw: f64::NAN, close_before: f64::NAN, weight, missing: period, period, seed })
    }

    /// Takes the next bar. 12 cycles in a chain of updates, less beside other work.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) {
        // The close before is NaN at the first bar and fails both comparisons. Bare ones are one instruction where
        // `f64::max` looks after NaN with four.
        let top = if self.close_before > high { self.close_before } else { high };
        let bottom = if self.close_before < low { self.close_before } else { low };
        let true_range = top - bottom;
        // NaN fails each comparison, and the true range bounds both prices by the close before.
        if !(low <= high && true_range <= LARGEST_INPUT && usable(close)) {
            rare();
            return;
        }
        let mut weight = self.weight;
        if self.missing != 0 {
            rare();
            weight = self.warm_up_weight();
            if self.missing == self.period {
                self.raw = true_range;
            }
            self.missing -= 1;
        }
        self.raw += (true_range - self.raw) * weight;
        self.close_before = close;
    }

    /// The weight of the next true range during the warm-up. Inlined, for a call would push the average out of its
    /// register even where it is never made.
    #[inline(always)]
    fn warm_up_weight(&self) -> f64 {
        match self.seed {
            Seed::Mean => 1.0 / f64::from(self.period - self.missing + 1),
            Seed::First => self.weight,
        }
    }

    /// The average true range in the unit of the prices, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        (self.missing == 0).then_some(self.raw)
    }

    /// The same as a plain number, NaN during the warm-up.
    #[inline(always)]
    pub fn shown(&self) -> f64 {
        number(self.value())
    }

    /// The average of the bars so far, NaN before the first; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.raw
    }

    /// Bars of the warm-up.
    pub fn warm_up(&self) -> u32 {
        self.period
    }

    /// Forgets every bar.
    pub fn reset(&mut self) {
        (self.raw, self.close_before, self.missing) = (f64::NAN, f64::NAN, self.period);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_between_bars_counts_as_range() {
        let mut atr = Atr::running(14).unwrap();
        atr.update(101.0, 99.0, 100.0);
        assert_eq!(atr.raw(), 2.0);
        atr.update(91.0, 89.0, 90.0);
        assert_eq!(atr.raw(), 2.0 + (11.0 - 2.0) / 14.0);
    }

    #[test]
    fn both_seeds_are_ready_after_as_many_bars_as_their_period() {
        for mut atr in [Atr::wilder(3).unwrap(), Atr::running(3).unwrap()] {
            for _ in 0..3 {
                assert_eq!(atr.value(), None);
                atr.update(2.0, 1.0, 1.5);
            }
            assert_eq!(atr.value(), Some(1.0));
        }
    }

    #[test]
    fn a_bar_upside_down_changes_nothing() {
        let mut atr = Atr::running(2).unwrap();
        atr.update(101.0, 99.0, 100.0);
        atr.update(99.0, 101.0, 100.0);
        assert_eq!((atr.raw(), atr.close_before, atr.missing), (2.0, 100.0, 1));
    }
}
