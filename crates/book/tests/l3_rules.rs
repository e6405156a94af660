//! What a book by order promises, rule by rule, and the answers of a known market.

#[path = "support/by_order.rs"]
mod by_order;

use by_order::{events, RESTING};
use tickwright_book::{Ignored, L3Book, Order, OrderCounts, NO_ASK, NO_BID};
use tickwright_types::{flags, Tick, TickKind};

const BID: usize = 0;
const ASK: usize = 1;

/// Three bids of 5, 7 and 9 lots at 480 000, in that order.
fn book() -> L3Book {
    let mut book = L3Book::default();
    for (id, size_lots) in [(1, 5), (2, 7), (3, 9)] {
        book.add(id, BID, 480_000, size_lots).unwrap();
    }
    book
}

fn queue(book: &L3Book) -> Vec<(u64, i64)> {
    book.orders_at(BID, 480_000).map(|order| (order.id, order.size_lots)).collect()
}

#[test]
fn a_smaller_size_keeps_the_place_in_the_queue() {
    let mut book = book();
    book.modify(2, 480_000, 6).unwrap();
    book.cancel(2, 1).unwrap();
    assert_eq!(queue(&book), [(1, 5), (2, 5), (3, 9)]);
    assert_eq!((book.lots_ahead(2), book.lots_ahead(3)), (Some(5), Some(10)));
}

#[test]
fn the_same_size_again_keeps_the_place_in_the_queue() {
    let mut book = book();
    book.modify(1, 480_000, 5).unwrap();
    assert_eq!(book, self::book());
}

#[test]
fn a_larger_size_loses_the_place_in_the_queue() {
    let mut book = book();
    book.modify(1, 480_000, 6).unwrap();
    assert_eq!(queue(&book), [(2, 7), (3, 9), (1, 6)]);
}

#[test]
fn another_price_loses_the_place_even_when_it_comes_back() {
    let mut book = book();
    book.modify(1, 480_001, 5).unwrap();
    assert_eq!((book.best_price(BID), book.best_size(BID)), (480_001, 5));
    book.modify(1, 480_000, 5).unwrap();
    assert_eq!(queue(&book), [(2, 7), (3, 9), (1, 5)]);
}

#[test]
fn an_order_in_the_middle_of_the_queue_can_trade() {
    let mut book = book();
    let before = book.execute(2, 7).unwrap();
    assert_eq!(before, Order { id: 2, side: 0, price_ticks: 480_000, size_lots: 7 });
    assert_eq!(queue(&book), [(1, 5), (3, 9)]);
    assert_eq!((book.lots_ahead(3), book.size_at(BID, 480_000)), (Some(5), 14));
}

#[test]
fn a_change_of_an_unknown_order_is_counted_and_changes_nothing() {
    let mut book = book();
    assert_eq!(book.modify(9, 480_000, 1), Err(Ignored::UnknownOrder));
    assert_eq!(book.cancel(9, 1), Err(Ignored::UnknownOrder));
    assert_eq!(book.execute(9, 1), Err(Ignored::UnknownOrder));
    assert_eq!(book.delete(9), Err(Ignored::UnknownOrder));
    assert_eq!(book.counts(), OrderCounts { unknown: 4, ..OrderCounts::default() });
    assert_eq!(queue(&book), queue(&self::book()));
}

#[test]
fn a_new_order_with_a_known_id_takes_its_place_at_the_back() {
    let mut book = book();
    let old = book.add(1, ASK, 480_002, 4).unwrap();
    assert_eq!(old, Some(Order { id: 1, side: 0, price_ticks: 480_000, size_lots: 5 }));
    assert_eq!((book.order_count(), book.best_price(ASK), book.counts().duplicates), (3, 480_002, 1));
    assert_eq!(queue(&book), [(2, 7), (3, 9)]);
}

#[test]
fn what_no_order_can_be_is_refused_and_leaves_the_book() {
    let mut book = book();
    let refused = Err(Ignored::OutOfRange);
    assert_eq!(book.add(4, BID, 480_000, 0), refused);
    assert_eq!(book.add(4, BID, NO_BID, 1), refused);
    assert_eq!(book.add(4, ASK, NO_ASK, 1), refused);
    assert_eq!(book.add(4, BID, 480_000, i64::MAX), refused);
    assert_eq!(book.modify(1, 480_000, i64::MAX).unwrap_err(), Ignored::OutOfRange);
    assert_eq!(book.modify(1, NO_BID, 1).unwrap_err(), Ignored::OutOfRange);
    assert_eq!(book.cancel(1, 0).unwrap_err(), Ignored::OutOfRange);
    assert_eq!((book.counts().out_of_range, queue(&book)), (7, queue(&self::book())));
}

#[test]
fn records_are_applied_by_their_kind() {
    let mut book = L3Book::default();
    let tick = |kind, id, size_lots| Tick { id, size_lots, price_ticks: 480_000, side: 0, ..Tick::of(kind) };
    book.apply(&tick(TickKind::OrderAdd, 1, 5)).unwrap();
    book.apply(&tick(TickKind::OrderAdd, 2, 7)).unwrap();
    book.apply(&tick(TickKind::OrderExecute, 1, 2)).unwrap();
    book.apply(&Tick { flags: flags::REPORT, ..tick(TickKind::OrderExecute, 1, 3) }).unwrap();
    book.apply(&tick(TickKind::OrderModify, 1, 2)).unwrap();
    let before = book.apply(&tick(TickKind::OrderCancel, 2, 1)).unwrap();
    assert_eq!(before.map(|order| order.size_lots), Some(7));
    book.apply(&tick(TickKind::Trade, 1, 1)).unwrap();
    assert_eq!(queue(&book), [(1, 2), (2, 6)]);
    assert_eq!(book.apply(&Tick { side: 2, ..tick(TickKind::OrderAdd, 3, 1) }), Err(Ignored::OutOfRange));
    book.apply(&Tick::of(TickKind::BookClear)).unwrap();
    assert_eq!((book.order_count(), book.best_price(BID)), (0, NO_BID));
}

#[test]
fn a_stored_book_with_an_order_twice_is_refused() {
    let order = Order { id: 1, side: 0, price_ticks: 1, size_lots: 1 };
    let config = L3Book::default().config();
    let bytes = postcard::to_allocvec(&(config, OrderCounts::default(), vec![order, order])).unwrap();
    assert!(postcard::from_bytes::<L3Book>(&bytes).is_err());
}

#[test]
fn fifty_thousand_resting_orders_give_the_agreed_answers() {
    let mut book = L3Book::default();
    let mut checksum = 0;
    for (n, event) in (1usize..).zip(events(2_050_000)) {
        if event.add {
            book.add(event.id, usize::from(event.side), event.price_ticks, event.size_lots).unwrap();
        } else {
            book.cancel(event.id, event.size_lots).unwrap();
        }
        if n.is_multiple_of(1_000) {
            checksum += book.best_price(BID) + book.best_price(ASK);
        }
        match n {
            100_000 => assert_eq!(checksum, 20_000_058),
            1_000_000 => assert_eq!(checksum, 199_999_940),
            2_050_000 => assert_eq!(checksum, 409_999_621),
            _ => {}
        }
    }
    assert_eq!(book.counts(), OrderCounts::default());
    assert!(book.order_count().abs_diff(RESTING) <= 1, "{}", book.order_count());
}
