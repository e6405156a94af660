//! Documented examples of other simulators, number by number, under the preset that each belongs to.

use tickwright_paper::{EventKind, FillModel, MatchOn, OrderKind, PassiveFill, QueueModel, Reason, TakerFill};
use tickwright_types::{Side, TickKind, NO_SIDE};

use crate::support::{Session, ASK, BID};

fn conservative() -> Session {
    Session::of(FillModel::conservative())
}

fn top_of_book(model: FillModel) -> Session {
    let mut session = Session::of(model);
    session.venue.set_match_on(0, MatchOn::TopOfBook);
    session
}

#[test]
fn consumed_liquidity_stays_consumed_until_the_level_changes() {
    let mut s = conservative();
    s.level(ASK, 100, 100);
    let first = s.order(Side::Bid, OrderKind::Ioc, 100, 30);
    let second = s.order(Side::Bid, OrderKind::Ioc, 100, 50);
    assert_eq!((s.fills(first), s.fills(second)), (vec![(100, 30, false)], vec![(100, 50, false)]));
    // 80 are used up: 20 are left.
    let third = s.order(Side::Bid, OrderKind::Ioc, 100, 100);
    assert_eq!(s.fills(third), [(100, 20, false)]);
    // The same size stated again says nothing new; 120 does.
    s.level(ASK, 100, 100);
    let fourth = s.order(Side::Bid, OrderKind::Ioc, 100, 1);
    assert_eq!(s.kinds(fourth), [EventKind::Accepted, EventKind::Expired]);
    s.level(ASK, 100, 120);
    let fifth = s.order(Side::Bid, OrderKind::Ioc, 100, 200);
    assert_eq!(s.fills(fifth), [(100, 120, false)]);
}

#[test]
fn without_consumption_the_same_size_can_fill_twice() {
    let mut s = Session::of(FillModel { consume_liquidity: false, ..FillModel::conservative() });
    s.level(ASK, 100, 100);
    for _ in 0..2 {
        let id = s.order(Side::Bid, OrderKind::Ioc, 100, 100);
        assert_eq!(s.fills(id), [(100, 100, false)]);
    }
}

#[test]
fn a_resting_order_on_best_quotes_gets_what_is_quoted_at_its_own_price() {
    let mut s = top_of_book(FillModel::conservative());
    s.quote(BID, 9_990, 10);
    s.quote(ASK, 10_010, 10);
    let buy = s.order(Side::Bid, OrderKind::Limit, 10_005, 1000);
    s.quote(ASK, 10_000, 30);
    s.quote(ASK, 9_995, 200);
    assert_eq!(s.fills(buy), [(10_005, 30, true), (10_005, 200, true)]);
    assert_eq!(s.venue.order(buy).unwrap().leaves_lots, 770);
}

#[test]
fn a_quote_repeated_unchanged_is_not_new_liquidity() {
    let mut s = top_of_book(FillModel::conservative());
    s.quote(ASK, 101, 10);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 50);
    for _ in 0..3 {
        s.quote(ASK, 100, 30);
    }
    assert_eq!(s.fills(buy), [(100, 30, true)]);
}

#[test]
fn a_trade_through_a_resting_buy_fills_it_at_its_limit_up_to_the_traded_size() {
    let mut s = conservative();
    let buy = s.order(Side::Bid, OrderKind::Limit, 10_005, 50);
    let sell = s.order(Side::Ask, OrderKind::Limit, 10_020, 50);
    s.sold(10_000, 20);
    assert_eq!(s.fills(buy), [(10_005, 20, true)]);
    assert_eq!(s.fills(sell), []);
    s.sold(10_000, 100);
    assert_eq!(s.fills(buy), [(10_005, 20, true), (10_005, 30, true)]);
}

#[test]
fn a_queue_of_100_lets_a_buy_of_50_through_after_sells_of_80_30_and_50() {
    let mut s = conservative();
    s.level(BID, 100, 100);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 50);
    s.sold(100, 80);
    assert_eq!((s.ahead(buy), s.fills(buy)), (20, vec![]));
    s.sold(100, 30);
    s.sold(100, 50);
    assert_eq!(s.fills(buy), [(100, 10, true), (100, 40, true)]);
    assert_eq!(s.last().leaves_lots, 0);
}

#[test]
fn wrong_side_trades_do_nothing_and_trades_without_aggressor_meet_both_sides() {
    let mut s = conservative();
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 5);
    let sell = s.order(Side::Ask, OrderKind::Limit, 100, 5);
    assert_eq!(s.kinds(sell).len(), 1, "own orders do not trade with each other");
    s.bought(99, 9);
    assert_eq!((s.fills(buy), s.fills(sell)), (vec![], vec![]));
    s.next(TickKind::Trade, NO_SIDE, 100, 3);
    assert_eq!((s.fills(buy), s.fills(sell)), (vec![(100, 3, true)], vec![(100, 3, true)]));
}

#[test]
fn a_deleted_level_leaves_nobody_ahead() {
    let mut s = conservative();
    s.level(BID, 100, 100);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 50);
    s.level(BID, 100, 0);
    s.level(BID, 100, 70);
    assert_eq!(s.ahead(buy), 0);
}

#[test]
fn on_best_quotes_an_order_below_the_best_learns_its_queue_when_the_best_comes_to_it() {
    let mut s = top_of_book(FillModel::conservative());
    s.quote(BID, 100, 10);
    let buy = s.order(Side::Bid, OrderKind::Limit, 99, 5);
    assert_eq!(s.venue.order(buy).unwrap().ahead_lots, None);
    s.sold(99, 1_000);
    assert_eq!(s.fills(buy), [], "nobody can know what stood there");
    s.quote(BID, 99, 40);
    assert_eq!(s.ahead(buy), 40);
    s.sold(99, 42);
    assert_eq!(s.fills(buy), [(99, 2, true)]);
    s.quote(BID, 98, 5);
    assert_eq!(s.ahead(buy), 0);
}

#[test]
fn the_passive_fill_ratio_scales_what_reaches_resting_orders_on_best_quotes() {
    let mut s = top_of_book(FillModel { passive_fill_ratio: "0.5".parse().unwrap(), ..FillModel::conservative() });
    s.quote(ASK, 101, 10);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 100);
    s.sold(99, 21);
    s.quote(ASK, 100, 30);
    assert_eq!(s.fills(buy), [(100, 10, true), (100, 15, true)]);
}

#[test]
fn instruments_matched_on_depth_ignore_quotes_and_those_on_quotes_ignore_levels() {
    let mut depth = conservative();
    depth.level(ASK, 102, 10);
    let buy = depth.order(Side::Bid, OrderKind::Limit, 100, 5);
    depth.quote(ASK, 90, 1_000);
    assert_eq!(depth.fills(buy), []);
    let mut top = top_of_book(FillModel::conservative());
    top.quote(ASK, 102, 10);
    let buy = top.order(Side::Bid, OrderKind::Limit, 100, 5);
    top.level(ASK, 90, 1_000);
    assert_eq!(top.fills(buy), []);
}

#[test]
fn a_taker_on_best_quotes_gets_the_quoted_size_and_nothing_unseen() {
    let mut s = top_of_book(FillModel::conservative());
    s.quote(ASK, 100, 7);
    let buy = s.order(Side::Bid, OrderKind::Market, 0, 10);
    assert_eq!(s.fills(buy), [(100, 7, false)]);
    assert_eq!((s.last().kind, s.last().reason, s.last().leaves_lots), (EventKind::Expired, Reason::NoLiquidity, 3));
}

#[test]
fn a_taker_walks_the_depth_and_tells_the_touch_it_started_from() {
    let mut s = conservative();
    for (price, lots) in [(1002, 3), (1001, 2), (1000, 1)] {
        s.level(ASK, price, lots);
    }
    let buy = s.order(Side::Bid, OrderKind::Limit, 1001, 9);
    assert_eq!(s.fills(buy), [(1000, 1, false), (1001, 2, false)]);
    assert!(s.events.iter().filter(|e| e.kind == EventKind::Fill).all(|e| e.touch_ticks == 1000));
    // The remainder rests and is maker from then on, whatever happens to the book.
    s.level(ASK, 1001, 4);
    assert_eq!(s.fills(buy).last(), Some(&(1001, 4, true)));
}

#[test]
fn participation_limits_what_a_taker_uses_of_each_level() {
    let mut s = Session::of(FillModel { participation: "0.25".parse().unwrap(), ..FillModel::conservative() });
    s.level(ASK, 100, 10);
    s.level(ASK, 101, 100);
    let buy = s.order(Side::Bid, OrderKind::Ioc, 101, 50);
    assert_eq!(s.fills(buy), [(100, 2, false), (101, 25, false)]);
}

#[test]
fn a_level_that_reaches_resting_orders_fills_them_by_priority_up_to_its_size() {
    let mut s = conservative();
    let low = s.order(Side::Bid, OrderKind::Limit, 99, 10);
    let first = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    let second = s.order(Side::Bid, OrderKind::Limit, 100, 10);
    s.level(ASK, 99, 25);
    assert_eq!(s.fills(first), [(100, 10, true)]);
    assert_eq!(s.fills(second), [(100, 10, true)]);
    assert_eq!(s.fills(low), [(99, 5, true)]);
    s.level(ASK, 99, 25);
    assert_eq!(s.fills(low).len(), 1, "the level is used up");
}

#[test]
fn the_whole_fill_rule_fills_below_zero_ahead_through_and_at_the_touch() {
    let mut s = Session::of(FillModel::hft_no_partial());
    s.level(BID, 100, 50);
    s.level(ASK, 105, 50);
    let queued = s.order(Side::Bid, OrderKind::PostOnly, 100, 1000);
    s.sold(100, 50);
    assert_eq!((s.ahead(queued), s.fills(queued)), (0, vec![]), "zero ahead is not below zero");
    s.sold(100, 1);
    assert_eq!(s.fills(queued), [(100, 1000, true)]);
    let through = s.order(Side::Bid, OrderKind::PostOnly, 100, 1000);
    s.sold(99, 1);
    assert_eq!(s.fills(through), [(100, 1000, true)]);
    let reached = s.order(Side::Bid, OrderKind::PostOnly, 100, 1000);
    s.level(ASK, 101, 1);
    assert_eq!(s.fills(reached), []);
    s.level(ASK, 100, 1);
    assert_eq!(s.fills(reached), [(100, 1000, true)]);
}

#[test]
fn under_the_whole_fill_rule_own_orders_are_not_ahead_of_each_other_and_takers_fill_whole_at_the_best() {
    let mut s = Session::of(FillModel::hft_no_partial());
    s.level(ASK, 105, 1);
    let taker = s.order(Side::Bid, OrderKind::Limit, 110, 1_000);
    assert_eq!(s.fills(taker), [(105, 1_000, false)]);
    let a = s.order(Side::Bid, OrderKind::PostOnly, 100, 10);
    let b = s.order(Side::Bid, OrderKind::PostOnly, 100, 10);
    s.sold(100, 1);
    assert_eq!((s.fills(a), s.fills(b)), (vec![(100, 10, true)], vec![(100, 10, true)]));
}

#[test]
fn the_partial_rule_fills_at_equal_prices_the_remainder_of_the_trade_and_whole_when_it_goes_through() {
    let mut s = Session::of(FillModel::hft_partial());
    s.level(BID, 100, 30);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 50);
    s.sold(100, 40);
    assert_eq!(s.fills(buy), [(100, 10, true)]);
    s.sold(99, 1);
    assert_eq!(s.fills(buy), [(100, 10, true), (100, 40, true)]);
}

#[test]
fn a_probabilistic_queue_moves_by_cancels_too() {
    let mut s = Session::of(FillModel::probabilistic());
    s.level(BID, 100, 60);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 5);
    s.level(BID, 100, 120);
    // F 60, B 60: p = 1/2 whatever the power; 40 cancelled, 20 of them ahead.
    s.level(BID, 100, 80);
    assert_eq!(s.ahead(buy), 40);
    s.sold(100, 42);
    assert_eq!(s.fills(buy), [(100, 2, true)]);
}

#[test]
fn every_part_of_a_fill_model_can_be_chosen_alone() {
    let model = FillModel {
        queue: QueueModel::Conservative,
        passive: PassiveFill::Partial,
        taker: TakerFill::WholeAtBest,
        ..FillModel::conservative()
    };
    let mut s = Session::of(model);
    s.level(ASK, 100, 1);
    let buy = s.order(Side::Bid, OrderKind::Ioc, 100, 9);
    assert_eq!(s.fills(buy), [(100, 9, false)]);
}

#[test]
fn a_replaced_book_caps_queues_and_fills_what_it_reaches() {
    let mut s = conservative();
    s.level(BID, 100, 100);
    s.level(ASK, 110, 100);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 50);
    let sell = s.order(Side::Ask, OrderKind::Limit, 105, 50);
    s.books[0] = crate::support::PlainBook::default();
    s.next(TickKind::SnapshotEnd, NO_SIDE, 0, 0);
    assert_eq!(s.ahead(buy), 100, "an empty side says nothing about its queues");
    s.books[0].set(BID, 100, 30);
    s.books[0].set(BID, 106, 20);
    s.books[0].set(ASK, 110, 9);
    s.next(TickKind::SnapshotEnd, NO_SIDE, 0, 0);
    assert_eq!(s.ahead(buy), 30);
    assert_eq!(s.fills(sell), [(105, 20, true)]);
}

#[test]
fn a_trade_through_the_price_leaves_nobody_ahead() {
    let mut s = conservative();
    s.level(BID, 100, 100);
    let buy = s.order(Side::Bid, OrderKind::Limit, 100, 50);
    s.sold(99, 20);
    assert_eq!((s.ahead(buy), s.fills(buy)), (0, vec![(100, 20, true)]));
    s.sold(100, 10);
    assert_eq!(s.fills(buy), [(100, 20, true), (100, 10, true)]);
}
