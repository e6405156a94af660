//! The live form: ticks are pushed while the engine runs, and a full queue conflates states but loses no event.

mod support;

use proptest::prelude::*;
use support::bench_market;
use support::driver::{Driver, Mode};
use support::random_market;
use support::records::{level, touch, trade};
use support::trader::Trader;
use tickwright_engine::layout::status;
use tickwright_engine::{Every, Interests, LiveBooks};
use tickwright_types::{flags, Tick, TickKind};

fn driver(interests: Interests) -> Driver {
    let config = format!(r#"{{"instruments":[{}],"seed":4}}"#, random_market::instruments(["a", "b"]));
    Driver::new(&config, interests)
}

fn every_record() -> Interests {
    Interests { every: Every::Record, ..Interests::default() }
}

#[test]
fn an_engine_without_ticks_is_idle_and_goes_on_when_some_are_pushed() {
    for every in [Every::Record, Every::Never] {
        let mut driver = driver(Interests { every, trade: true, ..Interests::default() });
        driver.engine.go_live(16, LiveBooks::Await).unwrap();
        assert_eq!(driver.step().unwrap() & (status::IDLE | status::END | status::ACTION), status::IDLE);
        for round in 1..=3 {
            let now_ns = round * 1_000;
            driver.engine.push(&touch(now_ns)).unwrap();
            driver.engine.push(&[trade(now_ns, now_ns, 0, 101, 1)]).unwrap();
            let mut calls = 0;
            while driver.advance().unwrap() & status::IDLE == 0 {
                calls += 1;
                assert_eq!(driver.word & (status::ACTION | status::END), status::ACTION);
            }
            assert_eq!(calls, if every == Every::Record { 3 } else { 1 });
        }
        assert_eq!((driver.engine.records(), driver.engine.queue().unwrap().depth()), (9, 0));
    }
}

#[test]
fn ticks_can_be_pushed_only_into_an_engine_that_is_live() {
    let mut driver = driver(every_record());
    driver.load(bench_market::ticks(3).into());
    assert_eq!(driver.engine.push(&touch(1)).unwrap_err().code(), "E_CONFIG");
}

#[test]
fn a_run_on_pushed_ticks_equals_one_on_the_same_tape() {
    let ticks = random_market::ticks(41, 3_000, 2);
    let mut tape = driver(every_record());
    tape.load(ticks.clone().into());
    let mut trader = Trader::new(6);
    tape.run(Mode::Advance, |driver| trader.act(driver), |_| {});

    let mut live = driver(every_record());
    live.engine.go_live(1_000, LiveBooks::Await).unwrap();
    let mut trader = Trader::new(6);
    for part in ticks.chunks(37) {
        live.engine.push(part).unwrap();
        while live.advance().unwrap() & status::IDLE == 0 {
            live.drain();
            trader.act(&mut live);
        }
    }
    live.drain();
    assert!(live.events.len() > 500 && live.events == tape.events);
    assert_eq!(live.reports(), tape.reports());
}

/// One message: what it says, of which instrument, side and price, and how much.
type Said = (u8, u16, u8, i64, i64);

/// A time at which the engine empties the queue, or a tick.
fn script() -> impl Strategy<Value = Vec<(bool, Said)>> {
    let said = (0u8..20, 0u16..2, 0u8..2, 95i64..105, 0i64..6);
    prop::collection::vec((prop::bool::weighted(0.03), said), 1..400)
}

fn ticks_of(said: Said, recv_ns: i64) -> Vec<Tick> {
    let (what, instrument, side, price_ticks, size_lots) = said;
    let base = Tick { instrument, ..level(recv_ns, recv_ns, side, price_ticks, size_lots) };
    match what {
        0..=2 => vec![Tick { kind: TickKind::Trade as u8, ..base }],
        3 => vec![Tick { flags: flags::GAP | flags::LAST, ..base }],
        4 => vec![Tick { size_lots: -1, ..base }],
        5 => vec![Tick { flags: 0, ..base }, Tick { price_ticks: price_ticks + 1, ..base }],
        6 => {
            let part =
                |kind, side, price_ticks| Tick { kind: kind as u8, side, price_ticks, size_lots: 3, flags: 0, ..base };
            let end = Tick { flags: flags::LAST, ..part(TickKind::SnapshotEnd, 2, 0) };
            let levels = [part(TickKind::SnapshotLevel, 0, 90), part(TickKind::SnapshotLevel, 1, 110)];
            [part(TickKind::SnapshotBegin, 2, 0)].into_iter().chain(levels).chain([end]).collect()
        }
        _ => vec![base],
    }
}

/// Drives the engine until it is dry; how many trades it saw.
fn dry(driver: &mut Driver) -> usize {
    let mut trades = 0;
    while driver.advance().unwrap() & status::IDLE == 0 {
        trades += 1;
    }
    trades
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_queue_that_overflows_leaves_the_same_books_and_every_trade(script in script(), capacity in 1usize..40) {
        let trades_only = || Interests { every: Every::Never, trade: true, ..Interests::default() };
        let (mut narrow, mut wide) = (driver(trades_only()), driver(trades_only()));
        narrow.engine.go_live(capacity, LiveBooks::Await).unwrap();
        wide.engine.go_live(100_000, LiveBooks::Await).unwrap();
        let (mut pushed, mut seen) = (0, 0);
        for (n, &(empties, said)) in script.iter().enumerate() {
            for tick in ticks_of(said, 1_000 + n as i64 * 1_000) {
                pushed += usize::from(tick.kind == TickKind::Trade as u8);
                wide.engine.push(&[tick]).unwrap();
                if let Err(error) = narrow.engine.push(&[tick]) {
                    prop_assert_eq!(error.code(), "E_QUEUE_FULL");
                    seen += dry(&mut narrow);
                    narrow.engine.push(&[tick]).unwrap();
                }
            }
            if empties {
                seen += dry(&mut narrow);
            }
        }
        seen += dry(&mut narrow);
        prop_assert_eq!((seen, dry(&mut wide)), (pushed, pushed));
        prop_assert!(narrow.engine.queue().unwrap().deepest() <= capacity);
        for instrument in 0..2 {
            for side in 0..2 {
                let depth = |driver: &Driver| driver.engine.depth(instrument, side, 1_000).unwrap();
                prop_assert_eq!(depth(&narrow), depth(&wide));
            }
            let (narrow, wide) = (&narrow.engine.books().books[instrument], &wide.engine.books().books[instrument]);
            prop_assert_eq!((&narrow.causes, narrow.gaps), (&wide.causes, wide.gaps), "gaps are no states");
        }
        let lost = wide.engine.records() - narrow.engine.records();
        prop_assert_eq!(narrow.engine.queue().unwrap().conflated(), lost, "every replacement is counted");
    }
}
