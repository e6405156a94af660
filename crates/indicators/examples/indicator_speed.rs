//! Nanoseconds a bar of EMA(14) and ATR(14) over a million bars, both read after each bar, with checked answers; and of
//! each indicator by columns.
//!
//! `cargo run --release -p tickwright-indicators --example indicator_speed [rounds]`
#![allow(clippy::disallowed_methods)]

#[path = "../tests/generated_bars/mod.rs"]
mod generated_bars;

use std::hint::black_box;
use std::time::Instant;

use generated_bars::{agrees, generated_bars, GeneratedBar, ATR_AFTER_A_MILLION, EMA_AFTER_A_MILLION};
use tickwright_indicators::{
    Atr, BollingerBands, Divisor, Ema, Indicator, Macd, RollingMax, RollingMin, RollingStd, RollingVwap, Rsi,
    SessionVwap, Sma, VolumeRatio, ZScore,
};

const BARS: usize = 1_000_000;

fn main() {
    let rounds = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(21);
    let bars = generated_bars(BARS);
    report("ema 14 + atr 14", rounds, || ema_and_atr(&bars));
    let close = |bar: &GeneratedBar, _| [bar.close];
    let of_period = "a period in range";
    each("ema 14", rounds, &bars, || Ema::period(14).expect(of_period), close);
    each("atr 14", rounds, &bars, || Atr::wilder(14).expect(of_period), |bar, _| [bar.high, bar.low, bar.close]);
    each("sma 50", rounds, &bars, || Sma::period(50).expect(of_period), close);
    each("rolling std 20", rounds, &bars, || RollingStd::period(20, Divisor::Population).expect(of_period), close);
    each("bollinger 20", rounds, &bars, || BollingerBands::new(20, 2.0).expect(of_period), close);
    each("z-score 20", rounds, &bars, || ZScore::period(20).expect(of_period), close);
    each("rolling min 50", rounds, &bars, || RollingMin::period(50).expect(of_period), close);
    each("rolling max 50", rounds, &bars, || RollingMax::period(50).expect(of_period), close);
    each("rsi 14", rounds, &bars, || Rsi::period(14).expect(of_period), close);
    each("macd 12 26 9", rounds, &bars, || Macd::new(12, 26, 9).expect(of_period), close);
    each("volume ratio 20", rounds, &bars, || VolumeRatio::new(1, 20).expect(of_period), |bar, _| [bar.high - bar.low]);
    let priced = |bar: &GeneratedBar, _| [bar.close, bar.high - bar.low];
    each("rolling vwap 50", rounds, &bars, || RollingVwap::period(50).expect(of_period), priced);
    let timed = |bar: &GeneratedBar, at| [at as f64 * 60e6, bar.close, bar.high - bar.low];
    each("session vwap", rounds, &bars, SessionVwap::daily, timed);
}

/// Times one indicator by columns, of what `inputs` takes of each bar and of its number.
fn each<const IN: usize, const OUT: usize, T: Indicator<IN, OUT>>(
    name: &str,
    rounds: usize,
    bars: &[GeneratedBar],
    make: impl Fn() -> T,
    inputs: impl Fn(&GeneratedBar, usize) -> [f64; IN],
) {
    let rows: Vec<[f64; IN]> = bars.iter().enumerate().map(|(at, bar)| inputs(bar, at)).collect();
    let columns: [Vec<f64>; IN] = std::array::from_fn(|k| rows.iter().map(|row| row[k]).collect());
    let out: [Vec<f64>; OUT] = std::array::from_fn(|_| vec![0.0; bars.len()]);
    let out = std::cell::RefCell::new(out);
    report(name, rounds, || {
        let mut out = out.borrow_mut();
        let columns = columns.each_ref().map(Vec::as_slice);
        make().update_many_into(columns, out.each_mut().map(Vec::as_mut_slice)).expect("columns of one length");
        black_box(&out);
    });
}

#[inline(never)]
fn ema_and_atr(bars: &[GeneratedBar]) {
    let (mut ema, mut atr) = (Ema::period(14).expect("14 is a period"), Atr::wilder(14).expect("14 is a period"));
    for bar in bars {
        ema.update(bar.close);
        atr.update(bar.high, bar.low, bar.close);
        black_box((ema.raw(), atr.raw()));
    }
    assert!(agrees(ema.raw(), EMA_AFTER_A_MILLION) && agrees(atr.raw(), ATR_AFTER_A_MILLION), "wrong answers");
}

/// Prints the first, least, median and worst round; a first round is what a single run gets.
fn report(name: &str, rounds: usize, run: impl Fn()) {
    let mut times: Vec<f64> = (0..rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_nanos() as f64 / BARS as f64
        })
        .collect();
    let first = times[0];
    times.sort_by(f64::total_cmp);
    let (least, median, worst) = (times[0], times[times.len() / 2], times[times.len() - 1]);
    println!("{name:<16} ns/bar: first {first:.2}, least {least:.2}, median {median:.2}, worst {worst:.2}");
}
