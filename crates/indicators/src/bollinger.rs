use serde::{Deserialize, Serialize};

use crate::input::{checked_period, usable};
use crate::window::{Moments, Rolling};
use crate::{Divisor, IndicatorError};

/// Bollinger bands: the mean of the last `n` values, and `k` standard deviations above and below it.
///
/// The deviation is that of the population (divided by `n`), as Bollinger has it.
///
/// - **Seed**: none; [`BollingerBands::raw`] gives the bands of what there is.
/// - **Warm-up**: `n` values.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
/// - **Source**: J. Bollinger, "Bollinger on Bollinger Bands" (2001): 20 values, 2 deviations.
///
/// ```
/// use tickwright_indicators::BollingerBands;
/// let mut bands = BollingerBands::new(4, 2.0)?;
/// for price in [61_802.0, 61_798.0, 61_802.0, 61_798.0] {
///     bands.update(price);
/// }
/// let now = bands.value().expect("four values are enough");
/// assert_eq!((now.lower, now.middle, now.upper), (61_796.0, 61_800.0, 61_804.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BollingerBands {
    raw: Bands,
    window: Rolling<Moments>,
    deviations: f64,
}

/// What [`BollingerBands`] give, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// The mean.
    pub middle: f64,
    /// `middle + k · std`.
    pub upper: f64,
    /// `middle - k · std`.
    pub lower: f64,
}

impl Bands {
    const NONE: Self = Self { middle: f64::NAN, upper: f64::NAN, lower: f64::NAN };
}

impl BollingerBands {
    /// Bands of the last `period` values, so many deviations from their mean.
    ///
    /// Returns `E_INDICATOR_SETTING` unless the period is 1 to [`crate::LONGEST_PERIOD`] and the deviations are above
    /// 0 and at most 100.
    pub fn new(period: u32, deviations: f64) -> Result<Self, IndicatorError> {
        let period = checked_period("bollinger period", period)?;
        if !(deviations > 0.0 && deviations <= 100.0) {
            let allowed = "give a number above 0 and up to 100";
            return Err(IndicatorError::setting("bollinger deviations", deviations, allowed));
        }
        Ok(Self { raw: Bands::NONE, window: Rolling::new(period), deviations })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        self.window.push(x);
        let (sums, count) = (self.window.sums(), self.window.len());
        let middle = sums.mean(count);
        let width = self.deviations * sums.deviation(count, Divisor::Population);
        self.raw = Bands { middle, upper: middle + width, lower: middle - width };
    }

    /// The bands, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<Bands> {
        self.window.is_full().then_some(self.raw)
    }

    /// The bands of what there is, NaN before the first value; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> Bands {
        self.raw
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        self.window.clear();
        self.raw = Bands::NONE;
    }
}
