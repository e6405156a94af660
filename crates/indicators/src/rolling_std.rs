use serde::{Deserialize, Serialize};

use crate::double_double::DoubleDouble;
use crate::input::{checked_columns, checked_period, usable};
use crate::window::Window;
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
/// Sums of values and of their exact squares have 32 digits and start afresh each time the ring comes round: prices
/// of 1e5 that differ by 1e-4 keep ten digits of their deviation. A deviation below 1e-15 of the mean, less than one
/// step of a double, is 0.
///
/// - **Seed**: none; [`RollingStd::raw`] is the deviation of what there is.
/// - **Warm-up**: `n` values.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
///
/// ```
/// use tickwright_indicators::{Divisor, RollingStd};
/// let mut std = RollingStd::period(4, Divisor::Population)?;
/// std.update_many(&[61_802.0, 61_798.0, 61_802.0, 61_798.0]);
/// assert_eq!(std.value(), Some(2.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RollingStd {
    raw: f64,
    sums: Sums,
    /// The sums of what came since the ring last came round.
    fresh: Sums,
    window: Window,
    divisor: Divisor,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Sums {
    of_values: DoubleDouble,
    of_squares: DoubleDouble,
}

impl Sums {
    #[inline(always)]
    fn with(self, x: f64) -> Self {
        Self {
            of_values: self.of_values.plus(DoubleDouble::from_f64(x)),
            of_squares: self.of_squares.plus(DoubleDouble::product(x, x)),
        }
    }

    #[inline(always)]
    fn without(self, x: f64) -> Self {
        Self {
            of_values: self.of_values.minus(DoubleDouble::from_f64(x)),
            of_squares: self.of_squares.minus(DoubleDouble::product(x, x)),
        }
    }

    #[inline(always)]
    fn deviation(self, count: usize, divisor: Divisor) -> f64 {
        let n = count as f64;
        let square_of_sum = self.of_values.times(self.of_values);
        let scaled = self.of_squares.times(DoubleDouble::from_f64(n)).minus(square_of_sum).to_f64();
        if scaled <= square_of_sum.to_f64() * 1e-30 {
            return 0.0;
        }
        let degrees = match divisor {
            Divisor::Population => n,
            Divisor::Sample => n - 1.0,
        };
        (scaled / (n * degrees)).sqrt()
    }
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
        let (sums, fresh) = (Sums::default(), Sums::default());
        Ok(Self { raw: f64::NAN, sums, fresh, window: Window::new(period), divisor })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        let pushed = self.window.push(x);
        self.sums = self.sums.with(x).without(pushed.left);
        self.fresh = self.fresh.with(x);
        if pushed.came_round {
            self.sums = std::mem::take(&mut self.fresh);
        }
        self.raw = self.sums.deviation(self.window.len(), self.divisor);
    }

    /// The deviation in the unit of the values, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        self.window.is_full().then_some(self.raw)
    }

    /// The deviation of what there is, 0 for one value and NaN before it; a plain field.
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
        (self.raw, self.sums, self.fresh) = (f64::NAN, Sums::default(), Sums::default());
    }
}
