//! A feed that fails on demand: what the books notice, and that it fails in the same places again.

mod support;

use support::driver::{Driver, MODES};
use support::random_market;
use support::records::{level, touch};
use tickwright_engine::{EngineConfig, Every, Interests};
use tickwright_types::Tick;

const MS: i64 = 1_000_000;

fn config(faults: &str) -> String {
    format!(r#"{{"instruments":[{}],"seed":5,"feed_faults":[{faults}]}}"#, random_market::instruments(["v", "v"]))
}

fn every_record() -> Interests {
    Interests { every: Every::Record, ..Interests::default() }
}

/// A touch, then one level a millisecond for five seconds.
fn steady() -> Vec<Tick> {
    let levels = (1..5_000).map(|n| level(n * MS, n * MS, 0, 50, 1 + n % 7));
    touch(0).into_iter().chain(levels).collect()
}

/// The receive times of the records that come through, and the report of the books.
fn received(faults: &str, ticks: &[Tick]) -> (Vec<i64>, String) {
    let runs: Vec<_> = MODES
        .map(|mode| {
            let mut driver = Driver::new(&config(faults), every_record());
            driver.load(ticks.to_vec().into());
            let mut times = Vec::new();
            driver.run(mode, |_| {}, |frame| times.push(frame[1] as i64));
            (times, driver.reports().1)
        })
        .into();
    assert!(runs.windows(2).all(|pair| pair[0].1 == pair[1].1));
    assert_eq!(runs[0].0, runs[1].0);
    runs.into_iter().next().unwrap()
}

#[test]
fn a_stale_feed_is_silent_for_its_time_and_its_book_says_so() {
    let (times, books) = received(r#"{"fault":{"kind":"stale"},"from_ms":1000,"until_ms":4000}"#, &steady());
    assert_eq!(times.len(), 2 + 999 + 1_000);
    assert!(times.iter().all(|us| !(1_000_000..4_000_000).contains(us)));
    let (_, quiet) = received("", &steady());
    assert_ne!(books, quiet, "three seconds of silence are more than two");
}

#[test]
fn a_lost_message_shows_as_a_gap_in_the_next_one() {
    let faults = r#"{"fault":{"kind":"gap"},"share":"0.01","from_ms":1}"#;
    let (times, books) = received(faults, &steady());
    let lost = 5_001 - times.len();
    assert!((20..90).contains(&lost), "{lost} of 5 000 messages");
    let gaps: usize = books.split(r#""gaps":"#).nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!(gaps > lost * 8 / 10 && gaps <= lost, "{gaps} gaps of {lost} lost messages");
    assert_eq!(received(faults, &steady()).0, times, "the same messages are lost again");
}

#[test]
fn a_wrong_checksum_is_counted_and_nothing_is_lost() {
    let (times, books) = received(r#"{"fault":{"kind":"bad_checksum"},"share":"0.01","from_ms":1}"#, &steady());
    assert_eq!(times.len(), 5_001);
    let bad: Vec<usize> = books
        .split(r#""bad_checksums":"#)
        .skip(1)
        .map(|text| text.split(['}', ',']).next().unwrap().parse().unwrap())
        .collect();
    assert!((20..90).contains(&bad[0]) && bad[1] == 0, "{bad:?}");
}

#[test]
fn a_delayed_feed_keeps_the_order_of_its_records() {
    let (times, _) = received(r#"{"fault":{"kind":"delay","ns":500000000},"from_ms":1000,"until_ms":2000}"#, &steady());
    assert!(times.is_sorted());
    assert_eq!(times[2 + 998], 999_000);
    assert_eq!(times[2 + 999], 1_500_000);
    // What comes at once after the delay waits behind what was delayed.
    assert_eq!(times[2 + 2_000], 2_499_000);
    assert_eq!(times[2 + 2_998], 2_999_000);
}

#[test]
fn a_fault_of_one_instrument_leaves_the_other_alone() {
    let ticks = random_market::ticks(9, 4_000, 2);
    let second = ticks.iter().filter(|tick| tick.instrument == 1).count();
    let (times, _) = received(r#"{"fault":{"kind":"stale"},"instrument":"AAA"}"#, &ticks);
    assert_eq!(times.len(), second);
}

#[test]
fn feed_faults_that_cannot_be_are_refused() {
    for bad in [
        r#"{"fault":{"kind":"gap"},"share":"0"}"#,
        r#"{"fault":{"kind":"gap"},"share":"1.5"}"#,
        r#"{"fault":{"kind":"gap"},"instrument":"ZZZ"}"#,
        r#"{"fault":{"kind":"stale"},"from_ms":5,"until_ms":5}"#,
        r#"{"fault":{"kind":"delay","ns":0}}"#,
    ] {
        let config = EngineConfig::from_json(&config(bad)).unwrap();
        let mut cells = vec![0.0; config.layout().unwrap().cells];
        let error =
            tickwright_engine::Engine::new(config, &mut tickwright_engine::Memory::new(&mut cells)).unwrap_err();
        assert_eq!(error.code(), "E_CONFIG", "{bad}: {error}");
    }
}
