use serde::{Deserialize, Serialize};

/// A running sum with about 32 digits: a double and, beside it, all that its rounding took away.
///
/// A plain window sum loses its small values while a large one passes through, and drifts; this one does neither.
/// Source: T. Ogita, S. M. Rump, S. Oishi, "Accurate sum and dot product" (2005), algorithm `Sum2`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CompensatedSum {
    sum: f64,
    rest: f64,
}

impl CompensatedSum {
    #[inline(always)]
    pub(crate) fn add(&mut self, x: f64) {
        let (sum, rest) = two_sum(self.sum, x);
        self.sum = sum;
        self.rest += rest;
    }

    /// Adds what lies far below the last digit of the sum.
    #[inline(always)]
    pub(crate) fn add_rest(&mut self, x: f64) {
        self.rest += x;
    }

    /// The nearest double.
    #[inline(always)]
    pub(crate) fn value(self) -> f64 {
        self.sum + self.rest
    }

    /// The nearest double and what is left beside it.
    #[inline(always)]
    pub(crate) fn parts(self) -> (f64, f64) {
        two_sum(self.sum, self.rest)
    }
}

/// `a + b` rounded, and exactly what the rounding took away. Knuth's, without a branch.
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_seen = sum - a;
    (sum, (a - (sum - b_seen)) + (b - b_seen))
}

/// `a * b` rounded, and exactly what the rounding took away, up to the square of [`crate::LARGEST_INPUT`].
///
/// Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971).
#[inline(always)]
pub(super) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    (product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low)
}

/// Two halves of 26 bits, whose products are exact.
#[inline(always)]
fn halves(a: f64) -> (f64, f64) {
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
        let mut sum = CompensatedSum::default();
        for x in [0.1, 1e15, -1e15] {
            sum.add(x);
        }
        assert_eq!(sum.value(), 0.1);
    }

    proptest! {
        #[test]
        fn a_product_of_whole_numbers_is_exact(a in -(1i64 << 53)..1i64 << 53, b in -(1i64 << 53)..1i64 << 53) {
            let (product, rest) = two_product(a as f64, b as f64);
            prop_assert_eq!(product as i128 + rest as i128, i128::from(a) * i128::from(b));
        }
    }
}
