//! Faults that other engines had, as tests of this one.

use tickwright_paper::{Conditions, EventKind, FillModel, NewOrder, OrderKind, Request};
use tickwright_types::{Money, Side};

use crate::support::{perpetual, rich, with_latency, Session, ASK, BID};

#[test]
fn two_orders_never_share_one_trades_volume_and_two_trades_give_two_budgets() {
    let mut s = Session::of(FillModel::conservative());
    let first = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    let second = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    s.sold(100, 15);
    assert_eq!((s.fills(first), s.fills(second)), (vec![(100, 10, true)], vec![(100, 5, true)]));
    s.sold(100, 15);
    assert_eq!(s.fills(second), [(100, 5, true), (100, 5, true)]);
    // Also when a trade goes through several prices.
    let high = s.order(Side::Bid, OrderKind::Limit, 101, 10);
    let low = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    s.sold(99, 12);
    assert_eq!((s.fills(high), s.fills(low)), (vec![(101, 10, true)], vec![(100, 2, true)]));
}

#[test]
fn strangers_between_two_own_orders_are_served_in_their_turn() {
    let mut s = Session::of(FillModel::conservative());
    s.level(BID, 100, 20);
    let first = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    s.level(BID, 100, 25);
    let second = s.order(Side::Bid, OrderKind::Limit, 100, 50);
    // 20 strangers, our 10, 5 strangers, our 50.
    s.sold(100, 25);
    assert_eq!((s.fills(first), s.ahead(second)), (vec![(100, 5, true)], 5));
    s.sold(100, 25);
    assert_eq!((s.fills(first).len(), s.fills(second)), (2, vec![(100, 15, true)]));
}

#[test]
fn partial_fills_add_up_to_the_position_and_a_filled_order_is_gone_with_the_next_event() {
    let mut s = Session::of(FillModel::conservative());
    let id = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    for lots in [3, 3, 3, 3] {
        s.sold(100, lots);
    }
    let filled: i64 = s.fills(id).iter().map(|&(_, lots, _)| lots).sum();
    assert_eq!((filled, s.venue.account().position(0).lots), (10, 10));
    assert_eq!(s.venue.live_orders(0, Side::Bid).count(), 0);
    let heard = s.events.len();
    s.sold(50, 1_000);
    assert_eq!(s.events.len(), heard);
}

#[test]
fn a_cancel_behind_us_does_not_advance_us() {
    let mut s = Session::of(FillModel::conservative());
    s.level(BID, 100, 40);
    let id = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    s.level(BID, 100, 90);
    s.level(BID, 100, 50);
    assert_eq!(s.ahead(id), 40);
}

#[test]
fn profit_recomputed_from_fills_with_rebates_is_the_accounts() {
    let mut config = rich(FillModel::conservative());
    config.account.maker_fee = Some("-0.00003".parse().unwrap());
    let mut s = Session::new(&config, &[perpetual()]);
    for n in 0..40i64 {
        let price = 618_000 + 7 * n;
        s.level(ASK, price + 2, 30 + n);
        s.order(Side::Bid, OrderKind::Limit, price, 10 + n % 3);
        s.order(Side::Ask, OrderKind::Limit, price + 1, 9 + n % 5);
        s.sold(price, 4 + n % 9);
        s.bought(price + 1, 3 + n % 11);
        s.order(Side::Bid, OrderKind::Ioc, price + 2, n % 4 + 1);
    }
    let mut cash = 0i128;
    let mut lots = 0i128;
    for fill in s.events.iter().filter(|e| e.kind == EventKind::Fill) {
        let signed = i128::from(fill.size_lots) * if fill.side == 0 { 1 } else { -1 };
        // 0.1 × 0.001 is 10^8 units of money; a maker gets 3 of 100 000 back, a taker pays 6 of 10 000.
        let value = i128::from(fill.price_ticks) * i128::from(fill.size_lots) * 100_000_000;
        cash -= signed * i128::from(fill.price_ticks) * 100_000_000;
        cash -= if fill.maker { -value * 3 / 100_000 } else { value * 6 / 10_000 };
        lots += signed;
    }
    let mark = 618_500;
    let mut account = s.venue.account().clone();
    account.set_mark(0, 2 * mark);
    let expected = Money(cash + lots * i128::from(mark) * 100_000_000);
    assert_eq!(account.equity(0) - account.assets()[0].deposited, expected);
    assert!(s.venue.fills() > 100);
}

#[test]
fn an_order_that_fills_while_its_cancel_is_on_the_way_closes_once() {
    let mut s = Session::new(&with_latency(rich(FillModel::conservative()), 5_000), &[perpetual()]);
    let id = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    s.recv_ns += 100_000;
    s.pass();
    s.send(Request::Cancel { order_id: id });
    s.sold(100, 4);
    s.recv_ns += 100_000;
    s.pass();
    s.recv_ns += 100_000;
    s.pass();
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Fill, EventKind::Cancelled]);
    assert_eq!((s.last().cum_lots, s.last().leaves_lots), (4, 6));
    let heard = s.events.len();
    s.sold(1, 1_000);
    s.recv_ns += 100_000;
    s.pass();
    assert_eq!(s.events.len(), heard);
}

#[test]
fn an_exit_is_taken_even_where_the_margin_is_used_up() {
    let mut config = rich(FillModel::conservative());
    config.account.deposits.insert("USDT".to_owned(), "1".parse().unwrap());
    let mut s = Session::new(&config, &[perpetual()]);
    s.level(BID, 100, 1_000_000);
    s.level(ASK, 101, 1_000_000);
    let open = s.order(Side::Bid, OrderKind::Market, 0, 990);
    assert_eq!(s.fills(open), [(101, 990, false)]);
    let more = s.order(Side::Bid, OrderKind::Market, 0, 100);
    assert_eq!(s.kinds(more), [EventKind::Rejected]);
    let exit = s.order(Side::Ask, OrderKind::Market, 0, 990);
    assert_eq!(s.fills(exit), [(100, 990, false)]);
    s.send(Request::Submit(NewOrder {
        order_id: 99,
        instrument: 0,
        side: Side::Ask,
        kind: OrderKind::Limit,
        price_ticks: 105,
        size_lots: 500,
        conditions: Conditions::NONE,
    }));
    s.pass();
    assert_eq!(s.kinds(99), [EventKind::Accepted]);
}

#[test]
fn a_venue_that_never_trades_in_an_instrument_leaves_it_alone() {
    let mut s = Session::new(&rich(FillModel::conservative()), &[perpetual(), perpetual()]);
    s.order(Side::Bid, OrderKind::Limit, 100, 10);
    s.venue.on_trade(1, ASK as u8, 1, 1_000, s.venue_ns);
    s.venue.on_level(1, ASK, 1, 0, 1_000, i64::MIN, 1, s.venue_ns);
    assert_eq!(s.venue.fills(), 0);
    assert_eq!(s.venue.account().position(1).lots, 0);
}
