use serde::{Deserialize, Serialize};

use crate::indicator::number;
use crate::input::{checked_period, usable};
use crate::window::{CompensatedSum, Rolling};
use crate::IndicatorError;

/// Simple moving average: the mean of the last `n` values.
///
/// The running sum has 32 digits and starts afresh each time the ring comes round, so it neither drifts nor loses
/// small values beside a large one that passes through.
///
/// - **Seed**: none; [`Sma::raw`] is the mean of what there is.
/// - **Warm-up**: `n` values.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
///
/// ```
/// use tickwright_indicators::Sma;
/// let mut sma = Sma::period(2)?;
/// sma.update(61_800.0);
/// assert_eq!((sma.value(), sma.raw()), (None, 61_800.0));
/// sma.update(61_801.0);
/// sma.update(61_804.0);
/// assert_eq!(sma.value(), Some(61_802.5));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sma {
    raw: f64,
    window: Rolling<CompensatedSum>,
}

impl Sma {
    /// An average of the last `period` values.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`].
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        Ok(Self { raw: f64::NAN, window: Rolling::new(checked_period("sma period", period)?) })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        self.window.push(x);
        self.raw = self.window.sums().value() / self.window.len() as f64;
    }

    /// The average, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        self.window.is_full().then_some(self.raw)
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

    /// Forgets every value.
    pub fn reset(&mut self) {
        self.window.clear();
        self.raw = f64::NAN;
    }
}
