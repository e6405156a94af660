use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::compensated::{two_product, CompensatedSum};
use crate::rolling_std::Divisor;

/// What is summed over a window.
pub(crate) trait Sums: Copy + Debug + Default + Serialize + DeserializeOwned {
    /// What a window holds; its default adds nothing.
    type Item: Copy + Debug + Default + Serialize + DeserializeOwned;

    /// Adds an item (`sign` 1) or takes it out (`sign` -1).
    fn put(&mut self, item: Self::Item, sign: f64);
}

impl Sums for CompensatedSum {
    type Item = f64;

    #[inline(always)]
    fn put(&mut self, x: f64, sign: f64) {
        self.add(sign * x);
    }
}

/// Sums of values and of their exact squares.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Moments {
    of_values: CompensatedSum,
    of_squares: CompensatedSum,
}

impl Sums for Moments {
    type Item = f64;

    #[inline(always)]
    fn put(&mut self, x: f64, sign: f64) {
        let (square, rest) = two_product(x, x);
        self.of_values.add(sign * x);
        self.of_squares.add(sign * square);
        self.of_squares.add_rest(sign * rest);
    }
}

impl Moments {
    #[inline(always)]
    pub(crate) fn mean(self, count: usize) -> f64 {
        self.of_values.value() / count as f64
    }

    /// `n x - Σx`: how far a value lies from the mean, times the count, the difference taken with all 32 digits.
    #[inline(always)]
    pub(crate) fn distance(self, x: f64, count: usize) -> f64 {
        let (sum, sum_rest) = self.of_values.parts();
        let (scaled, scaled_low) = two_product(count as f64, x);
        (scaled - sum) + (scaled_low - sum_rest)
    }

    /// `sqrt((n Σx² - (Σx)²) / (n · divisor))`, the difference taken with all 32 digits.
    #[inline(always)]
    pub(crate) fn deviation(self, count: usize, divisor: Divisor) -> f64 {
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

/// The sum of volumes. Its last digits would tell nothing from a little once all that traded has left: that is counted.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Volume {
    sum: CompensatedSum,
    above_zero: i32,
}

impl Sums for Volume {
    type Item = f64;

    #[inline(always)]
    fn put(&mut self, volume: f64, sign: f64) {
        self.sum.add(sign * volume);
        self.above_zero += i32::from(volume > 0.0) * sign as i32;
    }
}

impl Volume {
    /// The sum, exactly 0 if nothing traded.
    #[inline(always)]
    pub(crate) fn value(self) -> f64 {
        if self.above_zero == 0 {
            0.0
        } else {
            self.sum.value()
        }
    }
}

/// Sums of `price × size`, the products exact, and of sizes.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Traded {
    notional: CompensatedSum,
    volume: Volume,
}

impl Sums for Traded {
    type Item = (f64, f64);

    #[inline(always)]
    fn put(&mut self, (price, size): (f64, f64), sign: f64) {
        let (product, rest) = two_product(price, size);
        self.notional.add(sign * product);
        self.notional.add_rest(sign * rest);
        self.volume.put(size, sign);
    }
}

impl Traded {
    #[inline(always)]
    pub(crate) fn add(&mut self, trade: (f64, f64)) {
        self.put(trade, 1.0);
    }

    /// The volume-weighted mean of the prices, NaN without volume.
    #[inline(always)]
    pub(crate) fn vwap(self) -> f64 {
        if self.volume.above_zero == 0 {
            f64::NAN
        } else {
            self.notional.value() / self.volume.sum.value()
        }
    }
}
