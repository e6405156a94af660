//! Stops: what sets them off, when they meet the book, and how a trailing one follows.

use tickwright_paper::{Conditions, EventKind, FillModel, OrderKind, Reason, Request, TriggerBy};
use tickwright_types::{Money, Side};

use crate::support::{instrument, rich, Session, ASK, BID};

fn market() -> Session {
    let mut session = Session::of(FillModel::conservative());
    session.level(BID, 100, 50);
    session.level(ASK, 105, 50);
    session
}

fn stop_at(trigger_ticks: i64) -> Conditions {
    Conditions { trigger_ticks, ..Conditions::NONE }
}

fn trail(trail_ticks: i64, trigger_ticks: i64) -> Conditions {
    Conditions { trail_ticks, trigger_ticks, ..Conditions::NONE }
}

#[test]
fn a_stop_fires_once_and_only_after_its_trigger_traded() {
    let mut s = market();
    let id = s.order_with(Side::Ask, OrderKind::StopMarket, 0, 5, stop_at(98));
    s.sold(99, 500);
    s.level(BID, 100, 0);
    s.level(BID, 97, 50);
    assert_eq!(s.kinds(id), [EventKind::Accepted], "a quote below the trigger is no trade");
    s.sold(98, 1);
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Triggered]);
    s.pass();
    assert_eq!(s.fills(id), [(97, 5, false)], "it takes what the next record finds");
    s.sold(90, 1);
    s.pass();
    assert_eq!(s.kinds(id).len(), 3);
    assert_eq!(s.venue.waiting_orders(0).count(), 0);
}

#[test]
fn a_buy_stop_waits_for_a_trade_at_or_above_its_trigger() {
    let mut s = market();
    let id = s.order_with(Side::Bid, OrderKind::StopMarket, 0, 5, stop_at(107));
    s.bought(106, 1);
    assert_eq!(s.kinds(id), [EventKind::Accepted]);
    s.bought(107, 1);
    s.pass();
    assert_eq!(s.fills(id), [(105, 5, false)]);
}

#[test]
fn a_stop_limit_becomes_a_limit_order_that_takes_and_rests() {
    let mut s = market();
    let id = s.order_with(Side::Ask, OrderKind::StopLimit, 99, 60, stop_at(98));
    assert_eq!(s.venue.account().reserved(0), Money::ZERO, "what waits sets nothing aside");
    s.level(BID, 100, 20);
    s.sold(98, 1);
    s.pass();
    assert_eq!(s.fills(id), [(100, 20, false)]);
    let order = s.venue.live_orders(0, Side::Ask).next().unwrap();
    assert_eq!((order.order_id, order.price_ticks, order.leaves_lots, order.is_waiting), (id, 99, 40, false));
    s.bought(99, 40);
    assert_eq!(s.fills(id), [(100, 20, false), (99, 40, true)]);
}

#[test]
fn a_stop_by_the_touch_fires_without_a_trade() {
    let mut s = market();
    let by_touch = Conditions { trigger_by: TriggerBy::Touch, ..stop_at(98) };
    let sell = s.order_with(Side::Ask, OrderKind::StopMarket, 0, 5, by_touch);
    let buy = s.order_with(Side::Bid, OrderKind::StopMarket, 0, 5, Conditions { trigger_ticks: 107, ..by_touch });
    s.sold(98, 1);
    s.level(BID, 99, 10);
    s.level(BID, 100, 0);
    assert_eq!((s.kinds(sell).len(), s.kinds(buy).len()), (1, 1));
    s.level(BID, 98, 10);
    s.level(BID, 99, 0);
    s.pass();
    assert_eq!(s.fills(sell), [(98, 5, false)]);
    s.level(ASK, 108, 10);
    s.level(ASK, 105, 0);
    s.pass();
    assert_eq!(s.fills(buy), [(108, 5, false)]);
}

#[test]
fn a_trailing_sell_follows_the_best_trade_and_never_goes_back() {
    let mut s = market();
    let id = s.order_with(Side::Ask, OrderKind::TrailingStop, 0, 5, trail(4, 0));
    let trigger = |s: &Session| s.venue.order(id).unwrap().conditions.trigger_ticks;
    assert_eq!(trigger(&s), 96, "it starts from the bid that it would take");
    s.bought(106, 1);
    assert_eq!(trigger(&s), 102);
    s.sold(103, 1);
    assert_eq!(trigger(&s), 102);
    assert_eq!(s.kinds(id), [EventKind::Accepted]);
    s.sold(102, 1);
    s.pass();
    assert_eq!(s.fills(id), [(100, 5, false)]);
}

#[test]
fn a_trailing_buy_follows_downwards_from_its_starting_price() {
    let mut s = market();
    let id = s.order_with(Side::Bid, OrderKind::TrailingStop, 0, 5, trail(2, 103));
    s.bought(110, 1);
    assert_eq!(s.venue.order(id).unwrap().conditions.trigger_ticks, 103, "it does not trail yet");
    s.sold(103, 1);
    s.sold(99, 1);
    s.bought(100, 1);
    assert_eq!(s.venue.order(id).unwrap().conditions.trigger_ticks, 101);
    s.bought(101, 1);
    s.pass();
    assert_eq!(s.fills(id), [(105, 5, false)]);
}

#[test]
fn a_waiting_stop_can_be_moved_amended_and_cancelled() {
    let mut s = market();
    let id = s.order_with(Side::Ask, OrderKind::StopLimit, 95, 5, stop_at(98));
    s.send(Request::MoveTrigger { order_id: id, trigger_ticks: 96 });
    s.send(Request::Amend { order_id: id, price_ticks: 94, size_lots: 7 });
    s.sold(97, 1);
    let order = s.venue.waiting_orders(0).next().unwrap();
    assert_eq!((order.conditions.trigger_ticks, order.price_ticks, order.leaves_lots), (96, 94, 7));
    s.send(Request::Cancel { order_id: id });
    s.sold(90, 1);
    s.pass();
    assert_eq!(
        s.kinds(id),
        [EventKind::Accepted, EventKind::Amended, EventKind::Amended, EventKind::Cancelled],
        "what is cancelled is not set off"
    );
    let resting = s.order(Side::Bid, OrderKind::Limit, 90, 5);
    s.send(Request::MoveTrigger { order_id: resting, trigger_ticks: 96 });
    s.pass();
    assert_eq!(s.end(resting), (EventKind::AmendRejected, Reason::InvalidTrigger));
}

#[test]
fn triggers_and_distances_that_cannot_be_are_refused() {
    let mut s = market();
    for (kind, conditions) in [
        (OrderKind::StopMarket, stop_at(0)),
        (OrderKind::StopLimit, stop_at(-5)),
        (OrderKind::StopMarket, trail(3, 98)),
        (OrderKind::TrailingStop, trail(0, 98)),
        (OrderKind::TrailingStop, trail(i64::MAX, 0)),
        (OrderKind::Limit, stop_at(98)),
    ] {
        let id = s.order_with(Side::Ask, kind, 90, 5, conditions);
        assert_eq!(s.end(id), (EventKind::Rejected, Reason::InvalidTrigger), "{kind:?} {conditions:?}");
    }
}

#[test]
fn a_stop_that_the_account_cannot_carry_when_it_is_set_off_is_cancelled_then() {
    let mut config = rich(FillModel::conservative());
    config.account.deposits.insert("USDT".to_owned(), "0.001".parse().unwrap());
    let mut s = Session::new(&config, &[instrument(&[])]);
    s.level(ASK, 105, 500);
    let id = s.order_with(Side::Bid, OrderKind::StopMarket, 0, 500, stop_at(106));
    s.bought(106, 1);
    s.pass();
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Triggered, EventKind::Cancelled]);
    assert_eq!(s.last().reason, Reason::InsufficientMargin);
}

#[test]
fn one_trade_sets_off_every_stop_that_it_reaches_in_the_order_in_which_they_came() {
    let mut s = market();
    let ids: Vec<u32> =
        [98, 99, 97].iter().map(|&t| s.order_with(Side::Ask, OrderKind::StopMarket, 0, 20, stop_at(t))).collect();
    s.sold(98, 1);
    s.pass();
    assert_eq!(s.fills(ids[0]), [(100, 20, false)]);
    assert_eq!(s.fills(ids[1]), [(100, 20, false)]);
    assert_eq!(s.kinds(ids[2]), [EventKind::Accepted]);
    s.send(Request::CancelAll { instrument: None });
    s.pass();
    assert_eq!(s.end(ids[2]), (EventKind::Cancelled, Reason::ByOwner));
}
