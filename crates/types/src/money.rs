use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::Decimal;

/// Digits after the dot of [`Money`].
pub const MONEY_DECIMALS: u32 = 12;

/// One whole unit of an asset.
pub const MONEY_ONE: i128 = 10i128.pow(MONEY_DECIMALS);

/// An amount of one asset in units of 1e-12, exact.
///
/// Overflow is a broken invariant (an `i128` holds 1.7e26 whole units) and panics; the boundary catches it and stops
/// the engine.
///
/// ```
/// use tickwright_types::Money;
/// // 2 bps of 61 800.1, rounded once, half to even
/// assert_eq!(Money::ratio(618_001 * 2, 10 * 10_000).to_string(), "12.36002");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Money(pub i128);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `numerator / denominator` whole units, rounded once, half to even.
    ///
    /// # Panics
    /// If `denominator` is not positive or the product leaves an `i128`.
    pub fn ratio(numerator: i128, denominator: i128) -> Self {
        let scaled = numerator.checked_mul(MONEY_ONE).expect("money out of range");
        Self(div_half_even(scaled, denominator))
    }

    /// The exact amount of a decimal, or `None` if it has more than 12 digits after the dot.
    pub fn from_decimal(amount: Decimal) -> Option<Self> {
        amount.scaled_to(MONEY_DECIMALS).map(Self)
    }

    /// The nearest `f64`, for reading only.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / MONEY_ONE as f64
    }
}

/// `numerator / denominator` to the nearest integer, ties to the even one.
pub(crate) fn div_half_even(numerator: i128, denominator: i128) -> i128 {
    assert!(denominator > 0, "division by {denominator}");
    let (floor, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    match rest.cmp(&(denominator - rest)) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + floor.rem_euclid(2),
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / MONEY_ONE as u128, self.0.unsigned_abs() % MONEY_ONE as u128);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{part:012}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("money out of range"))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("money out of range"))
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.checked_neg().expect("money out of range"))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (numerator, rounded) in [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2), (4, 2)] {
            assert_eq!(div_half_even(numerator, 2), rounded, "{numerator}/2");
        }
    }

    #[test]
    fn amounts_are_written_without_idle_zeros() {
        for (units, text) in [(0, "0"), (MONEY_ONE, "1"), (-1, "-0.000000000001"), (12_360_020_000_000, "12.36002")] {
            assert_eq!(Money(units).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn rounding_is_never_off_by_more_than_half(n in -10i128.pow(20)..10i128.pow(20), d in 1i128..10i128.pow(9)) {
            let q = div_half_even(n, d);
            prop_assert!(2 * (n - q * d).abs() <= d);
        }

        #[test]
        fn text_of_an_amount_is_its_decimal(units in -10i128.pow(24)..10i128.pow(24)) {
            let text = Money(units).to_string();
            prop_assert_eq!(Money::from_decimal(text.parse().unwrap()), Some(Money(units)));
        }
    }
}
