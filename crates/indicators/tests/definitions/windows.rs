use proptest::prelude::*;
use tickwright_indicators::{BollingerBands, Divisor, RollingMax, RollingMin, ZScore};

use crate::streams::{close_to, exact_deviation, exact_mean, last_window, units, UNITS};

/// Equal to 1e-9 of the larger of the two terms that were added up.
fn close_within(got: f64, expected: f64, size: f64) -> bool {
    (got - expected).abs() <= 1e-9 * size
}

proptest! {
    #[test]
    fn bollinger_bands_lie_so_many_deviations_around_the_mean(
        units in units(), period in 1u32..65, deviations in 0.1..5.0f64,
    ) {
        let mut bands = BollingerBands::new(period, deviations).unwrap();
        for end in 1..=units.len() {
            bands.update(units[end - 1] as f64 / UNITS);
            let window = last_window(&units[..end], period as usize);
            let (mean, width) = (exact_mean(window), deviations * exact_deviation(window, Divisor::Population));
            let got = bands.raw();
            prop_assert!(close_to(got.middle, mean), "{} is not {mean} after {end}", got.middle);
            let size = mean.abs().max(width);
            prop_assert!(close_within(got.upper, mean + width, size), "{got:?} after {end}");
            prop_assert!(close_within(got.lower, mean - width, size), "{got:?} after {end}");
            prop_assert_eq!(bands.value().is_some(), end >= period as usize);
        }
    }

    #[test]
    fn a_z_score_is_the_distance_from_the_mean_in_deviations(units in units(), period in 2u32..65) {
        let mut z = ZScore::period(period).unwrap();
        for end in 1..=units.len() {
            z.update(units[end - 1] as f64 / UNITS);
            let window = last_window(&units[..end], period as usize);
            let n = window.len() as i128;
            let sum: i128 = window.iter().map(|&u| i128::from(u)).sum();
            let distance = (n * i128::from(units[end - 1]) - sum) as f64 / (n as f64 * UNITS);
            let deviation = exact_deviation(window, Divisor::Population);
            let expected = if deviation == 0.0 { 0.0 } else { distance / deviation };
            prop_assert!(close_to(z.raw(), expected), "{} is not {expected} after {end}", z.raw());
            prop_assert_eq!(z.value().is_some(), end >= period as usize);
        }
    }

    #[test]
    fn the_largest_and_the_smallest_are_those_of_the_window(
        mut units in units(), period in 1u32..65, coarse in any::<bool>(),
    ) {
        if coarse {
            // Many equal values, and runs that only fall or only rise.
            units = units.into_iter().map(|u| u % 7 - 3).collect();
        }
        let (mut max, mut min) = (RollingMax::period(period).unwrap(), RollingMin::period(period).unwrap());
        for end in 1..=units.len() {
            let x = units[end - 1] as f64 / UNITS;
            max.update(x);
            min.update(x);
            let window = last_window(&units[..end], period as usize);
            let of = |u: Option<&i64>| *u.unwrap() as f64 / UNITS;
            prop_assert_eq!((max.raw(), min.raw()), (of(window.iter().max()), of(window.iter().min())));
            prop_assert_eq!((max.value().is_some(), min.value().is_some()), (end >= period as usize, end >= period as usize));
        }
    }
}

#[test]
fn extremes_of_runs_that_only_rise_or_only_fall_are_right_too() {
    let (mut max, mut min) = (RollingMax::period(3).unwrap(), RollingMin::period(3).unwrap());
    let rise_and_fall = (0..100).chain((0..100).rev()).map(f64::from);
    let xs: Vec<f64> = rise_and_fall.collect();
    for (end, &x) in (1..).zip(&xs) {
        max.update(x);
        min.update(x);
        let window = &xs[end.max(3) - 3..end];
        assert_eq!(max.raw(), window.iter().copied().fold(f64::MIN, f64::max));
        assert_eq!(min.raw(), window.iter().copied().fold(f64::MAX, f64::min));
    }
}

#[test]
fn a_value_among_its_equals_scores_nothing() {
    for x in [0.1, -61_800.1] {
        let mut z = ZScore::period(20).unwrap();
        (0..100).for_each(|_| z.update(x));
        assert_eq!(z.value(), Some(0.0), "{x}");
    }
}
