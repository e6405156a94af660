use serde::{Deserialize, Serialize};

use crate::indicator::number;
use crate::input::{checked_period, usable};
use crate::window::{Moments, Rolling};
use crate::IndicatorError;

/// What the squared deviations are divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Divisor {
    /// `n`: the values are the whole population. What Bollinger bands and z-scores use.
    #[default]
    Population,
    /// `n - 1`: the values are a sample of something larger. What volatility estimates use.
    Sample,
}

/// Standard deviation of the last `n` values: `sqrt(Σ(x - mean)² / n)`, or `/ (n - 1)` for a sample.
///
/// Sums of values and of their exact squares have 32 digits and start afresh each time the ring comes round. A
/// deviation above 1e-10 of the largest value among the last `2 n` is right to 1e-9 of itself (prices of 1e5 that
/// differ by 1e-4); one below 1e-15 of the mean, less than the step of a double, is 0.
///
/// - **Seed**: none; [`RollingStd::raw`] is the deviation of what there is.
/// - **Warm-up**: `n` values.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
///
/// ```
/// use tickwright_indicators::{Divisor, Indicator, RollingStd};
/// let mut std = RollingStd::period(4, Divisor::Population)?;
/// std.update_many([&[61_802.0, 61_798.0, 61_802.0, 61_798.0]])?;
/// assert_eq!(std.value(), Some(2.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RollingStd {
    raw: f64,
    window: Rolling<Moments>,
    divisor: Divisor,
}

impl RollingStd {
    /// The deviation of the last `period` values.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`], and at least 2 for a sample.
    pub fn period(period: u32, divisor: Divisor) -> Result<Self, IndicatorError> {
        let period = checked_period("rolling std period", period)?;
        if period == 1 && divisor == Divisor::Sample {
            return Err(IndicatorError::setting("rolling std period", period, "a sample needs at least 2 values"));
        }
        Ok(Self { raw: f64::NAN, window: Rolling::new(period), divisor })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        self.window.push(x);
        self.raw = self.window.sums().deviation(self.window.len(), self.divisor);
    }

    /// The deviation in the unit of the values, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        self.window.is_full().then_some(self.raw)
    }

    /// The same as a plain number, NaN during the warm-up.
    #[inline(always)]
    pub fn shown(&self) -> f64 {
        number(self.value())
    }

    /// The deviation of what there is, 0 for one value and NaN before it; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.raw
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        self.window.clear();
        self.raw = f64::NAN;
    }
}
