use serde::{Deserialize, Serialize};

/// A number as the unevaluated sum of two doubles, about 32 digits.
///
/// A window's sum loses its small values while a large one passes through; with twice the digits it does not.
/// Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971); the error-free
/// sum is Knuth's, without a branch.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct DoubleDouble {
    high: f64,
    low: f64,
}

impl DoubleDouble {
    pub(crate) const ZERO: Self = Self { high: 0.0, low: 0.0 };

    #[inline(always)]
    pub(crate) fn from_f64(x: f64) -> Self {
        Self { high: x, low: 0.0 }
    }

    /// `a * b` without rounding, for magnitudes up to [`crate::LARGEST_INPUT`].
    #[inline(always)]
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
        Self { high, low: ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low }
    }

    #[inline(always)]
    pub(crate) fn plus(self, other: Self) -> Self {
        let (sum, rest) = two_sum(self.high, other.high);
        let (low_sum, low_rest) = two_sum(self.low, other.low);
        let (sum, rest) = quick_two_sum(sum, rest + low_sum);
        let (high, low) = quick_two_sum(sum, rest + low_rest);
        Self { high, low }
    }

    #[inline(always)]
    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(Self { high: -other.high, low: -other.low })
    }

    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        let exact = Self::product(self.high, other.high);
        let (high, low) = quick_two_sum(exact.high, exact.low + (self.high * other.low + self.low * other.high));
        Self { high, low }
    }

    /// The nearest double.
    #[inline(always)]
    pub(crate) fn to_f64(self) -> f64 {
        self.high
    }
}

/// `a + b` rounded, and exactly what the rounding took away.
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_seen = sum - a;
    (sum, (a - (sum - b_seen)) + (b - b_seen))
}

/// [`two_sum`] for `|a| >= |b|`.
#[inline(always)]
fn quick_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// Two halves of 26 bits whose products are exact.
#[inline(always)]
fn split(a: f64) -> (f64, f64) {
    let spread = a * 134_217_729.0; // 2^27 + 1
    let high = spread - (spread - a);
    (high, a - high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_large_value_hides_comes_back_when_it_leaves() {
        let sum = DoubleDouble::from_f64(0.1).plus(DoubleDouble::from_f64(1e20)).minus(DoubleDouble::from_f64(1e20));
        assert!((sum.to_f64() - 0.1).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn a_product_of_whole_numbers_is_exact(a in -(1i64 << 53)..1i64 << 53, b in -(1i64 << 53)..1i64 << 53) {
            let product = DoubleDouble::product(a as f64, b as f64);
            prop_assert_eq!(product.high as i128 + product.low as i128, i128::from(a) * i128::from(b));
        }
    }
}
