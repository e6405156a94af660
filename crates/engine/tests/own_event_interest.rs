//! The interest in own events against its plain definition: the first record received at or after an event's delay.

mod support;

use std::collections::BTreeSet;

use support::driver::{Driver, Mode};
use support::random_market;
use tickwright_engine::layout::{cell, hit};
use tickwright_engine::{Every, Interests};
use tickwright_types::Tick;

const MS: i64 = 1_000_000;
/// Each way.
const LATENCY_NS: i64 = MS;
/// The runs act at every so many records, whatever else they stop for.
const ACTS_EVERY: u64 = 40;
/// Kinds of ring entries up to this one are news of own orders and funding.
const LARGEST_OWN: u32 = 9;

fn driver(interests: Interests, ticks: &[Tick]) -> Driver {
    let config = format!(
        r#"{{"instruments":[{}],"check_margin":false,
        "entry_latency":{{"kind":"fixed","ns":{LATENCY_NS}}},"response_latency":{{"kind":"fixed","ns":{LATENCY_NS}}}}}"#,
        random_market::instruments(["a", "a"])
    );
    let mut driver = Driver::new(&config, interests);
    driver.load(ticks.to_vec().into());
    driver
}

/// Records of distinct times, each 0.1 ms after the venue's: then an event's venue time names the record that made it.
fn spread_out(seed: u64) -> Vec<Tick> {
    let mut ticks = random_market::ticks(seed, 2_500, 2);
    for (at, tick) in ticks.iter_mut().enumerate() {
        tick.recv_ns += at as i64;
        tick.exch_ns = tick.recv_ns - MS / 10;
    }
    ticks
}

/// Quotes at the touch of the record's instrument at every [`ACTS_EVERY`]-th record, and nowhere else.
fn quote(driver: &mut Driver) {
    if !driver.engine.records().is_multiple_of(ACTS_EVERY) {
        return;
    }
    driver.cancel_open();
    for (side, at) in [(0, cell::BID), (1, cell::ASK)] {
        if !driver.cells[at].is_nan() {
            driver.submit_on(driver.instrument(), side, 0, driver.cells[at], 5.0);
        }
    }
}

#[test]
fn an_own_event_is_an_action_point_at_the_first_record_received_after_its_delay() {
    let mut events = 0;
    for seed in 0..12 {
        let ticks = spread_out(seed);
        let regular = Interests { every: Every::Nth(ACTS_EVERY), ..Interests::default() };
        let mut reference = driver(Interests { every: Every::Record, ..Interests::default() }, &ticks);
        reference.run(Mode::Step, quote, |_| {});
        let known = |venue_ns: i64| ticks.iter().position(|tick| tick.recv_ns >= venue_ns + LATENCY_NS);
        let own = reference.events.iter().filter(|entry| entry[0] as u32 <= LARGEST_OWN);
        let at: BTreeSet<u64> = own.filter_map(|entry| known(entry[9] as i64)).map(|at| at as u64).collect();
        let nth = |record: u64| (record + 1).is_multiple_of(ACTS_EVERY);
        let expected: Vec<u64> = (0..ticks.len() as u64).filter(|record| at.contains(record) || nth(*record)).collect();

        let interests = Interests { own_event: true, ..regular };
        let mut advancing = driver(interests.clone(), &ticks);
        let mut stops = Vec::new();
        advancing.run(
            Mode::Advance,
            |driver| {
                let record = driver.engine.records() - 1;
                assert_eq!(driver.word & hit::OWN != 0, at.contains(&record), "seed {seed}, record {record}");
                stops.push(record);
                quote(driver);
            },
            |_| {},
        );
        assert_eq!(stops, expected, "seed {seed}");
        assert!(advancing.events == reference.events);
        events += at.len();
    }
    assert!(events > 500, "only {events} records brought news");
}
