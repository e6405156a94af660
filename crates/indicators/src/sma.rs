use serde::{Deserialize, Serialize};

use crate::compensated::CompensatedSum;
use crate::input::{checked_columns, checked_period, usable};
use crate::window::Window;
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
    sum: CompensatedSum,
    /// The sum of what came since the ring last came round.
    fresh: CompensatedSum,
    window: Window,
}

impl Sma {
    /// An average of the last `period` values.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`].
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        let window = Window::new(checked_period("sma period", period)?);
        Ok(Self { raw: f64::NAN, sum: CompensatedSum::default(), fresh: CompensatedSum::default(), window })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        let pushed = self.window.push(x);
        self.sum.add(x);
        self.sum.add(-pushed.left);
        self.fresh.add(x);
        if pushed.came_round {
            self.sum = std::mem::take(&mut self.fresh);
        }
        self.raw = self.sum.value() / self.window.len() as f64;
    }

    /// The average, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        self.window.is_full().then_some(self.raw)
    }

    /// The same as a plain number, NaN during the warm-up.
    #[inline(always)]
    pub fn shown(&self) -> f64 {
        self.value().unwrap_or(f64::NAN)
    }

    /// The average of what there is, NaN before the first value; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.raw
    }

    /// Takes values in order.
    pub fn update_many(&mut self, xs: &[f64]) {
        for &x in xs {
            self.update(x);
        }
    }

    /// Takes values in order and writes the value after each, NaN during the warm-up.
    ///
    /// Returns `E_INDICATOR_COLUMNS`, with nothing taken, if `out` has another length.
    pub fn update_many_into(&mut self, xs: &[f64], out: &mut [f64]) -> Result<(), IndicatorError> {
        checked_columns(xs.len(), &[("out", out.len())])?;
        for (&x, slot) in xs.iter().zip(out) {
            self.update(x);
            *slot = self.value().unwrap_or(f64::NAN);
        }
        Ok(())
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        self.window.clear();
        (self.raw, self.sum, self.fresh) = (f64::NAN, CompensatedSum::default(), CompensatedSum::default());
    }
}
