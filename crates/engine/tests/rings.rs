//! The rings between engine and controller: they wrap, they say when they are full, and they lose nothing.

mod support;

use support::bench_market;
use support::driver::{Driver, Mode, MODES};
use support::records::{level, touch};
use support::trader::Trader;
use tickwright_engine::layout::{cell, status};
use tickwright_engine::{Every, Interests, Memory};
use tickwright_types::Tick;

const ACCEPTED: u32 = 1;
const CANCELLED: u32 = 4;

fn config(rings: usize) -> String {
    format!(
        r#"{{"instruments":[{}],"check_margin":false,"command_ring":{rings},"event_ring":{rings}}}"#,
        bench_market::INSTRUMENT
    )
}

fn every(every: Every) -> Interests {
    Interests { every, ..Interests::default() }
}

/// A book and then that many levels far from it, a microsecond apart.
fn quiet(count: i64) -> Vec<Tick> {
    let far = (0..count).map(|n| level(2_000 + n * 1_000, 2_000 + n * 1_000, 0, 50, 1 + n));
    touch(1_000).into_iter().chain(far).collect()
}

fn words(driver: &mut Driver, at: usize) -> (u32, u32) {
    Memory::new(&mut driver.cells).words(at)
}

#[test]
fn a_small_ring_that_wraps_tells_the_same_as_a_large_one() {
    let run = |rings: usize| {
        let mut driver = Driver::new(&config(rings), every(Every::Nth(5)));
        driver.load(bench_market::ticks(6_000).into());
        let mut trader = Trader::new(1);
        driver.run(Mode::Advance, |driver| trader.act(driver), |_| {});
        let written = words(&mut driver, cell::EVENTS).0 as usize;
        assert_eq!(written, driver.events.len());
        driver.events
    };
    let large = run(4096);
    assert!(large.len() > 20 * 32, "the ring of 32 goes round only {} times", large.len() / 32);
    assert!(run(32) == large);
}

#[test]
fn ring_counters_pass_two_to_the_thirty_two() {
    let mut driver = Driver::new(&config(16), every(Every::Nth(2)));
    driver.load(quiet(200).into());
    for at in [cell::EVENTS, cell::COMMANDS] {
        Memory::new(&mut driver.cells).set_words(at, u32::MAX - 20, u32::MAX - 20);
    }
    driver.run(Mode::Advance, |driver| _ = driver.submit(0, 1, 60.0, 1.0), |_| {});
    assert_eq!(driver.count(ACCEPTED), 100);
    assert_eq!(words(&mut driver, cell::EVENTS), (79, 79));
    assert_eq!(words(&mut driver, cell::COMMANDS), (80, 80));
}

#[test]
fn a_ring_that_is_half_full_asks_to_be_drained_and_calls_nobody() {
    for mode in MODES {
        let mut driver = Driver::new(&config(16), every(Every::Nth(1_000)));
        driver.load(quiet(20).into());
        (0..8).for_each(|n| _ = driver.submit(0, 1, 60.0 + f64::from(n), 1.0));
        let memory = &mut Memory::new(&mut driver.cells);
        let call = match mode {
            Mode::Step => driver.engine.step(memory),
            Mode::Frames => driver.engine.read_ahead(memory),
            Mode::Advance => driver.engine.advance(memory),
        };
        call.expect("a good record");
        let word = memory.words(cell::HEAD).0;
        assert_eq!(word & (status::DRAIN | status::EVENTS), status::DRAIN | status::EVENTS, "{mode:?}");
        assert_eq!(word & status::ACTION, 0, "{mode:?}");
        assert_eq!((driver.engine.records(), words(&mut driver, cell::EVENTS)), (1, (8, 0)), "{mode:?}");
    }
    let mut driver = Driver::new(&config(16), every(Every::Nth(1_000)));
    driver.load(quiet(20).into());
    (0..7).for_each(|n| _ = driver.submit(0, 1, 60.0 + f64::from(n), 1.0));
    assert_eq!(driver.step().expect("a record") & status::DRAIN, 0, "seven of sixteen");
}

#[test]
fn more_news_at_one_record_than_the_ring_holds_comes_whole_and_in_order() {
    for mode in MODES {
        let interests = if mode == Mode::Step { every(Every::Record) } else { every(Every::Nth(1)) };
        let mut driver = Driver::new(&config(16), interests);
        driver.load(quiet(300).into());
        let (mut sent, mut most) = (0, 0);
        driver.run(
            mode,
            |driver| match driver.live() {
                // Fourteen orders a record, until there are 98.
                _ if sent < 98 => (0..14).for_each(|_| sent = driver.submit(0, 1, 60.0, 1.0)),
                live if live.len() == 98 && live.iter().all(|(_, state)| *state == 2) => {
                    most = live.len();
                    // All cancels reach the venue with the next record but the ring of commands holds only 16.
                    live.chunks(16).for_each(|some| {
                        for (id, _) in some {
                            driver.cancel(*id);
                        }
                        let memory = &mut Memory::new(&mut driver.cells);
                        driver.engine.snapshot(memory).expect("commands are taken out of their ring");
                    });
                }
                _ => {}
            },
            |_| {},
        );
        assert_eq!(most, 98, "{mode:?}");
        let ids = |kind: u32| driver.news().into_iter().filter(|n| n.0 == kind).map(|n| n.1).collect::<Vec<_>>();
        assert_eq!((ids(ACCEPTED), ids(CANCELLED)), ((1..=98).collect(), (1..=98).collect()), "{mode:?}");
        assert_eq!((driver.live(), driver.engine.books().undelivered_events), (vec![], 0), "{mode:?}");
    }
}

#[test]
fn news_that_nobody_reads_waits_at_the_venue() {
    let mut driver = Driver::new(&config(16), every(Every::Record));
    driver.load(quiet(10).into());
    for _ in 0..3 {
        (0..12).for_each(|_| _ = driver.submit(0, 1, 60.0, 1.0));
        driver.step().expect("a record");
    }
    assert_eq!(words(&mut driver, cell::EVENTS), (16, 0), "the ring is full and nothing in it is overwritten");
    assert_eq!(driver.engine.books().undelivered_events, 20);
    while driver.step().expect("a record") & status::END == 0 {
        driver.drain();
    }
    driver.drain();
    assert_eq!(driver.count(ACCEPTED), 36);
}

#[test]
fn event_counters_that_make_no_sense_read_as_a_full_ring() {
    let mut driver = Driver::new(&config(16), every(Every::Record));
    driver.load(quiet(10).into());
    driver.submit(0, 1, 60.0, 1.0);
    Memory::new(&mut driver.cells).set_words(cell::EVENTS, 5, 9);
    assert_ne!(driver.step().expect("a record") & status::DRAIN, 0);
    assert_eq!((words(&mut driver, cell::EVENTS), driver.engine.books().undelivered_events), ((5, 9), 1));
}

#[test]
fn what_is_on_its_way_when_a_run_ends_is_counted_both_ways() {
    let delays = r#"{"entry_latency":{"kind":"fixed","ns":1500},"response_latency":{"kind":"fixed","ns":1500},"#;
    let mut driver = Driver::new(&config(16).replacen('{', delays, 1), every(Every::Record));
    driver.load(quiet(10).into());
    driver.run(Mode::Step, |driver| _ = driver.submit(0, 1, 60.0, 1.0), |_| {});
    let books = driver.engine.books();
    let places = [books.undelivered_requests, books.undelivered_events, driver.count(ACCEPTED) as u64];
    assert_eq!(places, [2, 1, 9], "orders that left, are being answered and are known, of twelve");
}

#[test]
fn more_commands_than_the_ring_holds_are_an_error_and_none_of_them_is_sent() {
    let mut driver = Driver::new(&config(16), every(Every::Record));
    driver.load(quiet(10).into());
    (0..17).for_each(|_| _ = driver.submit(0, 1, 60.0, 1.0));
    let error = driver.step().unwrap_err();
    assert_eq!((error.code(), driver.engine.records()), ("E_COMMAND", 0));
    assert_eq!(error.to_string(), "command ring: 17 commands in a ring of 16");
    (0..16).for_each(|_| _ = driver.submit(0, 1, 60.0, 1.0));
    driver.step().expect("the engine lives on, and a full ring is no error");
    driver.drain();
    assert_eq!(driver.count(ACCEPTED), 16);
}

#[test]
fn a_malformed_command_is_an_error_and_those_around_it_are_sent() {
    let limit_buy = 0u32;
    let cases = [
        ("a price that is no number", 0, 1, 7, limit_buy, f64::NAN, 1.0),
        ("an infinite price", 0, 1, 7, limit_buy, f64::INFINITY, 1.0),
        ("half a tick", 0, 1, 7, limit_buy, 60.5, 1.0),
        ("more than 2^53 lots", 0, 1, 7, limit_buy, 60.0, 1e300),
        ("half a lot", 0, 1, 7, limit_buy, 60.0, 0.5),
        ("an unknown operation", 0, 9, 7, limit_buy, 60.0, 1.0),
        ("no operation", 0, 0, 7, limit_buy, 60.0, 1.0),
        ("a third side", 0, 1, 7, 2, 60.0, 1.0),
        ("an unknown order type", 0, 1, 7, 8 << 8, 60.0, 1.0),
        ("an order whose conditions are missing", 0, 1, 7, 1 << 16, 60.0, 1.0),
        ("the order id 0", 0, 1, 0, limit_buy, 60.0, 1.0),
        ("a live order's id", 0, 1, 100, limit_buy, 60.0, 1.0),
        ("a slot taken by another order", 0, 1, 100 + 4096, limit_buy, 60.0, 1.0),
        ("an instrument that is not there", 1, 1, 7, limit_buy, 60.0, 1.0),
        ("an amendment to no price", 0, 2, 100, 0, f64::NAN, 1.0),
    ];
    for (what, instrument, op, id, side_and_type, price, size) in cases {
        let mut driver = Driver::new(&config(16), every(Every::Record));
        driver.load(quiet(10).into());
        driver.command(1, 100, limit_buy, 60.0, 1.0);
        driver.command_on(instrument, op, id, side_and_type, price, size);
        driver.command(1, 101, limit_buy, 61.0, 1.0);
        let error = driver.step().unwrap_err();
        assert_eq!((error.code(), driver.engine.records()), ("E_COMMAND", 0), "{what}: {error}");
        driver.step().expect("the engine lives on");
        driver.drain();
        let live: Vec<u32> = driver.live().iter().map(|(id, _)| *id).collect();
        assert_eq!(live, [100, 101], "{what}");
    }
}

#[test]
fn commands_for_orders_that_are_over_are_counted_and_change_nothing() {
    let mut driver = Driver::new(&config(16), every(Every::Record));
    driver.load(quiet(10).into());
    driver.cancel(5);
    driver.amend(6, 60.0, 1.0);
    driver.step().expect("late, not wrong");
    driver.drain();
    assert_eq!((driver.engine.books().late_commands, driver.events.len()), (2, 0));
}
