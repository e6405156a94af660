//! What every indicator does with numbers that are none, and after it was stored.

use serde::{de::DeserializeOwned, Serialize};
use tickwright_indicators::{
    Atr, BarAggregator, BarBuilder, BarConfig, BarRule, BollingerBands, Divisor, Ema, Indicator, Macd, PriceBuffer,
    PriceBufferConfig, RollingMax, RollingMin, RollingStd, RollingVwap, Rsi, SessionVwap, Sma, VolumeRatio, ZScore,
    LARGEST_INPUT, SECOND_NS,
};

const NO_NUMBERS: [f64; 5] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -LARGEST_INPUT * 1.001];

/// Bytes of the state: NaN compares with itself there.
fn state(indicator: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(indicator).unwrap()
}

/// Checks that refused inputs leave no trace, before, during and after the warm-up.
fn refuses<T: Serialize>(mut indicator: T, mut update: impl FnMut(&mut T, f64), refused: &[f64]) {
    for step in 0..12 {
        let before = state(&indicator);
        for &x in refused {
            update(&mut indicator, x);
            assert_eq!(state(&indicator), before, "{x} after {step} values");
        }
        update(&mut indicator, 100.0 + f64::from(step));
        assert_ne!(state(&indicator), before);
    }
}

#[test]
fn what_is_no_number_changes_nothing() {
    refuses(Ema::period(5).unwrap(), Ema::update, &NO_NUMBERS);
    refuses(Sma::period(5).unwrap(), Sma::update, &NO_NUMBERS);
    refuses(RollingStd::period(5, Divisor::Sample).unwrap(), RollingStd::update, &NO_NUMBERS);
    for atr in [Atr::wilder(5).unwrap(), Atr::running(5).unwrap()] {
        refuses(atr.clone(), |atr, x| atr.update(x, 99.0, 100.0), &NO_NUMBERS);
        refuses(atr.clone(), |atr, x| atr.update(112.0, x - 10.0, 100.0), &NO_NUMBERS);
        refuses(atr, |atr, x| atr.update(112.0, 99.0, x), &NO_NUMBERS);
    }
    refuses(BollingerBands::new(5, 2.0).unwrap(), BollingerBands::update, &NO_NUMBERS);
    refuses(ZScore::period(5).unwrap(), ZScore::update, &NO_NUMBERS);
    refuses(RollingMin::period(5).unwrap(), RollingMin::update, &NO_NUMBERS);
    refuses(RollingMax::period(5).unwrap(), RollingMax::update, &NO_NUMBERS);
    refuses(Rsi::period(5).unwrap(), Rsi::update, &NO_NUMBERS);
    refuses(Macd::new(2, 5, 3).unwrap(), Macd::update, &NO_NUMBERS);
}

#[test]
fn what_is_no_trade_changes_nothing() {
    let mut no_sizes = NO_NUMBERS.to_vec();
    no_sizes.push(-1e-9);
    refuses(RollingVwap::period(5).unwrap(), |vwap, x| vwap.update(x, 1.0), &NO_NUMBERS);
    refuses(RollingVwap::period(5).unwrap(), |vwap, x| vwap.update(100.0, x), &no_sizes);
    refuses(SessionVwap::daily(), |vwap, x| vwap.update(0, x, 1.0), &NO_NUMBERS);
    refuses(SessionVwap::daily(), |vwap, x| vwap.update(0, 100.0, x), &no_sizes);
    refuses(SessionVwap::daily(), |vwap, x| vwap.take([x * 1e6, 100.0, 1.0]), &[f64::NAN, f64::INFINITY, 1e14, -1e14]);
    refuses(VolumeRatio::new(2, 5).unwrap(), VolumeRatio::update, &no_sizes);
}

#[test]
fn a_setting_out_of_range_is_named() {
    let faults = [
        (Rsi::period(0).map(drop), "rsi period is 0: give 1 to 1000000 updates"),
        (ZScore::period(1).map(drop), "z-score period is 1: give 2 to 1000000 updates"),
        (RollingMin::period(0).map(drop), "rolling min period is 0"),
        (RollingMax::period(1_000_001).map(drop), "rolling max period is 1000001"),
        (BollingerBands::new(0, 2.0).map(drop), "bollinger period is 0"),
        (
            BollingerBands::new(20, f64::NAN).map(drop),
            "bollinger deviations is NaN: give a number above 0 and up to 100",
        ),
        (Macd::new(26, 12, 9).map(drop), "macd fast period is 26: give less than the slow period"),
        (Macd::new(12, 26, 0).map(drop), "ema period is 0"),
        (RollingVwap::period(0).map(drop), "vwap period is 0"),
        (SessionVwap::sessions(0, 0).map(drop), "vwap session length_s is 0: give 1 to 604800 seconds (7 d)"),
        (SessionVwap::sessions(60, 60).map(drop), "vwap session offset_s is 60: give less than a session"),
        (VolumeRatio::new(5, 5).map(drop), "volume ratio recent period is 5: give less than the period"),
    ];
    for (fault, words) in faults {
        let error = fault.unwrap_err();
        assert_eq!(error.code(), "E_INDICATOR_SETTING");
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

#[test]
fn a_price_buffer_refuses_mids_that_are_no_prices() {
    let mut ts_ns = 0;
    let on_mid = |buffer: &mut PriceBuffer, mid: f64| {
        ts_ns += 5 * SECOND_NS;
        buffer.on_mid(ts_ns, mid);
    };
    let mut refused = NO_NUMBERS.to_vec();
    refused.extend([0.0, -0.0, -61_800.0]);
    refuses(PriceBuffer::new(PriceBufferConfig::default()).unwrap(), on_mid, &refused);
}

/// Checks that an indicator stored and loaded at any point goes on bit for bit.
fn restarts<T: Serialize + DeserializeOwned + Clone>(fresh: &T, update: impl Fn(&mut T, u32)) {
    for stop in 0..40 {
        let mut straight = fresh.clone();
        (0..stop).for_each(|n| update(&mut straight, n));
        let mut restored: T = postcard::from_bytes(&state(&straight)).unwrap();
        for n in stop..stop + 40 {
            update(&mut straight, n);
            update(&mut restored, n);
            assert_eq!(state(&straight), state(&restored), "stored after {stop}, at {n}");
        }
    }
}

#[test]
fn a_stored_indicator_goes_on_bit_for_bit() {
    let price = |n: u32| 61_800.0 + f64::from(n * 7_919 % 100) / 10.0;
    let ts_ns = |n: u32| i64::from(n) * 4 * SECOND_NS;
    restarts(&Ema::period(9).unwrap(), |ema, n| ema.update(price(n)));
    restarts(&Sma::period(9).unwrap(), |sma, n| sma.update(price(n)));
    restarts(&RollingStd::period(9, Divisor::Population).unwrap(), |std, n| std.update(price(n)));
    restarts(&Atr::wilder(9).unwrap(), |atr, n| atr.update(price(n) + 1.0, price(n) - 1.0, price(n)));
    let buffer = PriceBuffer::new(PriceBufferConfig { ema_period: 9, band_period: 5, ..Default::default() }).unwrap();
    restarts(&buffer, |buffer, n| {
        buffer.on_mid(ts_ns(n), price(n));
    });
    for rule in [BarRule::seconds(10), BarRule::Ticks { count: 3 }, BarRule::Volume { lots: 4 }] {
        restarts(&BarBuilder::new(BarConfig::of(rule)).unwrap(), |bars, n| {
            bars.on_trade(ts_ns(n), i64::from(n), 1).for_each(drop);
        });
    }
    let minutes = BarAggregator::new(60 * SECOND_NS).unwrap();
    restarts(&minutes, |minutes, n| {
        let mut small = BarBuilder::new(BarConfig::seconds(4)).unwrap();
        small.on_mid(ts_ns(n), i64::from(n)).for_each(drop);
        minutes.on_bar(&small.flush().unwrap()).unwrap().for_each(drop);
    });
}

/// Calls a check with each indicator of one number, and of several.
macro_rules! each_indicator {
    ($check:ident) => {
        $check(&Ema::period(9).unwrap());
        $check(&Sma::period(9).unwrap());
        $check(&RollingStd::period(9, Divisor::Population).unwrap());
        $check(&BollingerBands::new(9, 2.0).unwrap());
        $check(&ZScore::period(9).unwrap());
        $check(&RollingMin::period(9).unwrap());
        $check(&RollingMax::period(9).unwrap());
        $check(&Rsi::period(9).unwrap());
        $check(&Macd::new(3, 9, 4).unwrap());
        $check(&VolumeRatio::new(2, 9).unwrap());
        $check(&RollingVwap::period(9).unwrap());
        $check(&SessionVwap::sessions(30, 0).unwrap());
        $check(&Atr::wilder(9).unwrap());
    };
}

/// Rows that every indicator takes: the first number rises and is a time, a price, a high.
fn rows<const INPUTS: usize>() -> Vec<[f64; INPUTS]> {
    let row = |n: u32| [f64::from(n) * 2e6, f64::from(n * 7_919 % 100) + 1.0, f64::from(n % 4)];
    (0..80).map(|n| std::array::from_fn(|k| row(n)[k])).collect()
}

#[test]
fn a_stored_indicator_of_any_kind_goes_on_bit_for_bit() {
    fn check<const IN: usize, const OUT: usize, T>(fresh: &T)
    where
        T: Indicator<IN, OUT> + Clone + Serialize + DeserializeOwned,
    {
        let rows = rows::<IN>();
        restarts(fresh, |indicator, n| indicator.take(rows[n as usize]));
    }
    each_indicator!(check);
}

#[test]
fn a_reset_indicator_is_as_new() {
    fn check<const IN: usize, const OUT: usize, T: Indicator<IN, OUT> + Clone + Serialize>(fresh: &T) {
        let mut used = fresh.clone();
        for row in rows() {
            used.take(row);
        }
        assert_ne!(state(&used), state(fresh));
        used.reset();
        assert_eq!(state(&used), state(fresh));
    }
    each_indicator!(check);
}

#[test]
fn columns_give_what_rows_give() {
    fn check<const IN: usize, const OUT: usize, T: Indicator<IN, OUT> + Clone + Serialize>(fresh: &T) {
        let rows = rows::<IN>();
        let columns: [Vec<f64>; IN] = std::array::from_fn(|k| rows.iter().map(|row| row[k]).collect());
        let mut out: [Vec<f64>; OUT] = std::array::from_fn(|_| vec![0.0; rows.len()]);
        let (mut singly, mut by_columns, mut without_out) = (fresh.clone(), fresh.clone(), fresh.clone());
        by_columns
            .update_many_into(columns.each_ref().map(Vec::as_slice), out.each_mut().map(Vec::as_mut_slice))
            .unwrap();
        without_out.update_many(columns.each_ref().map(Vec::as_slice)).unwrap();
        let mut ready = false;
        for (at, row) in rows.into_iter().enumerate() {
            singly.take(row);
            for (column, value) in out.iter().zip(singly.outputs()) {
                assert_eq!(column[at].to_bits(), value.to_bits());
                ready |= !value.is_nan();
            }
        }
        assert!(ready, "the whole stream was warm-up");
        assert_eq!((state(&by_columns), state(&without_out)), (state(&singly), state(&singly)));
        let short = [&[][..]; IN];
        let mut one = [[0.0]; OUT];
        let err = by_columns.update_many_into(short, one.each_mut().map(|out| &mut out[..])).unwrap_err();
        assert_eq!(err.code(), "E_INDICATOR_COLUMNS");
    }
    each_indicator!(check);
}

#[test]
fn columns_of_different_lengths_are_refused_before_anything_is_taken() {
    let mut atr = Atr::wilder(2).unwrap();
    let before = state(&atr);
    let err = atr.update_many([&[2.0, 2.0], &[1.0, 1.0], &[1.5]]).unwrap_err();
    assert_eq!(err.to_string(), "close has 1 values where the first column has 2: give columns of one length");
    assert_eq!(state(&atr), before);
}
