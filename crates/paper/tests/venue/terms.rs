//! How much an order may fill, for how long, and only against a position: FOK, GTD and day, reduce-only.

use tickwright_paper::{Conditions, EventKind, FillModel, OrderKind, Reason, Request, TimeInForce};
use tickwright_types::Side;

use crate::support::{perpetual, rich, Session, ASK, BID};

const REDUCE: Conditions = Conditions { reduce_only: true, ..Conditions::NONE };
const DAY_NS: i64 = 86_400_000_000_000;

fn market() -> Session {
    let mut session = Session::of(FillModel::conservative());
    session.level(BID, 100, 10);
    session.level(ASK, 105, 10);
    session.level(ASK, 106, 10);
    session
}

#[test]
fn a_fill_or_kill_order_fills_whole_or_leaves_the_book_untouched() {
    let mut s = market();
    let too_large = s.order(Side::Bid, OrderKind::Fok, 106, 21);
    assert_eq!(s.kinds(too_large), [EventKind::Accepted, EventKind::Expired]);
    assert_eq!(s.end(too_large), (EventKind::Expired, Reason::NoLiquidity));
    let too_low = s.order(Side::Bid, OrderKind::Fok, 105, 11);
    assert_eq!(s.kinds(too_low), [EventKind::Accepted, EventKind::Expired]);
    // Had the first one used anything up, this one would not be filled.
    let whole = s.order(Side::Bid, OrderKind::Fok, 106, 20);
    assert_eq!(s.fills(whole), [(105, 10, false), (106, 10, false)]);
    let nothing_left = s.order(Side::Bid, OrderKind::Fok, 106, 1);
    assert_eq!(s.end(nothing_left), (EventKind::Expired, Reason::NoLiquidity));
}

#[test]
fn a_fill_or_kill_order_counts_only_its_share_of_each_level() {
    let half = FillModel { participation: "0.5".parse().unwrap(), ..FillModel::conservative() };
    let mut s = Session::of(half);
    s.level(ASK, 105, 10);
    let six = s.order(Side::Bid, OrderKind::Fok, 105, 6);
    assert_eq!(s.end(six), (EventKind::Expired, Reason::NoLiquidity));
    let five = s.order(Side::Bid, OrderKind::Fok, 105, 5);
    assert_eq!(s.fills(five), [(105, 5, false)]);
}

#[test]
fn a_dated_order_fills_until_its_time_and_not_at_it() {
    for (early_ns, filled) in [(1, true), (0, false)] {
        let mut s = market();
        let until = TimeInForce::Gtd(s.recv_ns + 10_000);
        let id = s.order_with(Side::Bid, OrderKind::Limit, 101, 5, Conditions { until, ..Conditions::NONE });
        s.recv_ns += 10_000 - 2_000 - early_ns;
        s.sold(101, 5);
        assert_eq!(s.fills(id).len() == 1, filled, "{early_ns} ns before");
        if !filled {
            assert_eq!(s.end(id), (EventKind::Expired, Reason::TimeInForce));
            assert_eq!(s.last().venue_ns, s.recv_ns, "it ended at its time");
            assert_eq!(s.venue.live_orders(0, Side::Bid).count(), 0);
        }
    }
}

#[test]
fn a_date_that_is_over_is_refused_and_a_cancelled_order_does_not_expire() {
    let mut s = market();
    let dated = |ns| Conditions { until: TimeInForce::Gtd(ns), ..Conditions::NONE };
    let over = s.order_with(Side::Bid, OrderKind::Limit, 99, 5, dated(s.recv_ns));
    assert_eq!(s.end(over), (EventKind::Rejected, Reason::InvalidExpiry));
    let id = s.order_with(Side::Bid, OrderKind::Limit, 99, 5, dated(s.recv_ns + 5_000));
    s.send(Request::Cancel { order_id: id });
    s.recv_ns += 10_000;
    s.pass();
    s.pass();
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Expired, EventKind::CancelRejected]);
    let id = s.order_with(Side::Bid, OrderKind::Limit, 99, 5, dated(s.recv_ns + 50_000));
    s.send(Request::Cancel { order_id: id });
    s.pass();
    s.recv_ns += 100_000;
    s.pass();
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Cancelled]);
}

#[test]
fn a_day_order_ends_when_the_venues_day_ends() {
    for (day_ends_ns, ends_ns) in [(0, DAY_NS), (22 * DAY_NS / 24, 22 * DAY_NS / 24)] {
        let config = tickwright_paper::PaperConfig { day_ends_ns, ..rich(FillModel::conservative()) };
        let mut s = Session::new(&config, &[perpetual()]);
        s.recv_ns = DAY_NS / 2;
        let day = Conditions { until: TimeInForce::Day, ..Conditions::NONE };
        let id = s.order_with(Side::Bid, OrderKind::Limit, 99, 5, day);
        s.recv_ns = ends_ns - 1_001;
        s.pass();
        assert_eq!(s.kinds(id), [EventKind::Accepted]);
        s.pass();
        assert_eq!(s.end(id), (EventKind::Expired, Reason::TimeInForce));
        assert_eq!(s.last().venue_ns, ends_ns);
    }
}

#[test]
fn a_reduce_only_order_is_refused_without_a_position_and_never_turns_one_around() {
    let mut s = market();
    let flat = s.order_with(Side::Ask, OrderKind::Limit, 110, 5, REDUCE);
    assert_eq!(s.end(flat), (EventKind::Rejected, Reason::ReduceOnly));
    s.order(Side::Bid, OrderKind::Market, 0, 8);
    let grows = s.order_with(Side::Bid, OrderKind::Market, 0, 1, REDUCE);
    assert_eq!(s.end(grows), (EventKind::Rejected, Reason::ReduceOnly));
    let exit = s.order_with(Side::Ask, OrderKind::Market, 0, 9, REDUCE);
    assert_eq!(s.fills(exit), [(100, 8, false)]);
    assert_eq!(s.end(exit), (EventKind::Cancelled, Reason::ReduceOnly));
    assert_eq!(s.venue.account().position(0).lots, 0);
}

#[test]
fn resting_reduce_only_orders_share_the_position_and_end_with_it() {
    let mut s = market();
    s.order(Side::Bid, OrderKind::Market, 0, 8);
    let first = s.order_with(Side::Ask, OrderKind::Limit, 107, 6, REDUCE);
    let second = s.order_with(Side::Ask, OrderKind::Limit, 108, 6, REDUCE);
    let plain = s.order(Side::Ask, OrderKind::Limit, 109, 6);
    s.bought(110, 100);
    assert_eq!(s.fills(first), [(107, 6, true)]);
    assert_eq!(s.fills(second), [(108, 2, true)]);
    assert_eq!(s.fills(plain), [(109, 6, true)], "an order that may open a position does");
    assert_eq!(s.end(second), (EventKind::Cancelled, Reason::ReduceOnly));
    assert_eq!(s.venue.account().position(0).lots, -6);
    assert_eq!(s.venue.live_orders(0, Side::Ask).count(), 0);
}

#[test]
fn a_fill_or_kill_order_that_may_only_reduce_part_of_its_size_expires() {
    let mut s = market();
    s.order(Side::Bid, OrderKind::Market, 0, 3);
    let id = s.order_with(Side::Ask, OrderKind::Fok, 100, 4, REDUCE);
    assert_eq!(s.end(id), (EventKind::Expired, Reason::NoLiquidity));
    assert_eq!(s.venue.account().position(0).lots, 3);
}
