use serde::{Deserialize, Serialize};

use crate::compensated::{two_product, CompensatedSum};
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
/// Sums of values and of their exact squares have 32 digits and start afresh each time the ring comes round. A
/// deviation above 1e-10 of the largest value among the last `2 n` is right to 1e-9 of itself (prices of 1e5 that
/// differ by 1e-4); one below 1e-15 of the mean, less than the step of a double, is 0.
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
    of_values: CompensatedSum,
    of_squares: CompensatedSum,
}

impl Sums {
    /// Adds a value (`sign` 1) or takes it out (`sign` -1).
    #[inline(always)]
    fn add(&mut self, x: f64, sign: f64) {
        let (square, rest) = two_product(x, x);
        self.of_values.add(sign * x);
        self.of_squares.add(sign * square);
        self.of_squares.add_rest(sign * rest);
    }

    /// `sqrt((n Σx² - (Σx)²) / (n · divisor))`, the difference taken with all 32 digits.
    #[inline(always)]
    fn deviation(self, count: usize, divisor: Divisor) -> f64 {
        let n = count as f64;
        let ((sum, sum_rest), (squares, squares_rest)) = (self.of_values.parts(), self.of_squares.parts());
        let (square_of_sum, low) = two_product(sum, sum);
        let (scaled_squares, scaled_low) = two_product(n, squares);
        let low_difference = (scaled_low - low) + (n * squares_rest - 2.0 * sum * sum_rest);
        let difference = (scaled_squares - square_of_sum) + low_difference;
        if difference <= square_of_sum * 1e-30 {
            return 0.0;
        }
        let degrees = match divisor {
            Divisor::Population => n,
            Divisor::Sample => n - 1.0,
        };
        (difference / (n * degrees)).sqrt()
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
        self.sums.add(x, 1.0);
        self.sums.add(pushed.left, -1.0);
        self.fresh.add(x, 1.0);
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

    /// The same as a plain number, NaN during the warm-up.
    #[inline(always)]
    pub fn shown(&self) -> f64 {
        self.value().unwrap_or(f64::NAN)
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
