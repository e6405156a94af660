//! Each indicator against its definition, worked out afresh from the whole stream at every step.

use proptest::prelude::*;
use tickwright_indicators::{Atr, Divisor, Ema, RollingStd, Sma};

/// Values are whole numbers of 1/1024, which doubles hold exactly: definitions can be summed without rounding.
const UNITS: f64 = 1024.0;

/// Noise around a level, with jumps of the level and single outliers.
fn units() -> impl Strategy<Value = Vec<i64>> {
    let level = prop_oneof![Just(0i64), Just(100_000 << 10), Just(-(100_000 << 10)), 1i64..1 << 30];
    let step = prop_oneof![
        12 => Just((0i64, 0i64)),
        1 => (-(1i64 << 30)..1 << 30).prop_map(|jump| (jump, 0)),
        1 => (-(1i64 << 32)..1 << 32).prop_map(|outlier| (0, outlier)),
    ];
    (level, 64i64..1 << 20, prop::collection::vec((step, any::<i64>()), 1..300)).prop_map(|(level, noise, steps)| {
        let mut level = level;
        let mut value = |((jump, outlier), draw): ((i64, i64), i64)| {
            level = (level + jump).clamp(-(1 << 30), 1 << 30);
            level + outlier + draw.rem_euclid(noise)
        };
        steps.into_iter().map(&mut value).collect()
    })
}

/// Prices above 0 as highs, lows and closes, with gaps between the bars.
fn bars() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let bar = (1.0..2e5f64, 0.0..500.0f64, 0.0..=1.0f64);
    prop::collection::vec(bar, 1..200)
        .prop_map(|bars| bars.into_iter().map(|(low, range, at)| (low + range, low, low + range * at)).collect())
}

fn close_to(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-9 * expected.abs()
}

fn last_window(units: &[i64], period: usize) -> &[i64] {
    &units[units.len().saturating_sub(period)..]
}

fn exact_mean(window: &[i64]) -> f64 {
    window.iter().map(|&u| i128::from(u)).sum::<i128>() as f64 / (window.len() as f64 * UNITS)
}

fn exact_deviation(window: &[i64], divisor: Divisor) -> f64 {
    let n = window.len() as i128;
    let sum: i128 = window.iter().map(|&u| i128::from(u)).sum();
    let squares: i128 = window.iter().map(|&u| i128::from(u) * i128::from(u)).sum();
    let degrees = if divisor == Divisor::Sample { n - 1 } else { n };
    ((n * squares - sum * sum) as f64 / (n * degrees).max(1) as f64).sqrt() / UNITS
}

/// `(1 - a)^k x_0 + Σ a (1 - a)^(k - i) x_i`.
fn weighted_mean(xs: &[f64], alpha: f64) -> f64 {
    let last = xs.len() as i32 - 1;
    let weight = |i: i32| if i == 0 { (1.0 - alpha).powi(last) } else { alpha * (1.0 - alpha).powi(last - i) };
    xs.iter().zip(0..).map(|(x, i)| weight(i) * x).sum()
}

fn true_ranges(bars: &[(f64, f64, f64)]) -> Vec<f64> {
    let first = bars[0].0 - bars[0].1;
    let rest = bars.windows(2).map(|pair| {
        let (close_before, (high, low, _)) = (pair[0].2, pair[1]);
        (high - low).max((high - close_before).abs()).max((low - close_before).abs())
    });
    std::iter::once(first).chain(rest).collect()
}

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

    #[test]
    fn a_batch_gives_the_bits_of_single_updates(bars in bars(), period in 2u32..20) {
        let [highs, lows, closes]: [Vec<f64>; 3] =
            [bars.iter().map(|b| b.0).collect(), bars.iter().map(|b| b.1).collect(), bars.iter().map(|b| b.2).collect()];
        let mut out = vec![0.0; bars.len()];
        macro_rules! same_bits {
            ($new:expr, $update:expr, $batch:expr) => {
                let mut single = $new.unwrap();
                let expected: Vec<u64> = bars.iter().map(|bar| {
                    $update(&mut single, *bar);
                    single.value().unwrap_or(f64::NAN).to_bits()
                }).collect();
                $batch(&mut $new.unwrap(), &mut out).unwrap();
                prop_assert_eq!(out.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), expected);
            };
        }
        same_bits!(Ema::period(period), |i: &mut Ema, b: (f64, f64, f64)| i.update(b.2),
            |i: &mut Ema, out: &mut [f64]| i.update_many_into(&closes, out));
        same_bits!(Sma::period(period), |i: &mut Sma, b: (f64, f64, f64)| i.update(b.2),
            |i: &mut Sma, out: &mut [f64]| i.update_many_into(&closes, out));
        same_bits!(RollingStd::period(period, Divisor::Sample), |i: &mut RollingStd, b: (f64, f64, f64)| i.update(b.2),
            |i: &mut RollingStd, out: &mut [f64]| i.update_many_into(&closes, out));
        same_bits!(Atr::wilder(period), |i: &mut Atr, b: (f64, f64, f64)| i.update(b.0, b.1, b.2),
            |i: &mut Atr, out: &mut [f64]| i.update_many_into(&highs, &lows, &closes, out));
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
    ema.update_many(&[61_800.1; 1_000]);
    assert_eq!(ema.value(), Some(61_800.1));
}
