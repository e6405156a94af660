//! Once warm, a record costs no allocation: counted by an allocator of its own.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use support::driver::{Driver, Mode, MODES};
use support::trader::Trader;
use support::{bench_market, random_market};
use tickwright_engine::layout::{cell, status};
use tickwright_engine::{Every, Interests, Memory};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes on to the system's allocator unchanged; counting touches a cell of this thread only.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(at, layout, bytes) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs to the end; allocations inside the engine's calls after the first `warm` records, and the news read by then.
fn allocations(driver: &mut Driver, mode: Mode, warm: u64, mut act: impl FnMut(&mut Driver)) -> (usize, usize) {
    let (mut count, mut news) = (0, 0);
    loop {
        let before = COUNT.get();
        let memory = &mut Memory::new(&mut driver.cells);
        match mode {
            Mode::Step => driver.engine.step(memory),
            Mode::Frames => driver.engine.read_ahead(memory),
            Mode::Advance => driver.engine.advance(memory),
        }
        .expect("a good record");
        let word = memory.words(cell::HEAD).0;
        if driver.engine.records() > warm {
            count += COUNT.get() - before;
        }
        driver.drain();
        if driver.engine.records() > warm {
            news += driver.events.len();
        }
        driver.events.clear();
        if word & status::ACTION != 0 {
            act(driver);
        }
        if word & status::END != 0 {
            return (count, news);
        }
    }
}

/// Every 100th record: cancel what is open and quote at the touch.
fn requote(driver: &mut Driver) {
    driver.cancel_open();
    let (bid, ask) = (driver.cells[cell::BID], driver.cells[cell::ASK]);
    driver.submit(0, 1, bid, 1_000.0);
    driver.submit(1, 1, ask, 1_000.0);
}

const EXTRAS: &str = r#""check_margin":false,"sample_ms":1000,"markouts_ms":[1000,5000],"bars":[{"interval_ms":1000},{"ticks":10}],
    "entry_latency":{"kind":"fixed","ns":1000000},"response_latency":{"kind":"fixed","ns":1000000},"event_ring":64,
    "indicators":[{"name":"ema","kind":"ema","alpha":0.01,"on":"record"},{"name":"atr","kind":"atr","period":14},
                  {"name":"sma","kind":"sma","period":50},{"name":"std","kind":"std","period":50},
                  {"name":"bb","kind":"bollinger","period":20},{"name":"max","kind":"max","period":50},
                  {"name":"vwap","kind":"vwap","period":50},{"name":"rsi","kind":"rsi","period":14,"on":"bar"}]"#;

#[test]
fn two_hundred_thousand_records_with_quotes_and_fills_allocate_nothing() {
    let ticks = tickwright_engine::TickBlock::from(bench_market::ticks(400_000));
    for mode in MODES {
        for model in ["hft_no_partial", "conservative"] {
            let config = format!(r#"{{"instruments":[{}],"fill_model":"{model}",{EXTRAS}}}"#, bench_market::INSTRUMENT);
            let mut driver = Driver::new(&config, Interests { every: Every::Nth(100), ..Interests::default() });
            driver.load(ticks.clone());
            let (count, news) = allocations(&mut driver, mode, 200_000, requote);
            assert!(news > 10_000, "{mode:?}, {model}: only {news} entries, the ring of 64 must wrap");
            assert_eq!(count, 0, "{mode:?}, {model}");
        }
    }
}

#[test]
fn snapshots_gaps_and_every_kind_of_order_on_two_instruments_allocate_nothing() {
    let config = format!(r#"{{"instruments":[{}],{EXTRAS}}}"#, random_market::instruments(["a", "b"]));
    let mut driver = Driver::new(&config, Interests { every: Every::Nth(3), ..Interests::default() });
    // The second round is the first one again: whatever grows to its greatest length has done so.
    driver.engine.load_repeated(random_market::ticks(71, 30_000, 2).into(), 2);
    let mut trader = Trader::new(8);
    let (count, news) = allocations(&mut driver, Mode::Advance, 30_100, |driver| trader.act(driver));
    assert!(news > 5_000);
    assert_eq!(count, 0);
}
