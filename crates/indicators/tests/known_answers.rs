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
