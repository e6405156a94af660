//! A million generated bars against answers that independent engines agreed on.

mod generated_bars;

use generated_bars::{agrees, generated_bars, ATR_AFTER_A_MILLION, EMA_AFTER_A_MILLION};
use tickwright_indicators::{Atr, Ema};

#[test]
fn a_million_bars_give_the_agreed_ema_and_atr() {
    let mut ema = Ema::period(14).unwrap();
    let (mut wilder, mut running) = (Atr::wilder(14).unwrap(), Atr::running(14).unwrap());
    for bar in generated_bars(1_000_000) {
        ema.update(bar.close);
        wilder.update(bar.high, bar.low, bar.close);
        running.update(bar.high, bar.low, bar.close);
    }
    assert!(agrees(ema.raw(), EMA_AFTER_A_MILLION), "{}", ema.raw());
    assert!(agrees(wilder.raw(), ATR_AFTER_A_MILLION), "{}", wilder.raw());
    assert!(agrees(running.raw(), ATR_AFTER_A_MILLION), "{}", running.raw());
}

#[test]
fn a_stream_of_quotes_is_averaged_from_its_first_record() {
    let (mut ema, mut atr) = (Ema::alpha(0.01).unwrap(), Atr::running(14).unwrap());
    let mut expected: Option<(f64, f64, f64)> = None;
    for bar in generated_bars(10_000) {
        let (bid, ask) = (bar.low, bar.high);
        let mid = f64::midpoint(bid, ask);
        let (ema_before, atr_before, mid_before) = expected.unwrap_or((mid, ask - bid, mid));
        let true_range = f64::max(ask, mid_before) - f64::min(bid, mid_before);
        let (mean, range) = (ema_before + (mid - ema_before) * 0.01, atr_before + (true_range - atr_before) / 14.0);
        expected = Some((mean, range, mid));
        ema.update(mid);
        atr.update(ask, bid, mid);
        assert!(agrees(ema.raw(), mean) && agrees(atr.raw(), range));
    }
}
