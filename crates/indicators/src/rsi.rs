use serde::{Deserialize, Serialize};

use crate::input::{checked_period, usable};
use crate::IndicatorError;

/// Below this both averages are stopped in their fall: a market at rest keeps its RSI, and never comes to numbers so
/// small that they lose their digits.
const LEAST: f64 = 1e-200;

/// Wilder's relative strength index, 0 to 100: `100 · gains / (gains + losses)`.
///
/// Gains and losses are averages of the rises and falls from value to value, a fall counting 0 as a rise and the other
/// way round: `average += (change - average) / n`. It is 50 where nothing has moved at all.
///
/// - **Seed**: the mean of the first `n` changes.
/// - **Warm-up**: `n + 1` values.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
/// - **Source**: J. W. Wilder, "New Concepts in Technical Trading Systems" (1978): 14 values.
///
/// ```
/// use tickwright_indicators::Rsi;
/// let mut rsi = Rsi::period(2)?;
/// for price in [61_800.0, 61_803.0, 61_802.0] {
///     rsi.update(price);
/// }
/// assert_eq!(rsi.value(), Some(75.0)); // 3 up, 1 down
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rsi {
    gains: f64,
    losses: f64,
    before: f64,
    weight: f64,
    missing: u32,
    period: u32,
}

impl Rsi {
    /// The index over `period` changes.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`].
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        let period = checked_period("rsi period", period)?;
        let weight = 1.0 / f64::from(period);
        Ok(Self { gains: 0.0, losses: 0.0, before: f64::NAN, weight, missing: period, period })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        let change = x - self.before;
        self.before = x;
        if change.is_nan() {
            return;
        }
        if change == 0.0 && self.missing == 0 && self.gains + self.losses < LEAST {
            return;
        }
        let mut weight = self.weight;
        if self.missing != 0 {
            weight = 1.0 / f64::from(self.period - self.missing + 1);
            self.missing -= 1;
        }
        self.gains += (change.max(0.0) - self.gains) * weight;
        self.losses += ((-change).max(0.0) - self.losses) * weight;
    }

    /// The index, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        (self.missing == 0).then(|| self.raw())
    }

    /// The index of the changes so far, 50 before the first.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        let moved = self.gains + self.losses;
        if moved == 0.0 {
            50.0
        } else {
            100.0 * (self.gains / moved)
        }
    }

    /// Values of the warm-up.
    pub fn warm_up(&self) -> u32 {
        self.period + 1
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        (self.gains, self.losses, self.before, self.missing) = (0.0, 0.0, f64::NAN, self.period);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed(period: u32, xs: impl IntoIterator<Item = f64>) -> Rsi {
        let mut rsi = Rsi::period(period).unwrap();
        xs.into_iter().for_each(|x| rsi.update(x));
        rsi
    }

    #[test]
    fn a_market_at_rest_keeps_its_index_however_long() {
        let moving = [100.0, 103.0, 102.0];
        let index = fed(2, moving).value().unwrap();
        for rest in [10, 1_000, 1_000_000] {
            let at_rest = fed(2, moving.into_iter().chain(std::iter::repeat_n(102.0, rest)));
            assert!((at_rest.value().unwrap() - index).abs() <= 1e-9 * index, "{rest}");
        }
    }

    #[test]
    fn it_is_50_where_nothing_moved_and_at_its_ends_where_everything_moved_one_way() {
        assert_eq!(fed(14, [100.0; 15]).value(), Some(50.0));
        assert_eq!(fed(14, (0..15).map(f64::from)).value(), Some(100.0));
        assert_eq!(fed(14, (0..15).map(|n| -f64::from(n))).value(), Some(0.0));
    }

    #[test]
    fn it_is_ready_after_as_many_changes_as_its_period() {
        assert_eq!(fed(14, (0..14).map(f64::from)).value(), None);
        assert!(fed(14, (0..15).map(f64::from)).value().is_some());
    }
}
