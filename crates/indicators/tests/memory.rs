//! An indicator allocates when it is made and never again. Counted by an allocator of its own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use tickwright_indicators::{
    Atr, BarAggregator, BarBuilder, BarConfig, BarRule, BollingerBands, Divisor, Ema, Indicator, Macd, RollingMax,
    RollingMin, RollingStd, RollingVwap, Rsi, SessionVwap, Sma, VolumeRatio, ZScore, SECOND_NS,
};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes on to the system's allocator unchanged; counting touches a cell of this thread only.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

/// Feeds 10 000 rows, a reset, and as many again.
fn feeds<const IN: usize, const OUT: usize>(mut indicator: impl Indicator<IN, OUT>) {
    let mut sum = 0.0;
    let count = allocations(|| {
        for n in 0..20_000_u32 {
            if n == 10_000 {
                indicator.reset();
            }
            let values = [f64::from(n) * 1e6, f64::from(n * 7_919 % 100) + 1.0, f64::from(n % 4)];
            indicator.take(std::array::from_fn(|k| values[k]));
            sum += indicator.outputs()[OUT - 1].max(0.0);
        }
    });
    assert!(sum > 0.0, "it was never ready");
    assert_eq!(count, 0);
}

#[test]
fn no_update_of_any_indicator_allocates() {
    assert!(allocations(|| drop(Sma::period(50))) > 0, "the counter counts");
    feeds(Ema::period(50).unwrap());
    feeds(Sma::period(50).unwrap());
    feeds(RollingStd::period(50, Divisor::Population).unwrap());
    feeds(BollingerBands::new(50, 0.1).unwrap());
    feeds(ZScore::period(50).unwrap());
    feeds(RollingMin::period(50).unwrap());
    feeds(RollingMax::period(50).unwrap());
    feeds(Rsi::period(14).unwrap());
    feeds(Macd::new(12, 26, 9).unwrap());
    feeds(VolumeRatio::new(1, 50).unwrap());
    feeds(RollingVwap::period(50).unwrap());
    feeds(SessionVwap::daily());
    feeds(Atr::wilder(14).unwrap());
}

#[test]
fn no_bar_allocates() {
    let rules = [BarRule::seconds(1), BarRule::Ticks { count: 7 }, BarRule::Volume { lots: 7 }];
    for rule in rules.into_iter().chain([BarRule::Notional { tick_lots: 700 }]) {
        let mut bars = BarBuilder::new(BarConfig::of(rule)).unwrap();
        let mut minutes = BarAggregator::new(60 * SECOND_NS).unwrap();
        let (mut small, mut large) = (0, 0);
        let count = allocations(|| {
            for n in 0..10_000 {
                for bar in bars.on_trade(n * SECOND_NS / 3, 100 + n % 9, 1) {
                    small += 1;
                    large += minutes.on_bar(&bar).map_or(0, Iterator::count);
                }
            }
        });
        assert!(small > 1_000 && large > 0, "{small} small bars, {large} large ones");
        assert_eq!(count, 0, "{rule:?}");
    }
}
