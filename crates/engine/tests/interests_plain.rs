//! Each interest but that in own events against its plain definition, worked out over the records that a run of single steps has visited.

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use support::driver::{Driver, Mode, MODES};
use support::random_market::{self, START_TICKS};
use support::records::{level, other, touch};
use tickwright_engine::layout::{cell, hit, status};
use tickwright_engine::{Every, Interests};
use tickwright_types::{Tick, TickKind};

const MS: i64 = 1_000_000;
const BAR_NS: i64 = 1_000 * MS;

/// Number of the record at which a run stops, and the hits that are named there.
type Stop = (u64, u32);

/// A record as a controller that is called at each of them sees it.
#[derive(Clone, Copy)]
struct Visited {
    tick: Tick,
    /// Best bid and ask of its instrument afterwards, NaN where a side is empty.
    top: [f64; 2],
}

fn driver(interests: Interests, ticks: &[Tick]) -> Driver {
    let instruments = random_market::instruments(["a", "a"]);
    let config = format!(r#"{{"instruments":[{instruments}],"bars":[{{"interval_ms":1000}}]}}"#);
    let mut driver = Driver::new(&config, interests);
    driver.load(ticks.to_vec().into());
    driver
}

fn never() -> Interests {
    Interests { every: Every::Never, ..Interests::default() }
}

fn visit(ticks: &[Tick]) -> Vec<Visited> {
    let mut driver = driver(Interests { every: Every::Record, ..never() }, ticks);
    let visited = |tick: &Tick| {
        driver.step().expect("a good tape");
        driver.drain();
        Visited { tick: *tick, top: [driver.cells[cell::BID], driver.cells[cell::ASK]] }
    };
    ticks.iter().map(visited).collect()
}

/// Where a run stops by itself, and which of the wanted hits are named there.
fn stops(interests: &Interests, mode: Mode, ticks: &[Tick]) -> Vec<Stop> {
    let mut driver = driver(interests.clone(), ticks);
    let (mut stops, wanted) = (Vec::new(), wanted(interests));
    driver.run(mode, |driver| stops.push((driver.engine.records() - 1, driver.word & wanted)), |_| {});
    stops
}

/// The hits that make an action point.
fn wanted(interests: &Interests) -> u32 {
    let every = match interests.every {
        Every::Never => 0,
        Every::Message => hit::LAST,
        Every::Record => hit::RECORD,
        Every::Nth(_) => hit::NTH,
    };
    let others = [
        (interests.trade, hit::TRADE),
        (interests.best_price, hit::BEST),
        (interests.interval_ns > 0, hit::TIMER),
        (interests.bar_close, hit::BAR),
        (interests.mid_moved_ticks > 0, hit::MID),
        (!interests.crosses_ticks.is_empty(), hit::CROSS),
    ];
    others.iter().filter(|(on, _)| *on).fold(every, |mask, (_, bit)| mask | bit)
}

/// What one instrument looked like before the record at hand.
#[derive(Clone, Copy)]
struct Before {
    top: [f64; 2],
    /// The last price that each side had.
    known: [f64; 2],
    /// Mid at the last action point; the first one seen since where there was none.
    acted_mid: f64,
}

/// The definitions, one line each, and nothing that makes them fast.
fn plain(interests: &Interests, visited: &[Visited]) -> Vec<Stop> {
    let bars = bar_closes(visited);
    let nothing = Before { top: [f64::NAN; 2], known: [f64::NAN; 2], acted_mid: f64::NAN };
    let mut before = [nothing; 2];
    let mut stops = Vec::new();
    for (at, Visited { tick, top }) in visited.iter().enumerate() {
        let record = at as u64;
        let mine = &mut before[usize::from(tick.instrument)];
        let mid = f64::midpoint(top[0], top[1]);
        let interval = |k: usize| visited[k].tick.recv_ns.div_euclid(interests.interval_ns);
        let hits = [
            (interests.every == Every::Message && tick.is_last(), hit::LAST),
            (matches!(interests.every, Every::Nth(n) if (record + 1).is_multiple_of(n)), hit::NTH),
            (interests.trade && tick.kind() == Some(TickKind::Trade), hit::TRADE),
            (interests.best_price && differ(mine.top, *top), hit::BEST),
            (interests.interval_ns > 0 && at > 0 && interval(at) > interval(at - 1), hit::TIMER),
            (interests.bar_close && bars.contains(&at), hit::BAR),
            (interests.mid_moved_ticks > 0 && moved(mine.acted_mid, mid, interests.mid_moved_ticks), hit::MID),
            (
                interests.crosses_ticks.iter().any(|level| (0..2).any(|s| reaches(mine.known[s], top[s], *level))),
                hit::CROSS,
            ),
        ];
        let hits = hits.iter().filter(|(is, _)| *is).fold(0, |mask, (_, bit)| mask | bit);
        mine.top = *top;
        for (known, now) in mine.known.iter_mut().zip(top) {
            *known = if now.is_nan() { *known } else { *now };
        }
        if mine.acted_mid.is_nan() {
            mine.acted_mid = mid;
        }
        if hits != 0 {
            stops.push((record, hits));
            for one in &mut before {
                one.acted_mid = f64::midpoint(one.top[0], one.top[1]);
            }
        }
    }
    stops
}

/// A price that appears, goes or is another one.
fn differ(old: [f64; 2], new: [f64; 2]) -> bool {
    (0..2).any(|side| old[side] != new[side] && !(old[side].is_nan() && new[side].is_nan()))
}

fn moved(from: f64, to: f64, ticks: i64) -> bool {
    (to - from).abs() >= ticks as f64
}

/// From one side of a level to it or beyond. To leave a level is not to reach it, and an empty side reaches nothing.
fn reaches(from: f64, to: f64, level: i64) -> bool {
    let level = level as f64;
    (from < level && level <= to) || (to <= level && level < from)
}

/// A second with a trade of the first instrument is closed by the first record received at or after its end.
fn bar_closes(visited: &[Visited]) -> BTreeSet<usize> {
    let trades = visited.iter().filter(|v| v.tick.kind() == Some(TickKind::Trade) && v.tick.instrument == 0);
    let ends: BTreeSet<i64> = trades.map(|v| (v.tick.recv_ns.div_euclid(BAR_NS) + 1) * BAR_NS).collect();
    ends.iter().filter_map(|&end_ns| visited.iter().position(|v| v.tick.recv_ns >= end_ns)).collect()
}

/// Where two runs part, and what each has there: shorter to read than both of them.
fn first_difference(is: &[Stop], expected: &[Stop]) -> Option<[Option<Stop>; 2]> {
    let at = (0..is.len().max(expected.len())).find(|&at| is.get(at) != expected.get(at))?;
    Some([is.get(at).copied(), expected.get(at).copied()])
}

/// Each interest alone, then all of them together.
fn single_interests() -> Vec<Interests> {
    let levels = vec![START_TICKS - 4, START_TICKS, START_TICKS + 3];
    let all = Interests {
        every: Every::Nth(50),
        interval_ns: 700 * MS,
        trade: true,
        best_price: true,
        mid_moved_ticks: 2,
        crosses_ticks: levels.clone(),
        own_event: false,
        bar_close: true,
    };
    vec![
        Interests::default(),
        Interests { every: Every::Nth(7), ..never() },
        Interests { trade: true, ..never() },
        Interests { best_price: true, ..never() },
        Interests { interval_ns: 3 * MS, ..never() },
        Interests { bar_close: true, ..never() },
        Interests { mid_moved_ticks: 1, ..never() },
        Interests { mid_moved_ticks: 3, ..never() },
        Interests { crosses_ticks: levels, ..never() },
        all,
    ]
}

#[test]
fn each_interest_alone_stops_where_its_definition_says_in_every_mode() {
    let ticks = random_market::ticks(71, 20_000, 2);
    let visited = visit(&ticks);
    for interests in single_interests() {
        let expected = plain(&interests, &visited);
        assert!(expected.len() >= 5, "{interests:?} says something only where it hits: {}", expected.len());
        for mode in MODES {
            assert_eq!(
                first_difference(&stops(&interests, mode, &ticks), &expected),
                None,
                "{interests:?} in {mode:?}"
            );
        }
    }
}

fn some_interests() -> impl Strategy<Value = Interests> {
    let every = prop_oneof![Just(Every::Never), Just(Every::Message), (1u64..200).prop_map(Every::Nth)];
    let interval_ns = prop_oneof![Just(0), 1..50 * MS];
    let mid_moved_ticks = prop_oneof![Just(0), 1i64..6];
    let levels = prop::collection::vec(START_TICKS - 15..START_TICKS + 15, 0..4);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (every, interval_ns, mid_moved_ticks, levels, flags)
        .prop_map(|(every, interval_ns, mid_moved_ticks, crosses_ticks, (trade, best_price, bar_close))| Interests {
            every,
            interval_ns,
            trade,
            best_price,
            mid_moved_ticks,
            crosses_ticks,
            own_event: false,
            bar_close,
        })
        .prop_filter("one interest at least", |interests| wanted(interests) != 0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_interests_together_stop_where_their_definitions_say(seed in any::<u64>(), interests in some_interests()) {
        let ticks = random_market::ticks(seed, 1_500, 2);
        let expected = plain(&interests, &visit(&ticks));
        prop_assert_eq!(first_difference(&stops(&interests, Mode::Advance, &ticks), &expected), None);
    }
}

#[test]
fn a_price_reaches_a_level_from_either_side_and_leaving_it_or_an_empty_side_is_no_hit() {
    let bid = |k: i64, price, lots| level(k * 10, k * 10, 0, price, lots);
    let ticks = [
        &touch(0)[..],
        // Down from 99 to the level 95, away from it to 94, back to it, beyond it.
        &[bid(1, 95, 5), bid(2, 99, 0), bid(3, 94, 5), bid(4, 95, 0), bid(5, 95, 5), bid(6, 97, 5)],
        // Empty, and beyond the level on the other side when it is there again.
        &[other(TickKind::BookClear, 70), bid(8, 93, 5)],
    ]
    .concat();
    let interests = Interests { crosses_ticks: vec![95], ..never() };
    for mode in MODES {
        let at: Vec<u64> = stops(&interests, mode, &ticks).iter().map(|(record, _)| *record).collect();
        assert_eq!(at, [3, 6, 9], "{mode:?}: 99 to 95, 94 to 95, 97 over an empty side to 93");
    }
    assert_eq!(stops(&interests, Mode::Advance, &ticks), plain(&interests, &visit(&ticks)));
}

#[test]
fn interests_declared_in_mid_run_count_from_then_on() {
    let ask = |k: i64, price, lots| level(k * 10, k * 10, 1, price, lots);
    let ticks = [&touch(0)[..], &[ask(1, 99_000, 5), ask(2, 101, 0), ask(3, 99_001, 5), ask(4, 200, 1)]].concat();
    let mut driver = driver(Interests { crosses_ticks: vec![150], ..never() }, &ticks);
    driver.step().unwrap();
    driver.step().unwrap();
    driver.engine.set_interests(Interests { trade: true, ..never() }).unwrap();
    driver.step().unwrap();
    driver.step().unwrap();
    // The ask stands at 99 000 now: what it did meanwhile was not watched.
    driver.engine.set_interests(Interests { crosses_ticks: vec![150], mid_moved_ticks: 40_000, ..never() }).unwrap();
    assert_eq!(driver.step().unwrap() & status::ACTION, 0);
    assert_eq!(driver.step().unwrap() & (status::ACTION | hit::MID | hit::CROSS), status::ACTION | hit::MID);
}
