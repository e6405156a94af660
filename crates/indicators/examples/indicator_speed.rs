//! Nanoseconds a bar of EMA(14) and ATR(14) over a million bars, both read after each bar; checked answers.
//!
//! `cargo run --release -p tickwright-indicators --example indicator_speed [rounds]`
#![allow(clippy::disallowed_methods)]

#[path = "../tests/generated_bars/mod.rs"]
mod generated_bars;

use std::hint::black_box;
use std::time::Instant;

use generated_bars::{agrees, generated_bars, GeneratedBar, ATR_AFTER_A_MILLION, EMA_AFTER_A_MILLION};
use tickwright_indicators::{Atr, Divisor, Ema, RollingStd, Sma};

const BARS: usize = 1_000_000;

fn main() {
    let rounds = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(21);
    let bars = generated_bars(BARS);
    report("ema 14 + atr 14", rounds, || ema_and_atr(&bars));
    report("ema 14", rounds, || ema(&bars));
    report("atr 14", rounds, || atr(&bars));
    report("sma 50", rounds, || sma(&bars));
    report("rolling std 20", rounds, || rolling_std(&bars));
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

#[inline(never)]
fn ema(bars: &[GeneratedBar]) {
    let mut ema = Ema::period(14).expect("14 is a period");
    for bar in bars {
        ema.update(bar.close);
        black_box(ema.raw());
    }
}

#[inline(never)]
fn atr(bars: &[GeneratedBar]) {
    let mut atr = Atr::wilder(14).expect("14 is a period");
    for bar in bars {
        atr.update(bar.high, bar.low, bar.close);
        black_box(atr.raw());
    }
}

#[inline(never)]
fn sma(bars: &[GeneratedBar]) {
    let mut sma = Sma::period(50).expect("50 is a period");
    for bar in bars {
        sma.update(bar.close);
        black_box(sma.raw());
    }
}

#[inline(never)]
fn rolling_std(bars: &[GeneratedBar]) {
    let mut std = RollingStd::period(20, Divisor::Population).expect("20 is a period");
    for bar in bars {
        std.update(bar.close);
        black_box(std.raw());
    }
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
