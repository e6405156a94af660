//! Divisions of big integers that neither overflow on the way nor round twice.

use std::cmp::Ordering;

/// `floor(amount × part / whole)` for `0 <= part <= whole`, `whole > 0`.
pub(crate) fn floor_share(amount: i128, part: i64, whole: i64) -> i128 {
    if part == whole {
        return amount;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    amount.div_euclid(whole) * part + amount.rem_euclid(whole) * part / whole
}

/// `amount × rate / one`, rounded once, half to even. `one > 0`, `|rate| × one` must fit.
///
/// # Panics
/// If the result leaves an `i128`.
pub(crate) fn scaled_half_even(amount: i128, rate: i128, one: i128) -> i128 {
    if let Some(product) = amount.checked_mul(rate) {
        return div_half_even(product, one);
    }
    let whole = amount.div_euclid(one).checked_mul(rate).expect("amount out of range");
    let rest = amount.rem_euclid(one) * rate;
    let floor = whole.checked_add(rest.div_euclid(one)).expect("amount out of range");
    nearest(floor, rest.rem_euclid(one), one)
}

/// Half of an amount, half to even.
pub(crate) fn half_even(doubled: i128) -> i128 {
    let floor = doubled >> 1;
    floor + (doubled & floor & 1)
}

/// One division instead of two: an `i128` one costs as much as a whole record.
fn div_half_even(amount: i128, one: i128) -> i128 {
    let mut floor = amount / one;
    let mut left = amount - floor * one;
    if left < 0 {
        (floor, left) = (floor - 1, left + one);
    }
    nearest(floor, left, one)
}

/// `floor + left / one`, rounded, for `0 <= left < one`.
fn nearest(floor: i128, left: i128, one: i128) -> i128 {
    match left.cmp(&(one - left)) {
        Ordering::Less => floor,
        Ordering::Greater => floor + 1,
        Ordering::Equal => floor + (floor & 1),
    }
}

/// `amount × one / rate` rounded up, for `amount >= 0`, `rate > 0` and `rate × one` that fits.
///
/// # Panics
/// If the result leaves an `i128`.
pub(crate) fn unscaled_up(amount: i128, one: i128, rate: i128) -> i128 {
    let whole = (amount / rate).checked_mul(one).expect("amount out of range");
    let rest = amount % rate * one;
    whole.checked_add(rest / rate + i128::from(rest % rate != 0)).expect("amount out of range")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_to_the_even_neighbour_of_the_whole_result() {
        for (amount, rate, rounded) in
            [(1, 5, 0), (3, 5, 2), (5, 5, 2), (-1, 5, 0), (-3, 5, -2), (13, 5, 6), (11, 5, 6)]
        {
            assert_eq!(scaled_half_even(amount, rate, 10), rounded, "{amount} × {rate} / 10");
        }
        for (doubled, half) in [(0, 0), (1, 0), (2, 1), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2), (-4, -2)] {
            assert_eq!(half_even(doubled), half, "{doubled} / 2");
        }
    }

    proptest! {
        #[test]
        fn they_agree_with_the_plain_quotient_where_that_fits(
            amount in -10i128.pow(18)..10i128.pow(18), rate in -10i128.pow(12)..10i128.pow(12), one in 1i128..10i128.pow(6),
            whole in 1i64..1_000_000, part in 0i64..1_000_000,
        ) {
            let rounded = scaled_half_even(amount, rate, one);
            prop_assert!(2 * (amount * rate - rounded * one).abs() <= one);
            let part = part.min(whole);
            prop_assert_eq!(floor_share(amount, part, whole), (amount * i128::from(part)).div_euclid(i128::from(whole)));
            let (amount, rate) = (amount.abs(), rate.abs() + 1);
            let up = unscaled_up(amount, one, rate);
            prop_assert!(up * rate >= amount * one && (up - 1) * rate < amount * one);
        }

        #[test]
        fn what_is_too_long_for_one_product_is_rounded_the_same(amount in -10i128.pow(20)..10i128.pow(20), rate in -10i128.pow(12)..10i128.pow(12)) {
            // 10^18 times as much on both sides makes the product leave an i128 and the quotient stay.
            let (long, one) = (amount * 10i128.pow(12), 10i128.pow(24));
            prop_assert_eq!(scaled_half_even(long, rate * 10i128.pow(6), 10i128.pow(18)), scaled_half_even(amount, rate, one / 10i128.pow(24)));
        }

        #[test]
        fn a_share_of_a_huge_basis_does_not_overflow(part in 0i64..=1 << 53) {
            let whole = 1 << 53;
            let basis = (1i128 << 106) + 7;
            let share = floor_share(basis, part, whole);
            prop_assert!(share <= basis && share >= (1i128 << 53) * i128::from(part));
        }
    }
}
