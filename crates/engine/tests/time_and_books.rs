//! When commands are in force and news is known, records that cannot be applied, and books that are not to be trusted.

mod support;

use support::bench_market::INSTRUMENT;
use support::driver::{Driver, Mode};
use support::random_market;
use support::records::{level, other, touch, trade};
use tickwright_engine::layout::{cell, instrument_cell, status, INSTRUMENTS_AT, INSTRUMENT_CELLS};
use tickwright_engine::{Every, Interests, Memory};
use tickwright_types::{flags, Tick, TickKind};

const ACCEPTED: u32 = 1;
const FILL: u32 = 3;
const EXPIRED: u32 = 5;
const IOC: u32 = 2;
const MS: i64 = 1_000_000;

fn every_record() -> Interests {
    Interests { every: Every::Record, ..Interests::default() }
}

fn driver_of(config: &str, ticks: Vec<Tick>) -> Driver {
    let mut driver = Driver::new(&format!("{{{config}}}"), every_record());
    driver.load(ticks.into());
    driver
}

/// One instrument, and the latencies given in ns; 0 for none at all.
fn driver(entry_ns: i64, response_ns: i64, ticks: Vec<Tick>) -> Driver {
    let leg = |ns: i64| if ns == 0 { r#"{"kind":"none"}"#.into() } else { format!(r#"{{"kind":"fixed","ns":{ns}}}"#) };
    let (entry, response) = (leg(entry_ns), leg(response_ns));
    driver_of(
        &format!(
            r#""instruments":[{INSTRUMENT}],"check_margin":false,"entry_latency":{entry},"response_latency":{response}"#
        ),
        ticks,
    )
}

/// Acts once after so many records and returns kind, order and known-at time of all news.
fn news_of(mut driver: Driver, after: u64, act: impl Fn(&mut Driver)) -> Vec<(u32, u32, i64)> {
    driver.run(
        Mode::Step,
        |driver| {
            if driver.engine.records() == after {
                act(driver);
            }
        },
        |_| {},
    );
    driver.news()
}

/// A book at time 1 000, and then a record of that venue time which takes the ask away.
fn ask_leaves_at(exch_ns: i64) -> Vec<Tick> {
    touch(1_000).into_iter().chain([level(5_000, exch_ns, 1, 101, 0), level(6_000, 6_000, 0, 98, 1)]).collect()
}

#[test]
fn a_command_is_in_force_from_the_first_record_later_than_its_arrival() {
    let take = |exch_ns| news_of(driver(100, 0, ask_leaves_at(exch_ns)), 2, |d| _ = d.submit(0, IOC, 101.0, 5.0));
    assert_eq!(take(1_101), [(ACCEPTED, 1, 5_000), (FILL, 1, 5_000)], "it arrived 1 ns before the ask left");
    assert_eq!(take(1_100), [(ACCEPTED, 1, 6_000), (EXPIRED, 1, 6_000)], "a record of the same venue time goes first");
    assert_eq!(take(1_099), [(ACCEPTED, 1, 6_000), (EXPIRED, 1, 6_000)]);
}

#[test]
fn without_latency_a_command_is_in_force_from_the_next_record() {
    for exch_ns in [1, 1_000, 5_000] {
        let news = news_of(driver(0, 0, ask_leaves_at(exch_ns)), 2, |d| _ = d.submit(0, IOC, 101.0, 5.0));
        assert_eq!(news, [(ACCEPTED, 1, 5_000), (FILL, 1, 5_000)], "venue time {exch_ns}");
    }
}

#[test]
fn news_comes_with_the_first_record_received_at_or_after_its_delay() {
    let seller_at = |late: i64| {
        let mut ticks = touch(1_000).to_vec();
        ticks.extend([level(2_000, 2_000, 0, 50, 1), trade(3_000, 2_900, 1, 98, 9)]);
        ticks.extend([level(3_000, 3_000, 0, 51, 1), level(late, late, 0, 52, 1), level(9_000, 9_000, 0, 53, 1)]);
        news_of(driver(0, 500, ticks), 2, |d| _ = d.submit(0, 1, 99.0, 5.0))
    };
    assert_eq!(seller_at(3_399), [(ACCEPTED, 1, 3_000), (FILL, 1, 9_000)], "1 ns too early");
    assert_eq!(seller_at(3_400), [(ACCEPTED, 1, 3_000), (FILL, 1, 3_400)], "2 900 + 500");
}

#[test]
fn venue_time_is_the_running_maximum_of_exchange_times() {
    let mut ticks = touch(1_000).to_vec();
    ticks.extend([level(2_000, 50_000, 0, 50, 1), trade(3_000, 900, 1, 98, 9), level(60_000, 60_000, 0, 51, 1)]);
    let mut driver = driver(100, 0, ticks);
    driver.run(
        Mode::Step,
        |d| {
            if d.engine.records() == 2 {
                _ = d.submit(0, 1, 99.0, 5.0);
            }
        },
        |_| {},
    );
    let venue_ns: Vec<_> = driver.events.iter().map(|entry| (entry[0] as u32, entry[9] as i64)).collect();
    assert_eq!(venue_ns, [(ACCEPTED, 1_100), (FILL, 50_000)], "the trade's own time, 900, lies in the past");
}

#[test]
fn requests_and_news_keep_their_order_under_random_delays() {
    let uniform = r#"{"kind":"uniform","min_ns":0,"max_ns":9000000}"#;
    let config = format!(
        r#""instruments":[{}],"check_margin":false,"entry_latency":{uniform},"response_latency":{uniform}"#,
        random_market::instruments(["v", "v"])
    );
    let mut driver = driver_of(&config, random_market::ticks(8, 4_000, 2));
    driver.run(Mode::Step, |d| _ = d.submit(0, 1, 1.0, 1.0), |_| {});
    let accepted: Vec<u32> = driver.news().iter().filter(|n| n.0 == ACCEPTED).map(|n| n.1).collect();
    assert!(accepted.len() > 3_900);
    assert!(accepted.iter().zip(1..).all(|(id, n)| *id == n));
    assert!(driver.news().is_sorted_by_key(|n| n.2));
}

#[test]
fn a_record_that_cannot_be_applied_is_an_error_and_stays() {
    let good = level(2_000, 2_000, 0, 98, 1);
    let level_like = |kind| Tick { kind: kind as u8, side: 2, ..good };
    let cases = [
        (Tick { recv_ns: 999, ..good }, "E_TIME_BACKWARDS", "record 2 was received at 999 ns, before the one ahead"),
        (Tick { instrument: 1, ..good }, "E_UNKNOWN_INSTRUMENT", "record 2 is of instrument 1, but the engine has 1"),
        (Tick { kind: 18, ..good }, "E_TICK_RECORD", "record 2 has kind 18; kinds are 0 to 17"),
        (Tick { side: 2, ..good }, "E_TICK_RECORD", "record 2 is a book level of side 2"),
        (Tick { side: 255, ..good }, "E_TICK_RECORD", "record 2 is a book level of side 255"),
        (level_like(TickKind::SnapshotLevel), "E_TICK_RECORD", "record 2 is a book level of side 2"),
        (level_like(TickKind::Quote), "E_TICK_RECORD", "record 2 is a book level of side 2"),
        (Tick { side: 2, flags: flags::GAP, ..good }, "E_TICK_RECORD", "record 2 is a book level of side 2"),
    ];
    for (bad, code, text) in cases {
        for mode in [Mode::Step, Mode::Frames, Mode::Advance] {
            let mut driver = driver(0, 0, touch(1_000).into_iter().chain([bad, good]).collect());
            driver.engine.set_interests(Interests { every: Every::Nth(100), ..Interests::default() }).unwrap();
            if mode == Mode::Step {
                driver.step().unwrap();
                driver.step().unwrap();
            }
            for call in 1..=3 {
                let memory = &mut Memory::new(&mut driver.cells);
                let result = match mode {
                    Mode::Step => driver.engine.step(memory),
                    Mode::Frames => driver.engine.read_ahead(memory),
                    Mode::Advance => driver.engine.advance(memory),
                };
                let error = result.unwrap_err();
                assert_eq!(error.code(), code, "{mode:?}, call {call}");
                assert!(error.to_string().starts_with(text), "{mode:?}, call {call}: {error}");
                assert_eq!(driver.engine.records(), 2, "{mode:?}, call {call}");
            }
            let books = driver.engine.books();
            assert_eq!((books.books[0].best_bid.as_str(), books.books[0].bid_levels), ("9.9", 1), "{code}");
            assert_eq!((books.books[0].gaps, books.books[0].state), (0, "LIVE"), "a refused record changes nothing");
        }
    }
}

fn states(driver: &mut Driver) -> Vec<&'static str> {
    let mut states = Vec::new();
    while driver.step().expect("a good record") & status::END == 0 {
        let books = driver.engine.books().books;
        let instrument = driver.instrument() as usize;
        assert_eq!(driver.word & status::LIVE != 0, books[instrument].state == "LIVE", "only LIVE is flagged");
        let known = ["EMPTY", "SYNCING", "LIVE", "STALE"];
        for (index, book) in books.iter().enumerate() {
            let at = INSTRUMENTS_AT + index * INSTRUMENT_CELLS + instrument_cell::STATE;
            assert_eq!(known[driver.cells[at].to_bits() as usize], book.state, "the block of instrument {index}");
        }
        states.push(books[0].state);
    }
    states
}

#[test]
fn a_gap_makes_the_book_stale_until_a_snapshot() {
    let mut ticks = touch(1_000).to_vec();
    ticks.push(Tick { flags: flags::GAP | flags::LAST, ..level(2_000, 2_000, 0, 98, 5) });
    ticks.push(level(3_000, 3_000, 0, 97, 5));
    let part =
        |kind, side, price_ticks, size_lots| Tick { side, price_ticks, size_lots, flags: 0, ..other(kind, 4_000) };
    ticks.push(part(TickKind::SnapshotBegin, 2, 0, 0));
    ticks.push(part(TickKind::SnapshotLevel, 0, 90, 7));
    ticks.push(part(TickKind::SnapshotLevel, 1, 110, 7));
    ticks.push(other(TickKind::SnapshotEnd, 4_000));
    let mut driver = driver(0, 0, ticks);
    assert_eq!(states(&mut driver), ["STALE", "LIVE", "STALE", "STALE", "STALE", "STALE", "STALE", "LIVE"]);
    let report = &driver.engine.books().books[0];
    assert_eq!((report.gaps, report.best_bid.as_str(), report.best_ask.as_str()), (1, "9", "11"));
    assert_eq!((report.bid_levels, report.ask_levels), (1, 1), "what went before is gone");
}

#[test]
fn a_silent_feed_is_stale_from_two_seconds_on_until_its_next_message() {
    let elsewhere = |recv_ns| Tick { instrument: 1, ..level(recv_ns, recv_ns, 0, 90, 1) };
    let mut ticks = touch(0).to_vec();
    ticks.extend([elsewhere(1_999 * MS), elsewhere(2_000 * MS), elsewhere(2_100 * MS)]);
    ticks.push(level(2_200 * MS, 2_200 * MS, 0, 98, 1));
    let mut driver = driver_of(&format!(r#""instruments":[{}]"#, random_market::instruments(["v", "v"])), ticks);
    assert_eq!(states(&mut driver), ["STALE", "LIVE", "LIVE", "STALE", "STALE", "LIVE"]);
}

#[test]
fn a_book_crossed_for_more_than_250_ms_is_stale_until_it_is_uncrossed() {
    let mut ticks = touch(0).to_vec();
    ticks.push(level(100 * MS, 100 * MS, 0, 102, 1));
    ticks.extend([350, 351, 400].map(|ms| level(ms * MS, ms * MS, 0, 50, ms)));
    ticks.push(level(500 * MS, 500 * MS, 0, 102, 0));
    let mut driver = driver(0, 0, ticks);
    assert_eq!(states(&mut driver), ["STALE", "LIVE", "LIVE", "LIVE", "STALE", "STALE", "LIVE"]);
    assert_eq!(driver.engine.books().books[0].crossed, 1);
}

#[test]
fn inside_a_message_the_book_may_be_crossed() {
    let crossing = Tick { flags: 0, ..level(2_000, 2_000, 0, 102, 1) };
    let ticks =
        touch(1_000).into_iter().chain([crossing, level(2_000, 2_000, 1, 101, 0), level(2_001, 2_001, 1, 103, 1)]);
    let mut driver = driver(0, 0, ticks.collect());
    assert_eq!(states(&mut driver), ["STALE", "LIVE", "LIVE", "STALE", "LIVE"]);
    assert_eq!(driver.engine.books().books[0].crossed, 0);
    assert_eq!(driver.cells[cell::BID], 102.0);
}

#[test]
fn a_limit_on_records_holds_once() {
    let mut driver = driver(0, 0, (0..20).map(|n| level(n, n, 0, 90, 1 + n)).collect());
    driver.engine.set_interests(Interests { every: Every::Nth(100), ..Interests::default() }).unwrap();
    for (limit, done) in [(Some(3), 3), (Some(1), 4), (Some(0), 5), (Some(u64::MAX), 20)] {
        driver.engine.stop_after(limit);
        let word = driver.advance().unwrap();
        assert_eq!((driver.engine.records(), word & status::LIMIT != 0), (done, done < 20), "{limit:?}");
    }
    assert_eq!(driver.advance().unwrap() & (status::LIMIT | status::END), status::END);
}
