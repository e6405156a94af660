//! The market maker's view of the recent price.

use proptest::prelude::*;
use tickwright_indicators::{Atr, Ema, Indicator, PriceBuffer, PriceBufferConfig, SECOND_NS};

const START_NS: i64 = 1_700_000_000 * SECOND_NS;

fn small() -> PriceBufferConfig {
    PriceBufferConfig { ema_period: 5, band_period: 3, max_carry_samples: 8, ..Default::default() }
}

/// A buffer that saw these mids at the begins of successive sample periods.
fn fed(config: PriceBufferConfig, mids: &[f64]) -> PriceBuffer {
    let mut buffer = PriceBuffer::new(config).unwrap();
    buffer.bootstrap((0..).map(|n| START_NS + n * 10 * SECOND_NS).zip(mids.iter().copied()));
    buffer
}

fn close_to(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-9 * expected.abs()
}

/// Everything that can be read.
fn readings(buffer: &PriceBuffer) -> [Option<f64>; 6] {
    [buffer.ema(), buffer.atr(), buffer.band_pct(), buffer.drift(), buffer.smoothed_drift(), buffer.mid()]
}

#[test]
fn an_empty_or_one_sample_buffer_has_no_drift() {
    assert_eq!(readings(&fed(small(), &[])), [None; 6]);
    let one = fed(small(), &[61_800.0]);
    assert_eq!((one.adverse_drift(), one.smoothed_drift(), one.mid()), (None, None, Some(61_800.0)));
}

#[test]
fn a_monotonic_series_gives_its_whole_move() {
    let rising = fed(small(), &[100.0, 100.2, 100.5, 101.0]);
    assert!(close_to(rising.adverse_drift().unwrap(), 0.01));
    let falling = fed(small(), &[100.0, 99.5, 99.0]);
    assert!(close_to(falling.drift().unwrap(), -0.01));
    assert!(close_to(falling.adverse_drift().unwrap(), 0.01));
}

#[test]
fn drift_looks_back_one_window_and_no_further() {
    let buffer = fed(small(), &[50.0, 100.0, 100.0, 100.0, 102.0]);
    assert!(close_to(buffer.drift().unwrap(), 0.02));
    let odd = PriceBufferConfig { drift_window_s: 31, ..small() };
    assert!(close_to(fed(odd, &[50.0, 100.0, 100.0, 100.0, 102.0]).drift().unwrap(), 1.04));
}

#[test]
fn the_average_of_a_constant_is_that_constant_and_its_band_nothing() {
    let buffer = fed(small(), &[61_800.1; 20]);
    assert_eq!(readings(&buffer)[..5], [Some(61_800.1), Some(0.0), Some(0.0), Some(0.0), Some(0.0)]);
}

#[test]
fn the_average_converges_to_a_constant_after_any_past() {
    let mids: Vec<f64> = [1.0, 9e5, 3.0].into_iter().chain(std::iter::repeat_n(61_800.0, 100)).collect();
    assert!(close_to(fed(small(), &mids).ema().unwrap(), 61_800.0));
}

#[test]
fn average_and_band_wait_for_their_warm_up() {
    let ready = |samples| {
        let buffer = fed(small(), &vec![100.0; samples]);
        (buffer.ema().is_some(), buffer.band_pct().is_some())
    };
    assert_eq!([3, 4, 5].map(ready), [(false, false), (false, true), (true, true)]);
}

#[test]
fn only_the_first_mid_of_a_period_is_sampled() {
    let mut buffer = PriceBuffer::new(small()).unwrap();
    assert!(buffer.on_mid(START_NS + 3 * SECOND_NS, 100.0));
    assert!(!buffer.on_mid(START_NS + 9_999_999_999, 150.0));
    assert_eq!(buffer.next_sample_ns(), START_NS + 10 * SECOND_NS);
    assert!(buffer.on_mid(START_NS + 10 * SECOND_NS, 101.0));
    assert!(close_to(buffer.drift().unwrap(), 0.01));
}

#[test]
fn silent_periods_repeat_the_mid_in_force() {
    let mut gap = PriceBuffer::new(small()).unwrap();
    gap.on_mid(START_NS, 100.0);
    gap.on_mid(START_NS + 5 * SECOND_NS, 101.0);
    gap.on_mid(START_NS + 35 * SECOND_NS, 103.0);
    assert_eq!(readings(&gap), readings(&fed(small(), &[100.0, 101.0, 101.0, 103.0])));
}

#[test]
fn a_silence_beyond_the_bound_starts_afresh() {
    let after_silent_periods = |silent: i64| {
        let mut buffer = fed(small(), &[100.0; 10]);
        buffer.on_mid(START_NS + (9 + 1 + silent) * 10 * SECOND_NS, 200.0);
        buffer
    };
    assert!(after_silent_periods(8).ema().is_some());
    assert_eq!(readings(&after_silent_periods(9)), readings(&fed(small(), &[200.0])));
}

#[test]
fn a_time_before_the_current_period_is_refused() {
    let mut buffer = fed(small(), &[100.0, 101.0]);
    assert!(!buffer.on_mid(START_NS + 9 * SECOND_NS, 500.0));
    assert_eq!(buffer.mid(), Some(101.0));
}

#[test]
fn the_ends_of_time_neither_wrap_nor_hang() {
    let mut buffer = PriceBuffer::new(small()).unwrap();
    for ts_ns in [i64::MIN, -1, 0, i64::MAX, i64::MAX - 100 * SECOND_NS] {
        buffer.on_mid(ts_ns, 100.0);
    }
    assert_eq!(buffer.mid(), Some(100.0));
}

#[test]
fn minute_bars_can_be_made_of_samples() {
    let config = PriceBufferConfig { bar_samples: 3, ema_period: 1, band_period: 1, ..small() };
    let buffer = fed(config, &[100.0, 104.0, 102.0, 103.0, 99.0, 101.0, 500.0]);
    assert_eq!((buffer.ema(), buffer.atr()), (Some(101.0), Some(4.0)));
    assert_eq!(buffer.band_pct(), Some(4.0 / 101.0));
}

#[test]
fn a_setting_out_of_range_is_named() {
    type Spoil = fn(&mut PriceBufferConfig);
    let cases: [(&str, Spoil); 7] = [
        ("sample_s", |c| c.sample_s = 0),
        ("drift_window_s", |c| c.drift_window_s = 86_401),
        ("bar_samples", |c| c.bar_samples = 0),
        ("max_carry_samples", |c| c.max_carry_samples = 0),
        ("ema period", |c| c.ema_period = 0),
        ("atr period", |c| c.band_period = 2_000_000),
        ("ema alpha", |c| c.drift_alpha = f64::NAN),
    ];
    for (name, spoil) in cases {
        let mut config = PriceBufferConfig::default();
        spoil(&mut config);
        let err = PriceBuffer::new(config).unwrap_err();
        assert!(err.to_string().contains(name), "{name}: {err}");
    }
}

/// Samples as the definition has them: at each period's begin the first mid of the period, else the one in force.
fn plain_samples(mids: &[(i64, f64)], sample_ns: i64) -> Vec<f64> {
    let period = |ts_ns: i64| ts_ns.div_euclid(sample_ns);
    let (first, last) = (period(mids[0].0), period(mids[mids.len() - 1].0));
    (first..=last)
        .map(|p| {
            let of_period = mids.iter().find(|(ts_ns, _)| period(*ts_ns) == p);
            let in_force = mids.iter().rev().find(|(ts_ns, _)| period(*ts_ns) < p);
            of_period.or(in_force).unwrap().1
        })
        .collect()
}

proptest! {
    #[test]
    fn a_buffer_reads_what_its_samples_say(
        steps in prop::collection::vec((0i64..25_000_000_000, 50_000.0..70_000.0f64), 1..150),
    ) {
        let mut ts_ns = START_NS;
        let mids: Vec<(i64, f64)> = steps.iter().map(|&(step_ns, mid)| { ts_ns += step_ns; (ts_ns, mid) }).collect();
        let mut buffer = PriceBuffer::new(small()).unwrap();
        buffer.bootstrap(mids.iter().copied());

        let samples = plain_samples(&mids, 10 * SECOND_NS);
        let last = samples[samples.len() - 1];
        let (mut ema, mut atr) = (Ema::period(5).unwrap(), Atr::wilder(3).unwrap());
        ema.update_many([&samples]).unwrap();
        for pair in samples.windows(2) {
            atr.update(pair[0].max(pair[1]), pair[0].min(pair[1]), pair[1]);
        }
        prop_assert_eq!(buffer.ema(), ema.value());
        prop_assert_eq!(buffer.band_pct(), atr.value().map(|range| range / last));
        let from = samples[samples.len().saturating_sub(4)];
        prop_assert_eq!(buffer.drift(), (samples.len() > 1).then_some((last - from) / from));
        prop_assert_eq!(buffer.mid(), mids.last().map(|m| m.1));
    }
}
