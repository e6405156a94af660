//! Funding is paid on the position's value at the feed's mark price, at the mid until there is one.

mod support;

use support::bench_market::INSTRUMENT;
use support::driver::{Driver, MODES};
use support::records::{other, touch, trade};
use tickwright_engine::{Every, Interests};
use tickwright_types::{Tick, TickKind};

const FUNDING: u32 = 9;
const BUY: u32 = 0;
const MARKET: u32 = 3;
/// 1 % in 1e-12.
const RATE: i64 = 10_000_000_000;

fn said(kind: TickKind, recv_ns: i64, price_ticks: i64) -> Tick {
    Tick { price_ticks, ..other(kind, recv_ns) }
}

/// Price in ticks of each payment and what was received in 1e-12, after one lot was bought with the first record.
fn payments(ticks: &[Tick]) -> Vec<(f64, i64)> {
    let config = format!(r#"{{"instruments":[{INSTRUMENT}],"check_margin":false}}"#);
    let interests = Interests { every: Every::Record, ..Interests::default() };
    let outcomes = MODES.map(|mode| {
        let mut driver = Driver::new(&config, interests.clone());
        driver.load([&touch(0)[..], &[trade(1, 1, 2, 100, 1)], ticks].concat().into());
        let mut bought = false;
        driver.run(
            mode,
            |driver| {
                if !std::mem::replace(&mut bought, driver.engine.records() >= 2) && driver.engine.records() >= 2 {
                    driver.submit(BUY, MARKET, 0.0, 1.0);
                }
            },
            |_| {},
        );
        let funding = driver.events.iter().filter(|entry| entry[0] as u32 == FUNDING);
        funding.map(|entry| (f64::from_bits(entry[2]), entry[10] as i64)).collect::<Vec<_>>()
    });
    assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]), "{outcomes:?}");
    outcomes[0].clone()
}

#[test]
fn the_mid_stands_in_until_the_feed_gives_a_mark() {
    let marked = payments(&[
        said(TickKind::FundingRate, 10, RATE),
        said(TickKind::MarkPrice, 20, 150),
        said(TickKind::FundingRate, 30, RATE),
        said(TickKind::MarkPrice, 40, 50),
        said(TickKind::FundingRate, 50, -RATE),
    ]);
    // One lot at 100 ticks is worth 0.01: a positive rate debits a long of it.
    assert_eq!(marked, [(100.0, -100_000_000), (150.0, -150_000_000), (50.0, 50_000_000)]);
}

#[test]
fn a_mark_is_enough_where_the_book_is_empty_and_without_both_nothing_is_paid() {
    let rate = said(TickKind::FundingRate, 30, RATE);
    let clear = said(TickKind::BookClear, 10, 0);
    assert_eq!(payments(&[clear, rate]), []);
    let paid = payments(&[clear, said(TickKind::MarkPrice, 20, 150), rate]);
    assert_eq!(paid.iter().map(|(price, _)| *price).collect::<Vec<_>>(), [150.0]);
}
