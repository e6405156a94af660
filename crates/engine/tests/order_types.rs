//! Stops, links and dates through the command ring, and every state that a controller sees on the way.

mod support;

use support::bench_market;
use support::driver::{Conditions, Driver, MODES};
use support::records::{level, other, touch, trade};
use tickwright_engine::{Every, Interests};
use tickwright_types::{Tick, TickKind};

const ACCEPTED: u32 = 1;
const FILL: u32 = 3;
const CANCELLED: u32 = 4;
const EXPIRED: u32 = 5;
const TRIGGERED: u32 = 10;
const UNANSWERED: u32 = 11;
const STATUS: u32 = 12;

const STOP_MARKET: u32 = 5;
const STOP_LIMIT: u32 = 6;
const TRAILING: u32 = 7;
const REDUCE_ONLY: u32 = 1 << 17;
const REDUCE_GROUP: u32 = 1 << 20;

/// States as the block has them: one more than their number.
const PENDING_NEW: u32 = 1;
const OPEN: u32 = 2;
const PENDING_AMEND: u32 = 5;
const PENDING_CANCEL: u32 = 6;
const UNKNOWN: u32 = 10;

fn config(more: &str) -> String {
    format!(r#"{{"instruments":[{}],"check_margin":false{more}}}"#, bench_market::INSTRUMENT)
}

fn every_record() -> Interests {
    Interests { every: Every::Record, ..Interests::default() }
}

/// 99 bid, 101 asked, then those records 1 µs apart, then some that say nothing.
fn market(records: &[Tick]) -> Vec<Tick> {
    let quiet = (0..8).map(|n| level(0, 0, 0, 50, 1 + n));
    let all = touch(0).into_iter().chain(records.iter().copied()).chain(quiet);
    all.enumerate().map(|(n, tick)| Tick { recv_ns: 1_000 * n as i64, exch_ns: 1_000 * n as i64, ..tick }).collect()
}

/// Runs in every mode, with one decision at the second record; the news is the same in each.
fn news(records: &[Tick], act: impl Fn(&mut Driver)) -> Vec<(u32, u32, i64)> {
    let mut heard = Vec::new();
    for mode in MODES {
        let mut driver = Driver::new(&config(""), every_record());
        driver.load(market(records).into());
        let mut calls = 0;
        driver.run(
            mode,
            |driver| {
                calls += 1;
                if calls == 2 {
                    act(driver);
                }
            },
            |_| {},
        );
        heard.push(driver.news());
    }
    assert!(heard.windows(2).all(|pair| pair[0] == pair[1]), "{heard:?}");
    heard.remove(0)
}

fn kinds(news: &[(u32, u32, i64)], id: u32) -> Vec<u32> {
    news.iter().filter(|entry| entry.1 == id).map(|entry| entry.0).collect()
}

#[test]
fn a_stop_sent_through_the_ring_waits_fires_and_fills() {
    let trades = [trade(0, 0, 1, 98, 1), trade(0, 0, 1, 97, 1)];
    let heard = news(&trades, |driver| {
        let at = |trigger| Conditions { trigger, ..Conditions::default() };
        driver.submit_with(0, 1 | STOP_MARKET << 8, 0.0, 5.0, &at(98.0));
        driver.submit_with(0, 1 | STOP_LIMIT << 8, 99.0, 5.0, &at(97.0));
        driver.submit_with(0, 1 | TRAILING << 8, 4.0, 5.0, &at(0.0));
    });
    assert_eq!(kinds(&heard, 1), [ACCEPTED, TRIGGERED, FILL]);
    assert_eq!(kinds(&heard, 2), [ACCEPTED, TRIGGERED, FILL]);
    assert_eq!(kinds(&heard, 3), [ACCEPTED], "four ticks below the bid of 99 nobody traded");
}

#[test]
fn a_bracket_sent_through_the_ring_leaves_nothing_behind() {
    let trades = [trade(0, 0, 0, 101, 1), trade(0, 0, 0, 110, 50)];
    let heard = news(&trades, |driver| {
        let entry = driver.submit(0, 3, 0.0, 5.0);
        let exit = |trigger| Conditions { parent: entry, group: entry + 1, trigger, ..Conditions::default() };
        driver.submit_with(0, 1 | REDUCE_ONLY | REDUCE_GROUP, 105.0, 5.0, &exit(0.0));
        driver.submit_with(0, 1 | STOP_MARKET << 8 | REDUCE_ONLY | REDUCE_GROUP, 0.0, 5.0, &exit(90.0));
    });
    assert_eq!(kinds(&heard, 1), [ACCEPTED, FILL]);
    assert_eq!(kinds(&heard, 2), [ACCEPTED, FILL]);
    assert_eq!(kinds(&heard, 3), [ACCEPTED, CANCELLED]);
}

#[test]
fn a_dated_order_ends_at_its_time_without_any_record_of_its_own() {
    let heard = news(&[], |driver| {
        let until = Conditions { until: 5.0, ..Conditions::default() };
        driver.submit_with(0, 0, 95.0, 5.0, &until);
    });
    assert_eq!(heard, [(ACCEPTED, 1, 2_000), (EXPIRED, 1, 5_000)]);
}

#[test]
fn a_trigger_can_be_moved_while_the_stop_waits() {
    let mut driver = Driver::new(&config(""), every_record());
    driver.load(market(&[trade(0, 0, 1, 97, 1), trade(0, 0, 1, 96, 1)]).into());
    let mut calls = 0;
    let act = |driver: &mut Driver| {
        calls += 1;
        match calls {
            1 => {
                let at = Conditions { trigger: 97.0, ..Conditions::default() };
                driver.submit_with(0, 1 | STOP_MARKET << 8, 0.0, 5.0, &at);
            }
            2 => driver.command(5, 1, 0, 96.0, 0.0),
            _ => {}
        }
    };
    driver.run(MODES[0], act, |_| {});
    let heard: Vec<_> = driver.news().iter().map(|entry| (entry.0, entry.2)).collect();
    assert_eq!(heard, [(ACCEPTED, 1_000), (6, 2_000), (TRIGGERED, 3_000), (FILL, 4_000)]);
}

#[test]
fn a_controller_sees_each_state_while_its_request_is_on_the_way() {
    let latency = r#","entry_latency":{"kind":"fixed","ns":500},"response_latency":{"kind":"fixed","ns":1500}"#;
    let mut driver = Driver::new(&config(latency), every_record());
    driver.load(market(&[]).into());
    let mut seen = Vec::new();
    let act = |driver: &mut Driver| {
        seen.push(driver.live().first().map_or(0, |(_, state)| *state));
        match seen.len() {
            1 => _ = driver.submit(0, 0, 95.0, 5.0),
            4 => driver.amend(1, 94.0, 5.0),
            7 => driver.cancel(1),
            _ => {}
        }
    };
    driver.run(MODES[0], act, |_| {});
    let expected = [0, PENDING_NEW, OPEN, OPEN, PENDING_AMEND, OPEN, OPEN, PENDING_CANCEL, 0, 0];
    assert_eq!(seen, expected);
}

#[test]
fn an_order_without_an_answer_is_unknown_until_a_query_tells_how_it_stands() {
    let faults = r#","faults":[{"fault":{"kind":"lost_ack","timeout_ns":2000}}]"#;
    let mut driver = Driver::new(&config(faults), every_record());
    driver.load(market(&[]).into());
    let mut seen = Vec::new();
    let act = |driver: &mut Driver| {
        seen.push(driver.live().first().map_or(0, |(_, state)| *state));
        match seen.len() {
            1 => _ = driver.submit(0, 0, 95.0, 5.0),
            5 => driver.command(6, 1, 0, 0.0, 0.0),
            _ => {}
        }
    };
    driver.run(MODES[0], act, |_| {});
    assert_eq!(seen[..6], [0, PENDING_NEW, PENDING_NEW, UNKNOWN, UNKNOWN, OPEN]);
    assert_eq!(kinds(&driver.news(), 1), [UNANSWERED, STATUS]);
}

#[test]
fn a_fill_that_is_told_twice_counts_once_and_is_reported() {
    let faults = r#","faults":[{"fault":{"kind":"duplicate_fill"}}]"#;
    let mut driver = Driver::new(&config(faults), every_record());
    driver.load(market(&[]).into());
    let mut calls = 0;
    let act = |driver: &mut Driver| {
        calls += 1;
        if calls == 2 {
            driver.submit(0, 3, 0.0, 5.0);
        }
    };
    driver.run(MODES[0], act, |_| {});
    assert_eq!(kinds(&driver.news(), 1), [ACCEPTED, FILL]);
    assert_eq!(driver.engine.books().duplicate_fills, 1);
    assert_eq!(driver.engine.ledger().instruments[0].position_lots, "5");
}

#[test]
fn conditions_that_belong_to_no_order_are_refused() {
    for (before, after) in [((0, 0.0), 1 << 16), ((4, 0.5), 1 << 16)] {
        let mut driver = Driver::new(&config(""), every_record());
        driver.load(market(&[]).into());
        driver.step().expect("a record");
        if before.0 == 4 {
            driver.command(4, 1, 0, before.1, 0.0);
        }
        driver.command(1, 1, after, 95.0, 5.0);
        assert_eq!(driver.step().unwrap_err().code(), "E_COMMAND");
    }
}

/// The four records of a bar, all at one time.
fn bar(ns: i64, prices: [i64; 4]) -> Vec<Tick> {
    let kinds = [TickKind::BarOpen, TickKind::BarHigh, TickKind::BarLow, TickKind::BarClose];
    let of = |(kind, price_ticks)| Tick { price_ticks, size_lots: 1_000, ..other(kind, ns) };
    kinds.into_iter().zip(prices).map(of).collect()
}

#[test]
fn a_tape_of_bars_fills_along_the_path_that_the_config_names() {
    let ticks: Vec<Tick> =
        [bar(1_000, [100, 101, 99, 100]), bar(2_000, [106, 110, 95, 100]), bar(3_000, [100; 4])].concat();
    for (path, kinds_of_target, kinds_of_stop) in [
        ("stop_first", vec![ACCEPTED, CANCELLED], vec![ACCEPTED, TRIGGERED, FILL]),
        ("adaptive_ohlc", vec![ACCEPTED, FILL], vec![ACCEPTED, CANCELLED]),
    ] {
        let mut driver = Driver::new(&config(&format!(r#","bar_path":"{path}""#)), every_record());
        driver.load(ticks.clone().into());
        let mut calls = 0;
        let act = |driver: &mut Driver| {
            calls += 1;
            if calls == 4 {
                let entry = driver.submit(0, 3, 0.0, 5.0);
                let exit = |trigger| Conditions { parent: entry, group: entry + 1, trigger, ..Conditions::default() };
                driver.submit_with(0, 1 | REDUCE_GROUP, 108.0, 5.0, &exit(0.0));
                driver.submit_with(0, 1 | STOP_MARKET << 8 | REDUCE_GROUP, 0.0, 5.0, &exit(97.0));
            }
        };
        driver.run(MODES[2], act, |_| {});
        let heard = driver.news();
        assert_eq!(kinds(&heard, 1), [ACCEPTED, FILL]);
        assert_eq!(kinds(&heard, 2), kinds_of_target, "{path}");
        assert_eq!(kinds(&heard, 3), kinds_of_stop, "{path}");
    }
}
