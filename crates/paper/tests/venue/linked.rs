//! OCO, OTO and bracket: what the fills and the ends of one order do to another.

use tickwright_paper::{Conditions, EventKind, FillModel, GroupRule, NewOrder, OrderKind, Reason, Request, NO_ORDER};
use tickwright_types::{Money, Side};

use crate::support::{Session, ASK, BID};

fn market() -> Session {
    let mut session = Session::of(FillModel::conservative());
    session.level(BID, 100, 50);
    session.level(ASK, 105, 50);
    session
}

fn new(order_id: u32, side: Side, kind: OrderKind, price_ticks: i64, size_lots: i64) -> NewOrder {
    NewOrder { order_id, instrument: 0, side, kind, price_ticks, size_lots, conditions: Conditions::NONE }
}

/// Sends orders together and brings them into force.
fn place(s: &mut Session, orders: &[NewOrder]) {
    for order in orders {
        s.send(Request::Submit(*order));
    }
    s.pass();
}

fn in_group(order: NewOrder, group: u32, group_rule: GroupRule) -> NewOrder {
    NewOrder { conditions: Conditions { group, group_rule, ..order.conditions }, ..order }
}

fn child_of(order: NewOrder, parent: u32) -> NewOrder {
    NewOrder { conditions: Conditions { parent, ..order.conditions }, ..order }
}

fn stop(order: NewOrder, trigger_ticks: i64) -> NewOrder {
    NewOrder { conditions: Conditions { trigger_ticks, ..order.conditions }, ..order }
}

/// A buy of 10 at 102 with a target at 110 and a stop at 95, all under ids 1, 2 and 3.
fn bracket() -> [NewOrder; 3] {
    let target = child_of(new(2, Side::Ask, OrderKind::Limit, 110, 10), 1);
    let stop = child_of(stop(new(3, Side::Ask, OrderKind::StopMarket, 0, 10), 95), 1);
    [
        new(1, Side::Bid, OrderKind::Limit, 102, 10),
        in_group(target, 2, GroupRule::Reduce),
        in_group(stop, 2, GroupRule::Reduce),
    ]
}

#[test]
fn the_first_fill_of_one_cancels_the_other() {
    let mut s = market();
    let pair = [new(1, Side::Bid, OrderKind::Limit, 99, 10), new(2, Side::Ask, OrderKind::Limit, 106, 10)];
    place(&mut s, &pair.map(|order| in_group(order, 1, GroupRule::Cancel)));
    s.level(BID, 99, 0);
    s.sold(99, 3);
    assert_eq!(s.fills(1), [(99, 3, true)]);
    assert_eq!(s.end(2), (EventKind::Cancelled, Reason::GroupFilled));
    assert_eq!(s.leaves(1), 7, "the filled one goes on");
    assert_eq!(s.venue.live_orders(0, Side::Ask).count(), 0);
}

#[test]
fn one_record_that_reaches_both_fills_only_the_first() {
    let mut s = market();
    let pair = [new(1, Side::Bid, OrderKind::Limit, 102, 10), new(2, Side::Bid, OrderKind::Limit, 101, 10)];
    place(&mut s, &pair.map(|order| in_group(order, 1, GroupRule::Cancel)));
    s.sold(90, 1_000);
    assert_eq!(s.fills(1), [(102, 10, true)]);
    assert_eq!(s.kinds(2), [EventKind::Accepted, EventKind::Cancelled]);
    assert_eq!(s.venue.account().position(0).lots, 10);
}

#[test]
fn two_stops_of_a_group_that_one_trade_sets_off_fill_once() {
    let mut s = market();
    let stop_at = |id, trigger| stop(new(id, Side::Ask, OrderKind::StopMarket, 0, 10), trigger);
    place(&mut s, &[stop_at(1, 98), stop_at(2, 97)].map(|order| in_group(order, 1, GroupRule::Cancel)));
    s.sold(90, 1);
    s.pass();
    assert_eq!(s.fills(1), [(100, 10, false)]);
    assert_eq!(s.kinds(2), [EventKind::Accepted, EventKind::Triggered, EventKind::Cancelled]);
    assert_eq!(s.venue.account().position(0).lots, -10);
}

#[test]
fn cancelling_one_of_a_group_ends_the_other_and_a_late_third_is_refused() {
    let mut s = market();
    let pair = [new(1, Side::Bid, OrderKind::Limit, 99, 10), new(2, Side::Ask, OrderKind::Limit, 106, 10)];
    place(&mut s, &pair.map(|order| in_group(order, 1, GroupRule::Cancel)));
    s.send(Request::Cancel { order_id: 2 });
    s.pass();
    assert_eq!(s.end(2), (EventKind::Cancelled, Reason::ByOwner));
    assert_eq!(s.end(1), (EventKind::Cancelled, Reason::GroupClosed));
    place(&mut s, &[in_group(new(3, Side::Bid, OrderKind::Limit, 99, 1), 1, GroupRule::Cancel)]);
    assert_eq!(s.end(3), (EventKind::Rejected, Reason::GroupClosed));
}

#[test]
fn a_second_order_whose_group_is_filled_on_arrival_is_refused() {
    let mut s = market();
    let pair = [new(1, Side::Bid, OrderKind::Limit, 105, 10), new(2, Side::Ask, OrderKind::Limit, 106, 10)];
    place(&mut s, &pair.map(|order| in_group(order, 1, GroupRule::Cancel)));
    assert_eq!(s.fills(1), [(105, 10, false)]);
    assert_eq!(s.end(2), (EventKind::Rejected, Reason::GroupClosed));
}

/// Lots of both exits of a bracket that may fill now.
fn in_force(s: &Session) -> (i64, i64) {
    (s.venue.order(2).unwrap().in_force_lots, s.venue.order(3).unwrap().in_force_lots)
}

#[test]
fn children_wait_for_their_parent_and_fill_no_more_than_their_share_of_its_fills() {
    let mut s = market();
    place(&mut s, &bracket());
    assert_eq!(s.venue.waiting_orders(0).count(), 2);
    s.bought(200, 1_000);
    assert_eq!(s.kinds(2), [EventKind::Accepted], "no exit without an entry");
    s.sold(102, 4);
    s.pass();
    assert_eq!((s.fills(1), s.leaves(2), in_force(&s).0), (vec![(102, 4, true)], 10, 4));
    s.bought(110, 50);
    assert_eq!(s.fills(2), [(110, 4, true)]);
    assert_eq!((in_force(&s).0, s.leaves(3)), (0, 6));
    s.sold(102, 6);
    s.pass();
    s.bought(110, 50);
    assert_eq!(s.fills(2), [(110, 4, true), (110, 6, true)]);
    assert_eq!(s.end(3), (EventKind::Cancelled, Reason::GroupFilled));
    assert_eq!(s.venue.account().position(0).lots, 0);
}

#[test]
fn a_market_child_follows_each_fill_of_its_parent() {
    let mut s = market();
    let hedge = child_of(new(2, Side::Ask, OrderKind::Market, 0, 10), 1);
    place(&mut s, &[new(1, Side::Bid, OrderKind::Limit, 102, 20), hedge]);
    s.sold(102, 4);
    s.pass();
    assert_eq!(s.fills(2), [(100, 2, false)], "half of what its parent filled");
    s.sold(102, 16);
    s.pass();
    assert_eq!(s.fills(2), [(100, 2, false), (100, 8, false)]);
    assert_eq!(s.kinds(2).iter().filter(|kind| **kind == EventKind::Triggered).count(), 1);
    assert_eq!(s.venue.waiting_orders(0).count(), 0);
}

#[test]
fn a_fill_or_kill_child_waits_for_the_whole_of_its_parent() {
    let mut s = market();
    let child = child_of(new(2, Side::Ask, OrderKind::Fok, 100, 10), 1);
    place(&mut s, &[new(1, Side::Bid, OrderKind::Limit, 102, 10), child]);
    s.sold(102, 9);
    s.pass();
    assert_eq!(s.kinds(2), [EventKind::Accepted]);
    s.sold(102, 1);
    s.pass();
    assert_eq!(s.fills(2), [(100, 10, false)]);
}

#[test]
fn a_bracket_goes_out_at_its_target_and_takes_the_stop_away_lot_by_lot() {
    let mut s = market();
    place(&mut s, &bracket());
    s.sold(102, 10);
    s.pass();
    s.bought(110, 3);
    assert_eq!((s.leaves(2), s.leaves(3)), (7, 7));
    s.bought(110, 7);
    assert_eq!(s.end(3), (EventKind::Cancelled, Reason::GroupFilled));
    assert_eq!(s.venue.account().position(0).lots, 0);
    assert_eq!(s.venue.account().reserved(0), Money::ZERO);
    assert_eq!(s.venue.waiting_orders(0).count(), 0);
}

#[test]
fn a_bracket_goes_out_at_its_stop_and_takes_the_target_away() {
    let mut s = market();
    place(&mut s, &bracket());
    s.sold(102, 10);
    s.pass();
    s.sold(95, 1);
    s.pass();
    assert_eq!(s.fills(3), [(100, 10, false)]);
    assert_eq!(s.end(2), (EventKind::Cancelled, Reason::GroupFilled));
    assert_eq!((s.venue.account().position(0).lots, s.venue.live_orders(0, Side::Ask).count()), (0, 0));
}

#[test]
fn a_bracket_around_a_market_order_is_in_force_at_once() {
    let mut s = market();
    let [_, target, stop] = bracket();
    place(&mut s, &[new(1, Side::Bid, OrderKind::Market, 0, 10), target, stop]);
    assert_eq!(s.fills(1), [(105, 10, false)]);
    assert_eq!((s.leaves(2), s.leaves(3)), (10, 10));
    assert_eq!(s.venue.live_orders(0, Side::Ask).next().unwrap().order_id, 2);
}

#[test]
fn an_entry_that_ends_early_leaves_exits_for_what_it_filled_and_none_for_nothing() {
    let mut s = market();
    place(&mut s, &bracket());
    s.sold(102, 4);
    s.send(Request::Cancel { order_id: 1 });
    s.pass();
    assert_eq!((s.leaves(2), s.leaves(3)), (4, 4));
    assert_eq!(s.end(3), (EventKind::Amended, Reason::ParentClosed));
    let mut s = market();
    place(&mut s, &bracket());
    s.send(Request::Cancel { order_id: 1 });
    s.pass();
    for id in [2, 3] {
        assert_eq!(s.end(id), (EventKind::Cancelled, Reason::ParentClosed));
    }
    place(&mut s, &[child_of(new(7, Side::Ask, OrderKind::Limit, 110, 10), 1)]);
    assert_eq!(s.end(7), (EventKind::Rejected, Reason::ParentClosed));
}

#[test]
fn an_entry_that_fills_on_after_an_exit_began_never_lets_the_exits_exceed_it() {
    let mut s = market();
    place(&mut s, &bracket());
    s.sold(102, 4);
    s.pass();
    s.bought(110, 2);
    assert_eq!((in_force(&s).0, s.leaves(3)), (2, 8));
    s.sold(102, 6);
    s.pass();
    assert_eq!((s.leaves(2), s.leaves(3), in_force(&s).0), (8, 8, 8), "10 in, 2 out");
    s.sold(95, 1);
    s.pass();
    assert_eq!(s.venue.account().position(0).lots, 0);
    assert!(s.venue.live_orders(0, Side::Ask).next().is_none());
}

#[test]
fn links_that_cannot_be_are_refused() {
    let mut s = market();
    place(&mut s, &[child_of(new(5, Side::Bid, OrderKind::Limit, 99, 1), 5)]);
    assert_eq!(s.end(5), (EventKind::Rejected, Reason::InvalidLink));
    place(&mut s, &[child_of(new(5, Side::Bid, OrderKind::Limit, 99, 1), 77)]);
    assert_eq!(s.end(5), (EventKind::Rejected, Reason::ParentClosed));
    place(&mut s, &[in_group(new(5, Side::Bid, OrderKind::Limit, 99, 1), 77, GroupRule::Reduce)]);
    assert_eq!(s.end(5), (EventKind::Rejected, Reason::GroupClosed));
    place(&mut s, &[in_group(new(5, Side::Bid, OrderKind::Limit, 99, 1), NO_ORDER, GroupRule::Reduce)]);
    assert_eq!(s.kinds(5).last(), Some(&EventKind::Accepted));
}
