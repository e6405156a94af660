use serde::{Deserialize, Serialize};

use crate::input::{checked_period, usable};
use crate::window::{Moments, Rolling};
use crate::{Divisor, IndicatorError};

/// How many standard deviations a value lies from the mean of the last `n`, itself among them: `(x - mean) / std`.
///
/// The deviation is that of the population (divided by `n`). Where all values are equal it is 0: the value lies on the
/// mean. Sums and their differences have 32 digits, so that a value close to the mean keeps its digits.
///
/// - **Seed**: none; [`ZScore::raw`] is the score among what there is.
/// - **Warm-up**: `n` values.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
///
/// ```
/// use tickwright_indicators::ZScore;
/// let mut z = ZScore::period(4)?;
/// for price in [61_798.0, 61_802.0, 61_798.0, 61_802.0] {
///     z.update(price);
/// }
/// assert_eq!(z.value(), Some(1.0)); // 2 above the mean, and the deviation is 2
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ZScore {
    raw: f64,
    window: Rolling<Moments>,
}

impl ZScore {
    /// The score among the last `period` values.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 2 to [`crate::LONGEST_PERIOD`]: one value has no deviation.
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        if period == 1 {
            return Err(IndicatorError::setting("z-score period", period, "give 2 to 1000000 updates"));
        }
        Ok(Self { raw: f64::NAN, window: Rolling::new(checked_period("z-score period", period)?) })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        self.window.push(x);
        let (sums, count) = (self.window.sums(), self.window.len());
        let deviation = sums.deviation(count, Divisor::Population);
        self.raw = if deviation == 0.0 { 0.0 } else { sums.distance(x, count) / (count as f64 * deviation) };
    }

    /// The score of the last value, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        self.window.is_full().then_some(self.raw)
    }

    /// The score among what there is, 0 for one value and NaN before it; a plain field.
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
