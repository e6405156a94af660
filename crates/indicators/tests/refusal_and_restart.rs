//! What every indicator does with numbers that are none, and after it was stored.

use serde::{de::DeserializeOwned, Serialize};
use tickwright_indicators::{
    Atr, BarAggregator, BarBuilder, BarConfig, Divisor, Ema, PriceBuffer, PriceBufferConfig, RollingStd, Sma,
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
    restarts(&BarBuilder::new(BarConfig::seconds(10)).unwrap(), |bars, n| {
        bars.on_trade(ts_ns(n), i64::from(n), 1).for_each(drop);
    });
    let minutes = BarAggregator::new(60 * SECOND_NS).unwrap();
    restarts(&minutes, |minutes, n| {
        let mut small = BarBuilder::new(BarConfig::seconds(4)).unwrap();
        small.on_mid(ts_ns(n), i64::from(n)).for_each(drop);
        minutes.on_bar(&small.flush().unwrap()).unwrap().for_each(drop);
    });
}

#[test]
fn a_reset_indicator_is_as_new() {
    let (mut sma, fresh) = (Sma::period(3).unwrap(), Sma::period(3).unwrap());
    sma.update_many(&[1.0, 2.0, 3.0, 4.0]);
    sma.reset();
    assert_eq!(state(&sma), state(&fresh));
}

#[test]
fn columns_of_different_lengths_are_refused_before_anything_is_taken() {
    let mut atr = Atr::wilder(2).unwrap();
    let before = state(&atr);
    let err = atr.update_many(&[2.0, 2.0], &[1.0, 1.0], &[1.5]).unwrap_err();
    assert_eq!(err.to_string(), "close has 1 values where the first column has 2: give columns of one length");
    assert_eq!(state(&atr), before);
    assert_eq!(Ema::period(2).unwrap().update_many_into(&[1.0], &mut []).unwrap_err().code(), "E_INDICATOR_COLUMNS");
}
