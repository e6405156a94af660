//! Products over quotients of big integers that neither overflow on the way nor round twice.

use std::cmp::Ordering;

/// `floor(amount × part / whole)` for `0 <= part <= whole`, `whole > 0`.
pub(crate) fn floor_share(amount: i128, part: i64, whole: i64) -> i128 {
    if part == whole {
        return amount;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    amount.div_euclid(whole) * part + amount.rem_euclid(whole) * part / whole
}

/// `amount × rate / one`, rounded once, half to even. `one > 0`.
///
/// # Panics
/// If the result leaves an `i128`.
pub(crate) fn scaled_half_even(amount: i128, rate: i128, one: i128) -> i128 {
    let (floor, left) = scaled_floor(amount, rate, one);
    match left.cmp(&(one - left)) {
        Ordering::Less => floor,
        Ordering::Greater => floor + 1,
        Ordering::Equal => floor + (floor & 1),
    }
}

/// `amount × rate / one`, rounded up. `one > 0`.
///
/// # Panics
/// If the result leaves an `i128`.
pub(crate) fn scaled_up(amount: i128, rate: i128, one: i128) -> i128 {
    let (floor, left) = scaled_floor(amount, rate, one);
    floor + i128::from(left != 0)
}

/// `amount × rate / one` rounded down, and what is left over. `one > 0`.
///
/// One division where the product fits: an `i128` one costs as much as a whole record.
///
/// # Panics
/// If the result leaves an `i128`.
pub(crate) fn scaled_floor(amount: i128, rate: i128, one: i128) -> (i128, i128) {
    if let Some(product) = amount.checked_mul(rate) {
        let floor = product / one;
        let left = product - floor * one;
        return if left < 0 { (floor - 1, left + one) } else { (floor, left) };
    }
    let (quotient, rest) = wide_quotient(amount.unsigned_abs(), rate.unsigned_abs(), one.unsigned_abs());
    let (quotient, rest) = (in_range(quotient), rest as i128);
    match ((amount < 0) == (rate < 0), rest) {
        (true, _) => (quotient, rest),
        (false, 0) => (-quotient, 0),
        (false, _) => (-quotient - 1, one - rest),
    }
}

/// Half of an amount, half to even.
pub(crate) fn half_even(doubled: i128) -> i128 {
    let floor = doubled >> 1;
    floor + (doubled & floor & 1)
}

/// The greatest number that divides both.
pub(crate) fn common_divisor(a: i128, b: i128) -> i128 {
    if b == 0 {
        a
    } else {
        common_divisor(b, a % b)
    }
}

fn in_range(amount: u128) -> i128 {
    i128::try_from(amount).expect("amount out of range")
}

/// `a × b / by` and its rest through a product of 256 bits.
fn wide_quotient(a: u128, b: u128, by: u128) -> (u128, u128) {
    let (high, low) = wide_product(a, b);
    assert!(high < by, "amount out of range");
    let (mut rest, mut quotient) = (high, 0u128);
    for bit in (0..128).rev() {
        let carried = rest >> 127 == 1;
        rest = rest << 1 | low >> bit & 1;
        quotient <<= 1;
        if carried || rest >= by {
            rest = rest.wrapping_sub(by);
            quotient |= 1;
        }
    }
    (quotient, rest)
}

/// High and low half of `a × b`.
fn wide_product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let lowest = a_low * b_low;
    let (one, other) = (a_high * b_low, a_low * b_high);
    let middle = (lowest >> 64) + (one & LOW) + (other & LOW);
    let high = a_high * b_high + (one >> 64) + (other >> 64) + (middle >> 64);
    (high, middle << 64 | lowest & LOW)
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

    #[test]
    #[should_panic(expected = "amount out of range")]
    fn a_result_that_no_integer_holds_is_a_panic_and_never_wraps() {
        scaled_half_even(i128::MAX, 4, 3);
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
            let up = scaled_up(amount, rate, one);
            prop_assert!(up * one >= amount * rate && (up - 1) * one < amount * rate);
        }

        #[test]
        fn what_is_too_long_for_one_product_is_rounded_the_same(
            amount in -10i128.pow(20)..10i128.pow(20), rate in -10i128.pow(12)..10i128.pow(12), one in 1i128..10i128.pow(12),
        ) {
            // The same quotient with a product that leaves an i128.
            let longer = 10i128.pow(18);
            prop_assert_eq!(scaled_half_even(amount * longer, rate, one * longer), scaled_half_even(amount, rate, one));
            let ((floor, left), (short, rest)) = (scaled_floor(amount * longer, rate, one * longer), scaled_floor(amount, rate, one));
            prop_assert_eq!((floor, left), (short, rest * longer));
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
