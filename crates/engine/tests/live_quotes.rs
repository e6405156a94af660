//! A live instrument is driven by its quotes until the first record of its book; orders that rest go on resting.

mod support;

use support::bench_market::INSTRUMENT;
use support::driver::Driver;
use support::random_market;
use support::records::{level, other, trade};
use tickwright_engine::layout::{cell, hit, status};
use tickwright_engine::{Every, Interests, LiveBooks};
use tickwright_types::{Tick, TickKind};

const FILL: u32 = 3;
const LIMIT: u32 = 0;

fn every_record() -> Interests {
    Interests { every: Every::Record, ..Interests::default() }
}

fn live(interests: Interests) -> Driver {
    let config = format!(r#"{{"instruments":[{INSTRUMENT}],"check_margin":false}}"#);
    let mut driver = Driver::new(&config, interests);
    driver.engine.go_live(100, LiveBooks::Await).unwrap();
    driver
}

fn quote(recv_ns: i64, bid: i64, ask: i64) -> [Tick; 2] {
    let one = |side, price| Tick { kind: TickKind::Quote as u8, ..level(recv_ns, recv_ns, side, price, 10) };
    [Tick { flags: 0, ..one(0, bid) }, one(1, ask)]
}

fn snapshot(recv_ns: i64, bid: i64, ask: i64) -> [Tick; 4] {
    let one = |side, price| Tick {
        kind: TickKind::SnapshotLevel as u8,
        flags: 0,
        ..level(recv_ns, recv_ns, side, price, 20)
    };
    let begin = Tick { flags: 0, ..other(TickKind::SnapshotBegin, recv_ns) };
    [begin, one(0, bid), one(1, ask), other(TickKind::SnapshotEnd, recv_ns)]
}

/// Pushes, lets the engine do all of it, and gives best bid and ask as the controller then sees them.
fn top_after(driver: &mut Driver, ticks: &[Tick]) -> (f64, f64) {
    driver.engine.push(ticks).unwrap();
    while driver.advance().unwrap() & status::IDLE == 0 {}
    driver.drain();
    (driver.cells[cell::BID], driver.cells[cell::ASK])
}

#[test]
fn quotes_make_the_book_of_a_live_instrument_and_fill_its_orders() {
    let mut driver = live(every_record());
    assert_eq!(top_after(&mut driver, &quote(10, 99, 101)), (99.0, 101.0));
    driver.submit(0, LIMIT, 101.0, 4.0);
    assert_eq!(top_after(&mut driver, &quote(20, 99, 102)), (99.0, 102.0));
    assert_eq!(driver.count(FILL), 1, "the buy takes at the quoted 101");
    assert_eq!(driver.engine.books().books[0].state, "LIVE");
}

#[test]
fn the_first_record_of_a_book_clears_what_the_quotes_made_and_later_quotes_are_only_looked_at() {
    let cases: [(&str, Vec<Tick>, (f64, f64)); 3] = [
        ("a snapshot", snapshot(20, 90, 110).to_vec(), (90.0, 110.0)),
        ("a delta of one side", vec![level(20, 20, 0, 90, 5)], (90.0, f64::NAN)),
        ("an order", vec![Tick { kind: TickKind::OrderAdd as u8, id: 7, ..level(20, 20, 0, 90, 5) }], (90.0, f64::NAN)),
    ];
    for (what, book, expected) in cases {
        let mut driver = live(every_record());
        top_after(&mut driver, &quote(10, 99, 101));
        let same = |top: (f64, f64)| (top.0.to_bits(), top.1.to_bits()) == (expected.0.to_bits(), expected.1.to_bits());
        assert!(same(top_after(&mut driver, &book)), "{what}");
        assert!(same(top_after(&mut driver, &quote(30, 95, 96))), "{what}: quotes beside a book change nothing");
    }
}

#[test]
fn where_it_is_said_what_makes_the_books_nothing_else_does() {
    let ticks = [&quote(10, 99, 101)[..], &snapshot(20, 90, 110), &quote(30, 95, 96)].concat();
    for (name, expected) in [("levels", (90.0, 110.0)), ("quotes", (95.0, 96.0)), ("await", (90.0, 110.0))] {
        let mut driver = live(every_record());
        driver.engine.go_live(100, LiveBooks::named(name).unwrap()).unwrap();
        assert_eq!(top_after(&mut driver, &ticks[..2]).0.is_nan(), name == "levels");
        assert_eq!(top_after(&mut driver, &ticks[2..]), expected, "{name}");
    }
    assert_eq!(LiveBooks::named("trades"), None);
}

#[test]
fn the_change_is_a_change_of_the_best_price_at_that_record() {
    let mut driver = live(Interests { every: Every::Never, best_price: true, ..Interests::default() });
    driver.engine.push(&quote(10, 99, 101)).unwrap();
    driver.engine.push(&[trade(15, 15, 0, 101, 1), level(20, 20, 0, 99, 10)]).unwrap();
    let mut at = Vec::new();
    while driver.advance().unwrap() & status::IDLE == 0 {
        assert_ne!(driver.word & hit::BEST, 0);
        at.push(driver.engine.records());
    }
    assert_eq!(at, [1, 2, 4], "bid, ask, and the delta that takes the quoted ask away");
}

#[test]
fn an_order_that_rests_on_quotes_joins_its_level_when_the_book_shows_it() {
    let mut driver = live(every_record());
    top_after(&mut driver, &quote(10, 99, 101));
    driver.submit(0, LIMIT, 97.0, 3.0);
    top_after(&mut driver, &quote(20, 99, 101));
    // 20 lots are shown at its price: it stands behind them.
    top_after(&mut driver, &snapshot(30, 97, 110));
    top_after(&mut driver, &[trade(40, 40, 1, 97, 20)]);
    assert_eq!(driver.count(FILL), 0);
    top_after(&mut driver, &[trade(50, 50, 1, 97, 2), trade(60, 60, 1, 97, 2)]);
    assert_eq!(driver.count(FILL), 2, "two lots of the first trade, one of the second");
    assert!(driver.live().is_empty());
}

#[test]
fn each_instrument_changes_by_itself_and_however_the_ticks_are_pushed() {
    let config = format!(r#"{{"instruments":[{}],"seed":4}}"#, random_market::instruments(["a", "b"]));
    let second = |ticks: &[Tick]| ticks.iter().map(|tick| Tick { instrument: 1, ..*tick }).collect::<Vec<_>>();
    let mut ticks = Vec::new();
    for round in 0..20 {
        let at = 100 * round;
        ticks.extend(quote(at, 99 - round % 3, 101 + round % 3));
        ticks.extend(second(&quote(at + 10, 199, 201 + round)));
        ticks.push(trade(at + 20, at + 20, 0, 101, 1));
        if round == 7 {
            ticks.extend(second(&snapshot(at + 30, 150, 250)));
        }
    }
    let outcome = |piece: usize| {
        let mut driver = Driver::new(&config, every_record());
        driver.engine.go_live(1_000, LiveBooks::Await).unwrap();
        let mut tops = Vec::new();
        for part in ticks.chunks(piece) {
            driver.engine.push(part).unwrap();
            while driver.advance().unwrap() & status::IDLE == 0 {
                tops.push([cell::BID, cell::ASK].map(|at| driver.cells[at].to_bits()));
            }
        }
        (tops, driver.reports())
    };
    let whole = outcome(ticks.len());
    let books = serde_json::from_str::<serde_json::Value>(&whole.1 .1).unwrap();
    assert_eq!(books["books"][0]["best_bid"], "49", "98 ticks of 0.5, by its last quote");
    assert_eq!(books["books"][1]["best_ask"], "125", "250 ticks, by its snapshot");
    for piece in [1, 2, 3, 7, 16] {
        assert!(outcome(piece) == whole, "in pieces of {piece}");
    }
}

#[test]
fn a_restored_live_engine_still_waits_for_the_book() {
    let mut saved = live(every_record());
    top_after(&mut saved, &quote(10, 99, 101));
    let bytes = saved.snapshot();
    let mut restored = live(every_record());
    let memory = &mut tickwright_engine::Memory::new(&mut restored.cells);
    restored.engine.restore(&bytes, memory).unwrap();
    assert_eq!(top_after(&mut restored, &quote(20, 98, 101)), (98.0, 101.0));
    assert_eq!(top_after(&mut restored, &snapshot(30, 90, 110)), (90.0, 110.0));
}

#[test]
fn a_queue_of_no_records_is_refused_and_the_engine_stays_as_it_was() {
    let mut driver = Driver::new(&format!(r#"{{"instruments":[{INSTRUMENT}]}}"#), every_record());
    driver.load(vec![trade(1, 1, 0, 5, 1)].into());
    assert_eq!(driver.engine.go_live(0, LiveBooks::Await).unwrap_err().code(), "E_CONFIG");
    assert_eq!(driver.step().unwrap() & (status::ACTION | status::IDLE), status::ACTION);
}
