use proptest::prelude::*;
use tickwright_indicators::{RollingVwap, SessionVwap, VolumeRatio, SECOND_NS};

use crate::streams::{exact_vwap, same, trades, UNITS};

fn some(x: f64) -> Option<f64> {
    (!x.is_nan()).then_some(x)
}

/// The mean of the last volumes, exactly.
fn mean_volume(trades: &[(i64, i64)], period: u32) -> f64 {
    let window = &trades[trades.len().saturating_sub(period as usize)..];
    window.iter().map(|&(_, size)| i128::from(size)).sum::<i128>() as f64 / (window.len() as f64 * UNITS)
}

proptest! {
    #[test]
    fn a_rolling_vwap_is_money_over_volume_of_its_window(trades in trades(), period in 1u32..65) {
        let mut vwap = RollingVwap::period(period).unwrap();
        for end in 1..=trades.len() {
            let (price, size) = trades[end - 1];
            vwap.update(price as f64 / UNITS, size as f64 / UNITS);
            let expected = exact_vwap(&trades[end.saturating_sub(period as usize)..end]);
            prop_assert!(same(some(vwap.raw()), expected), "{} is not {expected:?} after {end}", vwap.raw());
            prop_assert_eq!(vwap.value().is_some(), end >= period as usize && expected.is_some());
        }
    }

    #[test]
    fn a_session_vwap_is_money_over_volume_since_the_session_began(
        trades in trades(), pauses_s in prop::collection::vec(0i64..5_000, 300), offset_s in 0u32..3_600,
    ) {
        let mut vwap = SessionVwap::sessions(3_600, offset_s).unwrap();
        let session = |ts_ns: i64| (ts_ns - i64::from(offset_s) * SECOND_NS).div_euclid(3_600 * SECOND_NS);
        let (mut ts_ns, mut times) = (-50_000 * SECOND_NS, Vec::new());
        for (end, (&(price, size), pause_s)) in (1..).zip(trades.iter().zip(pauses_s)) {
            ts_ns += pause_s * SECOND_NS;
            times.push(ts_ns);
            vwap.update(ts_ns, price as f64 / UNITS, size as f64 / UNITS);
            let begin = times.iter().position(|&before_ns| session(before_ns) == session(ts_ns)).unwrap();
            let expected = exact_vwap(&trades[begin..end]);
            prop_assert!(same(vwap.value(), expected), "{:?} is not {expected:?} after {end}", vwap.value());
        }
    }

    #[test]
    fn a_volume_ratio_is_recent_volume_over_the_usual(trades in trades(), recent in 1u32..20, further in 1u32..40) {
        let usual = recent + further;
        let mut ratio = VolumeRatio::new(recent, usual).unwrap();
        for end in 1..=trades.len() {
            ratio.update(trades[end - 1].1 as f64 / UNITS);
            let usually = mean_volume(&trades[..end], usual);
            let expected = (usually > 0.0).then(|| mean_volume(&trades[..end], recent) / usually);
            prop_assert!(same(some(ratio.raw()), expected), "{} is not {expected:?} after {end}", ratio.raw());
            prop_assert_eq!(ratio.value().is_some(), end >= usual as usize && expected.is_some());
        }
    }

    #[test]
    fn nothing_remains_of_sizes_that_doubles_do_not_hold(
        sizes in prop::collection::vec((1e-3..1.0f64, 0i32..10), 1..60), period in 2u32..20,
    ) {
        let (mut vwap, mut ratio) = (RollingVwap::period(period).unwrap(), VolumeRatio::new(1, period).unwrap());
        let sizes = sizes.into_iter().map(|(size, digits)| size * 10f64.powi(digits));
        for size in sizes.chain(std::iter::repeat_n(0.0, period as usize)) {
            prop_assert!(vwap.value().is_none_or(|price| (price - 61_800.1).abs() < 1e-9), "{:?}", vwap.value());
            vwap.update(61_800.1, size);
            ratio.update(size);
            prop_assert!(size > 0.0 || ratio.value().is_none_or(|ratio| ratio == 0.0), "{:?}", ratio.value());
        }
        prop_assert_eq!((vwap.value(), ratio.value()), (None, None));
    }
}

#[test]
fn a_price_of_a_session_that_is_over_changes_nothing() {
    let mut vwap = SessionVwap::daily();
    vwap.update(86_400 * SECOND_NS, 100.0, 1.0);
    vwap.update(86_399 * SECOND_NS, 500.0, 9.0);
    assert_eq!(vwap.value(), Some(100.0));
    vwap.update(2 * 86_400 * SECOND_NS, 90.0, 0.0);
    assert_eq!(vwap.value(), None, "a new session without volume has no price");
}
