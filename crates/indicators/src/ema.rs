use serde::{Deserialize, Serialize};

use crate::indicator::number;
use crate::input::{checked_period, rare, usable};
use crate::IndicatorError;

/// Exponential moving average: `ema += (x - ema) * alpha`.
///
/// - **Seed**: the first value.
/// - **Warm-up**: `n` values for a period `n`; for an alpha, those of the period with that weight, `2 / alpha - 1`
///   rounded up and at least 1.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
/// - **Source**: the usual definition of charting packages, `alpha = 2 / (n + 1)`.
///
/// An average that equals its input stays there exactly, whatever the alpha.
///
/// ```
/// use tickwright_indicators::Ema;
/// let mut ema = Ema::period(3)?; // alpha 0.5
/// ema.update(61_800.0);
/// ema.update(61_802.0);
/// assert_eq!((ema.value(), ema.raw()), (None, 61_801.0));
/// ema.update(61_804.0);
/// assert_eq!(ema.value(), Some(61_802.5));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ema {
    raw: f64,
    alpha: f64,
    warm_up: u32,
    missing: u32,
}

impl Ema {
    /// An average with `alpha = 2 / (period + 1)`; `period` in updates.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`].
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        let period = checked_period("ema period", period)?;
        Ok(Self::start(2.0 / (f64::from(period) + 1.0), period))
    }

    /// An average that moves by the fraction `alpha` of the way to each value.
    ///
    /// Returns `E_INDICATOR_SETTING` unless `0 < alpha <= 1`.
    pub fn alpha(alpha: f64) -> Result<Self, IndicatorError> {
        if !(alpha > 0.0 && alpha <= 1.0) {
            return Err(IndicatorError::setting("ema alpha", alpha, "give a fraction above 0 and up to 1"));
        }
        // The margin keeps 2/15 at the 14 values of its period, whose quotient rounds to a hair above.
        let values = (2.0 / alpha - 1.0) * (1.0 - 1e-12);
        Ok(Self::start(alpha, (values.ceil() as u32).max(1)))
    }

    fn start(alpha: f64, warm_up: u32) -> Self {
        Self { raw: f64::NAN, alpha, warm_up, missing: warm_up }
    }

    /// Takes the next value. 12 cycles in a chain of updates, less beside other work.
    #[inline(always)]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            rare();
            return;
        }
        if self.missing != 0 {
            rare();
            if self.missing == self.warm_up {
                self.raw = x;
            }
            self.missing -= 1;
        }
        self.raw += (x - self.raw) * self.alpha;
    }

    /// The average, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        (self.missing == 0).then_some(self.raw)
    }

    /// The same as a plain number, NaN during the warm-up.
    #[inline(always)]
    pub fn shown(&self) -> f64 {
        number(self.value())
    }

    /// The average of what there is, NaN before the first value; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.raw
    }

    /// Values of the warm-up.
    pub fn warm_up(&self) -> u32 {
        self.warm_up
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        *self = Self::start(self.alpha, self.warm_up);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_is_the_seed_and_the_nth_makes_it_ready() {
        let mut ema = Ema::period(14).unwrap();
        assert!(ema.raw().is_nan());
        for n in 1..=14 {
            assert_eq!(ema.value(), None, "after {} values", n - 1);
            ema.update(7.5);
        }
        assert_eq!(ema.value(), Some(7.5));
    }

    #[test]
    fn an_alpha_warms_up_like_the_period_of_its_weight() {
        for period in [1, 2, 14, 50, 199, 1_000_000] {
            let ema = Ema::period(period).unwrap();
            assert_eq!(Ema::alpha(ema.alpha).unwrap().warm_up(), period);
        }
        assert_eq!(Ema::alpha(0.01).unwrap().warm_up(), 199);
        assert_eq!(Ema::alpha(1.0).unwrap().warm_up(), 1);
        assert_eq!(Ema::alpha(1e-300).unwrap().warm_up(), u32::MAX);
    }

    #[test]
    fn a_setting_out_of_range_is_refused() {
        assert_eq!(Ema::period(0).unwrap_err().to_string(), "ema period is 0: give 1 to 1000000 updates");
        for alpha in [0.0, -0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Ema::alpha(alpha).unwrap_err().code(), "E_INDICATOR_SETTING", "{alpha}");
        }
    }
}
