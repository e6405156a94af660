//! A market by order gives what the same market by level gives, and passes over what does not fit.

mod support;

use support::bench_market::INSTRUMENT;
use support::driver::{Driver, Mode};
use support::records::{level, other};
use tickwright_book::L3Book;
use tickwright_engine::{Every, Interests};
use tickwright_types::{flags, Rng, Tick, TickKind};

fn order(kind: TickKind, recv_ns: i64, id: u64, side: u8, price_ticks: i64, size_lots: i64) -> Tick {
    Tick { id, side, price_ticks, size_lots, ..Tick { exch_ns: recv_ns, ..other(kind, recv_ns) } }
}

fn driver(ticks: Vec<Tick>) -> Driver {
    let config = format!(r#"{{"instruments":[{INSTRUMENT}],"check_margin":false}}"#);
    let mut driver = Driver::new(&config, Interests { every: Every::Record, ..Interests::default() });
    driver.load(ticks.into());
    driver
}

/// Best prices and sizes after every record, and what became of two resting orders of ours.
fn seen(ticks: Vec<Tick>) -> (Vec<Vec<u64>>, Vec<(u32, u32, i64)>) {
    let mut driver = driver(ticks);
    let mut tops = Vec::new();
    driver.run(
        Mode::Step,
        |driver| {
            if driver.engine.records() == 500 {
                driver.submit(0, 1, 100.0, 3.0);
                driver.submit(1, 1, 101.0, 3.0);
            }
        },
        |frame| tops.push(frame[2..6].iter().map(|cell| cell.to_bits()).collect()),
    );
    let news = driver.news();
    (tops, news)
}

/// Orders come, shrink, trade and go around 100 and 101; each record as one of an order and as one of its level.
fn market(records: usize) -> (Vec<Tick>, Vec<Tick>) {
    let (mut rng, mut book) = (Rng::new(11), L3Book::default());
    let (mut orders, mut levels, mut live) = (Vec::new(), Vec::new(), Vec::new());
    for n in 1..=records {
        let at_ns = n as i64 * 1_000;
        let tick = if live.len() < 20 || rng.up_to(1) == 0 {
            let side = rng.up_to(1) as u8;
            let away = rng.up_to(6) as i64;
            let price_ticks = if side == 0 { 100 - away } else { 101 + away };
            live.push(n as u64);
            order(TickKind::OrderAdd, at_ns, n as u64, side, price_ticks, 1 + rng.up_to(8) as i64)
        } else {
            let chosen = rng.up_to(live.len() as u64 - 1) as usize;
            let known = book.order(live[chosen]).expect("it is live");
            let lots = 1 + rng.up_to(known.size_lots as u64 - 1) as i64;
            let kinds = [TickKind::OrderCancel, TickKind::OrderExecute, TickKind::OrderModify];
            let kind = kinds[rng.up_to(2) as usize];
            order(kind, at_ns, known.id, known.side, known.price_ticks, lots)
        };
        book.apply(&tick).expect("it fits");
        live.retain(|&id| book.order(id).is_some());
        levels.push(level(at_ns, at_ns, tick.side, tick.price_ticks, book.size_at(tick.side.into(), tick.price_ticks)));
        orders.push(tick);
    }
    (orders, levels)
}

#[test]
fn a_market_by_order_shows_and_fills_what_the_same_market_by_level_does() {
    let (orders, levels) = market(5_000);
    let (by_order, by_level) = (seen(orders), seen(levels));
    assert_eq!(by_order.0, by_level.0);
    assert_eq!(by_order.1, by_level.1);
    assert!(!by_order.1.is_empty());
}

#[test]
fn an_unknown_order_is_counted_and_a_report_changes_nothing() {
    let add = order(TickKind::OrderAdd, 1_000, 1, 0, 100, 5);
    let report = Tick { flags: flags::LAST | flags::REPORT, ..order(TickKind::OrderExecute, 2_000, 1, 0, 100, 5) };
    let unknown = order(TickKind::OrderCancel, 3_000, 9, 0, 100, 5);
    let mut driver = driver(vec![add, report, unknown]);
    let mut last = Vec::new();
    driver.run(Mode::Step, |_| {}, |frame| last = frame[2..6].to_vec());
    assert_eq!((last[0], last[2]), (100.0, 5.0));
    let books = serde_json::to_value(driver.engine.books()).unwrap();
    assert!(books.to_string().contains(r#""unknown_orders":1"#), "{books}");
}

#[test]
fn clearing_the_book_forgets_its_orders() {
    let again = order(TickKind::OrderAdd, 3_000, 2, 0, 100, 3);
    let ticks = vec![order(TickKind::OrderAdd, 1_000, 1, 0, 100, 5), other(TickKind::BookClear, 2_000), again];
    assert_eq!(seen(ticks).0.last().map(|top| f64::from_bits(top[2])), Some(3.0));
}
