use proptest::prelude::*;
use tickwright_indicators::{Atr, Divisor, Ema, Indicator, RollingStd, Sma};

use crate::streams::{
    bars, close_to, exact_deviation, exact_mean, last_window, true_ranges, units, weighted_mean, UNITS,
};

proptest! {
    #[test]
    fn an_sma_is_the_mean_of_its_window(units in units(), period in 1u32..65) {
        let mut sma = Sma::period(period).unwrap();
        for end in 1..=units.len() {
            sma.update(units[end - 1] as f64 / UNITS);
            let expected = exact_mean(last_window(&units[..end], period as usize));
            prop_assert!(close_to(sma.raw(), expected), "{} is not {expected} after {end}", sma.raw());
            prop_assert_eq!(sma.value().is_some(), end >= period as usize);
        }
    }

    #[test]
    fn a_deviation_is_that_of_its_window(units in units(), period in 2u32..65, sample in any::<bool>()) {
        let divisor = if sample { Divisor::Sample } else { Divisor::Population };
        let mut std = RollingStd::period(period, divisor).unwrap();
        for end in 1..=units.len() {
            std.update(units[end - 1] as f64 / UNITS);
            let expected = exact_deviation(last_window(&units[..end], period as usize), divisor);
            prop_assert!(close_to(std.raw(), expected), "{} is not {expected} after {end}", std.raw());
            prop_assert_eq!(std.value().is_some(), end >= period as usize);
        }
    }

    #[test]
    fn an_ema_is_the_mean_with_falling_weights(bars in bars(), period in 1u32..65) {
        let closes: Vec<f64> = bars.iter().map(|bar| bar.2).collect();
        let mut ema = Ema::period(period).unwrap();
        for end in 1..=closes.len() {
            ema.update(closes[end - 1]);
            let expected = weighted_mean(&closes[..end], 2.0 / (f64::from(period) + 1.0));
            prop_assert!(close_to(ema.raw(), expected), "{} is not {expected} after {end}", ema.raw());
            prop_assert_eq!(ema.value().is_some(), end >= period as usize);
        }
    }

    #[test]
    fn a_wilder_atr_is_the_mean_of_its_first_ranges_then_smoothed(bars in bars(), period in 1usize..65) {
        let mut atr = Atr::wilder(period as u32).unwrap();
        let ranges = true_ranges(&bars);
        for end in 1..=bars.len() {
            let (high, low, close) = bars[end - 1];
            atr.update(high, low, close);
            let seed_len = end.min(period);
            let seed = ranges[..seed_len].iter().sum::<f64>() / seed_len as f64;
            let smoothed: Vec<f64> = std::iter::once(seed).chain(ranges[seed_len..end].iter().copied()).collect();
            let expected = weighted_mean(&smoothed, 1.0 / period as f64);
            prop_assert!(close_to(atr.raw(), expected), "{} is not {expected} after {end}", atr.raw());
            prop_assert_eq!(atr.value().is_some(), end >= period);
        }
    }

    #[test]
    fn a_running_atr_is_smoothed_from_its_first_range(bars in bars(), period in 1u32..65) {
        let mut atr = Atr::running(period).unwrap();
        let ranges = true_ranges(&bars);
        for end in 1..=bars.len() {
            let (high, low, close) = bars[end - 1];
            atr.update(high, low, close);
            let expected = weighted_mean(&ranges[..end], 1.0 / f64::from(period));
            prop_assert!(close_to(atr.raw(), expected), "{} is not {expected} after {end}", atr.raw());
        }
    }
}

#[test]
fn sums_do_not_drift_over_a_million_values_far_from_zero() {
    let (mut sma, mut std) = (Sma::period(50).unwrap(), RollingStd::period(50, Divisor::Population).unwrap());
    let mut rng = tickwright_types::Rng::new(11);
    let units: Vec<i64> = (0..1_000_000).map(|_| (100_000 << 10) + i64::from(rng.next_u32() % 100)).collect();
    for &unit in &units {
        sma.update(unit as f64 / UNITS);
        std.update(unit as f64 / UNITS);
    }
    let window = last_window(&units, 50);
    assert!(close_to(sma.raw(), exact_mean(window)));
    assert!(close_to(std.raw(), exact_deviation(window, Divisor::Population)));
}

#[test]
fn a_constant_has_no_deviation_at_all() {
    for x in [0.1, 61_800.1, 1e-7, -123_456.789, 1e139] {
        let mut std = RollingStd::period(20, Divisor::Sample).unwrap();
        for _ in 0..100 {
            std.update(x);
        }
        assert_eq!(std.value(), Some(0.0), "{x}");
    }
}

#[test]
fn an_ema_stays_exactly_where_its_input_stays() {
    let mut ema = Ema::alpha(0.01).unwrap();
    ema.update_many([&[61_800.1; 1_000]]).unwrap();
    assert_eq!(ema.value(), Some(61_800.1));
}
