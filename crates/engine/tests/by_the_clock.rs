//! What happens at a time and not at a record: intervals, samples, markouts and the ends of bars, all on tape time.

mod support;

use support::bench_market::{self, INSTRUMENT};
use support::driver::{Driver, Entry, Mode, MODES};
use support::random_market;
use support::records::{level, touch, trade};
use support::trader::Trader;
use tickwright_engine::layout::cell;
use tickwright_engine::{Every, Interests};
use tickwright_types::Tick;

const FILL: u32 = 3;
const SAMPLE: u32 = 20;
const MARKOUT: u32 = 21;
const BAR: u32 = 22;
const MS: i64 = 1_000_000;

fn interests() -> Interests {
    Interests { every: Every::Record, ..Interests::default() }
}

fn driver(extra: &str, ticks: Vec<Tick>) -> Driver {
    let config = format!(r#"{{"instruments":[{INSTRUMENT}],"check_margin":false{extra}}}"#);
    let mut driver = Driver::new(&config, interests());
    driver.load(ticks.into());
    driver
}

fn of_kind(driver: &Driver, kind: u32) -> Vec<Entry> {
    driver.events.iter().filter(|entry| entry[0] as u32 == kind).copied().collect()
}

fn number(bits: u64) -> f64 {
    f64::from_bits(bits)
}

/// A level far from the touch at that time.
fn beat(ms: i64) -> Tick {
    level(ms * MS, ms * MS, 0, 50, 1 + ms)
}

#[test]
fn an_interval_begins_with_the_first_record_at_or_after_each_multiple() {
    for mode in MODES {
        let mut driver = driver("", [3, 9, 10, 11, 19, 21, 22, 55, 60, 60, 69, 71].map(beat).to_vec());
        let never = Interests { every: Every::Never, interval_ns: 10 * MS, ..Interests::default() };
        driver.engine.set_interests(never).unwrap();
        let mut at = Vec::new();
        driver.run(mode, |driver| at.push(driver.cells[cell::TS_US] / 1_000.0), |_| {});
        assert_eq!(at, [10.0, 21.0, 55.0, 60.0, 71.0], "{mode:?}");
    }
}

#[test]
fn samples_are_taken_once_an_interval_before_the_record_that_reaches_it() {
    let ask = |ms: i64, price| [level(ms * MS, ms * MS, 1, price, 1), level(ms * MS, ms * MS, 1, price - 2, 0)];
    let mut ticks = touch(0).to_vec();
    ticks.extend(ask(9, 103));
    ticks.extend(ask(20, 105));
    ticks.extend([beat(29), beat(31), beat(40), beat(40), beat(75)]);
    let mut driver = driver(r#","sample_ms":10"#, ticks);
    driver.run(Mode::Step, |_| {}, |_| {});
    let samples = of_kind(&driver, SAMPLE);
    let seen: Vec<(i64, f64)> = samples.iter().map(|s| (s[8] as i64 / MS, number(s[13]))).collect();
    assert!(seen[0].0 == 0 && seen[0].1.is_nan(), "nothing is known before the first record");
    // At 20 ms the ask still stands at 103: the mid is 10.1 in units of price.
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let wanted = [(20, 10.1), (31, 10.2), (40, 10.2), (75, 10.2)];
    assert_eq!(seen.len(), 1 + wanted.len(), "{seen:?}");
    assert!(seen[1..].iter().zip(wanted).all(|(s, w)| s.0 == w.0 && near(s.1, w.1)), "{seen:?}");
}

#[test]
fn the_equity_identity_holds_in_every_sample() {
    let config = format!(
        r#"{{"instruments":[{}],"deposits":{{"USD":"100000"}},"sample_ms":5}}"#,
        random_market::instruments(["a", "b"])
    );
    let mut driver = Driver::new(&config, interests());
    driver.load(random_market::ticks(31, 6_000, 2).into());
    let mut trader = Trader::new(2);
    driver.run(Mode::Advance, |driver| trader.act(driver), |_| {});
    let samples = of_kind(&driver, SAMPLE);
    assert!(samples.len() > 200 && driver.count(FILL) > 500);
    for sample in samples {
        // Each instrument has a venue and thus an account to itself.
        let [realized, unrealized, fees, funding] = [3, 4, 5, 6].map(|cell| number(sample[cell]));
        let accounted = 100_000.0 + realized + unrealized - fees + funding;
        let equity = number(sample[12]);
        assert!((accounted - equity).abs() < 1e-6, "{accounted} against {equity}");
    }
}

#[test]
fn a_fill_is_looked_at_again_after_each_horizon() {
    let mut ticks = touch(1_000).to_vec();
    ticks.push(trade(10 * MS, 10 * MS, 1, 98, 9)); // fills the bid at 99
    ticks.extend([beat(900), level(999 * MS, 999 * MS, 1, 101, 0), level(999 * MS, 999 * MS, 1, 105, 1)]);
    ticks.extend([beat(1_009), beat(1_010), beat(1_011)]);
    ticks.extend([level(4_000 * MS, 4_000 * MS, 0, 99, 0), beat(5_009), beat(6_000), beat(7_000)]);
    let mut driver = driver(r#","markouts_ms":[1000,5000]"#, ticks);
    driver.run(
        Mode::Advance,
        |d| {
            if d.engine.records() == 2 {
                _ = d.submit(0, 1, 99.0, 5.0);
            }
        },
        |_| {},
    );
    assert_eq!(driver.count(FILL), 1);
    let seen: Vec<_> = of_kind(&driver, MARKOUT)
        .iter()
        .map(|m| {
            (m[8] as i64 / MS, number(m[4]), number(m[2]), number(m[3]), (number(m[5]) * 100.0).round(), number(m[6]))
        })
        .collect();
    // (99 + 105) / 2 and (50 + 105) / 2, each in units of 0.1.
    assert_eq!(seen, [(1_010, 1_000.0, 99.0, 5.0, 1_020.0, 1.0), (6_000, 5_000.0, 99.0, 5.0, 775.0, 1.0)]);
}

#[test]
fn every_fill_gets_one_markout_a_horizon() {
    let extra = r#","markouts_ms":[1,5,30],"event_ring":16"#;
    let mut driver = driver(extra, bench_market::ticks(20_000));
    let mut trader = Trader::new(3);
    driver.run(Mode::Advance, |driver| trader.act(driver), |_| {});
    let end_ns = driver.events.last().expect("events")[8] as i64;
    let early = of_kind(&driver, FILL).iter().filter(|fill| (fill[8] as i64) < end_ns - 31 * MS).count();
    assert!(early > 500);
    for horizon in [1.0, 5.0, 30.0] {
        let markouts = of_kind(&driver, MARKOUT).into_iter().filter(|m| number(m[4]) == horizon);
        let trades: Vec<u64> = markouts.map(|m| number(m[6]) as u64).collect();
        assert!(trades.len() >= early, "{horizon} ms: {} of {early}", trades.len());
        assert!(trades.iter().zip(1..).all(|(id, n)| *id == n), "{horizon} ms: each once, in order");
    }
}

/// Open, high, low, close, volume, trades, and begin and end in ms.
fn bars(driver: &Driver) -> Vec<(Vec<f64>, i64, i64)> {
    let bar = |b: &Entry| ((2..8).map(|cell| number(b[cell])).collect(), b[8] as i64 / MS, b[9] as i64 / MS);
    of_kind(driver, BAR).iter().map(bar).collect()
}

#[test]
fn a_bar_closes_by_the_clock_once_though_no_trade_ends_it() {
    let trade_at = |ms: i64, price, lots| trade(ms * MS, ms * MS, 0, price, lots);
    let mut ticks = touch(0).to_vec();
    ticks.extend([trade_at(100, 101, 5), trade_at(200, 103, 1), trade_at(900, 100, 2), beat(999), beat(1_000)]);
    ticks.extend([beat(1_001), beat(2_500), trade_at(3_000, 104, 7), trade_at(4_200, 90, 1), beat(4_300)]);
    for mode in MODES {
        let mut driver = driver(r#","bars":[{"interval_ms":1000}]"#, ticks.clone());
        driver
            .engine
            .set_interests(Interests { every: Every::Never, bar_close: true, ..Interests::default() })
            .unwrap();
        let mut at = Vec::new();
        driver.run(mode, |driver| at.push(driver.cells[cell::TS_US] / 1_000.0), |_| {});
        assert_eq!(at, [1_000.0, 4_200.0], "{mode:?}: a bar is an action point");
        let first = (vec![101.0, 103.0, 100.0, 100.0, 8.0, 3.0], 0, 1_000);
        let second = (vec![104.0, 104.0, 104.0, 104.0, 7.0, 1.0], 3_000, 4_000);
        assert_eq!(bars(&driver), [first, second], "{mode:?}");
    }
}

#[test]
fn no_trade_is_missing_in_the_bars_when_the_feed_itself_is_late() {
    let ticks: Vec<Tick> = (0..400).map(|n| trade(n * 10 * MS, n * 10 * MS, 0, 100, 1)).collect();
    let mut driver = driver(r#","feed_latency_ns":250000000,"bars":[{"interval_ms":1000}]"#, ticks);
    driver.run(Mode::Advance, |_| {}, |_| {});
    let volumes: Vec<(f64, i64)> = bars(&driver).iter().map(|(cells, begin, _)| (cells[4], *begin)).collect();
    // Known times run from 250 to 4 240 ms: bars count when we know, as everything a controller sees.
    assert_eq!(volumes, [(75.0, 0), (100.0, 1_000), (100.0, 2_000), (100.0, 3_000)]);
}
