//! The life of an order: what is rejected and why, cancels and amendments, and who pays which fee.

use tickwright_paper::{Conditions, EventKind, FillModel, NewOrder, OrderKind, OrderState, Reason, Request, NO_ORDER};
use tickwright_types::{Money, Side};

use crate::support::{instrument, perpetual, rich, spot, with_latency, Session, ASK, BID};

fn conservative() -> Session {
    let mut session = Session::of(FillModel::conservative());
    session.level(BID, 100, 10);
    session.level(ASK, 105, 10);
    session
}

#[test]
fn a_post_only_order_that_would_cross_is_rejected_and_one_that_joins_is_accepted() {
    let mut s = conservative();
    for price in [105, 106] {
        let id = s.order(Side::Bid, OrderKind::PostOnly, price, 1);
        assert_eq!((s.kinds(id), s.last().reason), (vec![EventKind::Rejected], Reason::WouldCross));
    }
    let id = s.order(Side::Bid, OrderKind::PostOnly, 104, 1);
    assert_eq!(s.kinds(id), [EventKind::Accepted]);
}

#[test]
fn an_ioc_that_finds_nothing_expires_and_so_does_the_remainder_of_one_that_finds_some() {
    let mut s = conservative();
    let nothing = s.order(Side::Bid, OrderKind::Ioc, 104, 5);
    assert_eq!(s.kinds(nothing), [EventKind::Accepted, EventKind::Expired]);
    let some = s.order(Side::Bid, OrderKind::Ioc, 105, 15);
    assert_eq!(s.kinds(some), [EventKind::Accepted, EventKind::Fill, EventKind::Expired]);
    assert_eq!((s.last().cum_lots, s.last().leaves_lots), (10, 5));
    assert_eq!(s.venue.live_orders(0, Side::Bid).count(), 0);
}

#[test]
fn a_market_order_on_an_empty_book_fills_nothing_and_expires() {
    let mut s = Session::of(FillModel::conservative());
    let id = s.order(Side::Bid, OrderKind::Market, 0, 5);
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Expired]);
    assert_eq!((s.last().reason, s.last().cum_lots), (Reason::NoLiquidity, 0));
    assert_eq!(s.venue.account().reserved(0), Money::ZERO);
}

#[test]
fn every_reason_to_refuse_an_order_is_told_by_its_name() {
    let strict = instrument(&[("min_size", "0.0045"), ("min_notional", "0.1")]);
    let undated = instrument(&[("id", "X"), ("kind", "future")]);
    let mut config = rich(FillModel::conservative());
    config.account.deposits.insert("USDT".to_owned(), "1".parse().unwrap());
    let mut s = Session::new(&config, &[strict, undated, spot()]);
    let good = NewOrder {
        order_id: 1,
        instrument: 0,
        side: Side::Bid,
        kind: OrderKind::Limit,
        price_ticks: 200,
        size_lots: 5,
        conditions: Conditions::NONE,
    };
    for (order, reason) in [
        (good, Reason::None),
        (good, Reason::DuplicateOrderId),
        (NewOrder { order_id: 1 + 4096, ..good }, Reason::TooManyOrders),
        (NewOrder { order_id: NO_ORDER, ..good }, Reason::InvalidOrderId),
        (NewOrder { order_id: 2, instrument: 3, ..good }, Reason::UnknownInstrument),
        (NewOrder { order_id: 2, instrument: u16::MAX, ..good }, Reason::UnknownInstrument),
        (NewOrder { order_id: 2, instrument: 1, ..good }, Reason::NotTradable),
        (NewOrder { order_id: 2, size_lots: 0, ..good }, Reason::InvalidSize),
        (NewOrder { order_id: 2, size_lots: i64::MIN, ..good }, Reason::InvalidSize),
        (NewOrder { order_id: 2, size_lots: 4, ..good }, Reason::BelowMinSize),
        (NewOrder { order_id: 2, price_ticks: 0, ..good }, Reason::InvalidPrice),
        (NewOrder { order_id: 2, price_ticks: i64::MIN, ..good }, Reason::InvalidPrice),
        (NewOrder { order_id: 2, price_ticks: 199, ..good }, Reason::BelowMinNotional),
        (NewOrder { order_id: 2, price_ticks: i64::MAX, size_lots: i64::MAX, ..good }, Reason::OutOfRange),
        (NewOrder { order_id: 2, size_lots: 1_000_000, ..good }, Reason::InsufficientMargin),
        (NewOrder { order_id: 2, instrument: 2, size_lots: 100_000, ..good }, Reason::InsufficientBalance),
        (NewOrder { order_id: 2, instrument: 2, side: Side::Ask, ..good }, Reason::InsufficientBalance),
    ] {
        s.send(Request::Submit(order));
        s.pass();
        assert_eq!(s.last().reason, reason, "{order:?}");
        assert_eq!(s.last().kind == EventKind::Rejected, reason != Reason::None);
    }
    assert_eq!(s.venue.live_orders(0, Side::Bid).count(), 1);
    assert_eq!(s.venue.account().tradable(1, "X").unwrap_err().code(), "E_NOT_TRADABLE");
}

#[test]
fn a_rate_limit_refuses_orders_and_amendments_but_never_cancels() {
    let mut config = rich(FillModel::conservative());
    config.rate_limit = Some(tickwright_paper::RateLimit { requests: 2, window_ns: 1_000_000_000 });
    let mut s = Session::new(&config, &[perpetual()]);
    let id = s.order(Side::Bid, OrderKind::Limit, 100, 5);
    s.send(Request::Amend { order_id: id, price_ticks: 99, size_lots: 5 });
    s.pass();
    let late = s.order(Side::Bid, OrderKind::Limit, 100, 5);
    assert_eq!((s.kinds(late), s.last().reason), (vec![EventKind::Rejected], Reason::RateLimited));
    s.send(Request::Amend { order_id: id, price_ticks: 98, size_lots: 5 });
    s.send(Request::Cancel { order_id: id });
    s.pass();
    let [.., refused, cancelled] = &s.events[..] else { panic!() };
    assert_eq!((refused.kind, refused.reason), (EventKind::AmendRejected, Reason::RateLimited));
    assert_eq!(cancelled.kind, EventKind::Cancelled);
    s.recv_ns += 1_000_000_000;
    let next_window = s.order(Side::Bid, OrderKind::Limit, 100, 5);
    assert_eq!(s.kinds(next_window), [EventKind::Accepted]);
}

#[test]
fn a_smaller_size_keeps_the_place_in_the_queue_and_all_else_loses_it() {
    let mut s = conservative();
    let id = s.order(Side::Bid, OrderKind::Limit, 100, 8);
    s.level(BID, 100, 50);
    let amend = |s: &mut Session, price_ticks, size_lots| {
        s.send(Request::Amend { order_id: id, price_ticks, size_lots });
        s.pass();
        (s.last().kind, s.ahead(id))
    };
    assert_eq!(amend(&mut s, 100, 5), (EventKind::Amended, 10));
    assert_eq!(amend(&mut s, 100, 5), (EventKind::Amended, 10));
    assert_eq!(amend(&mut s, 100, 6), (EventKind::Amended, 50));
    s.sold(100, 30);
    assert_eq!(amend(&mut s, 101, 6), (EventKind::Amended, 0));
    assert_eq!(amend(&mut s, 100, 6), (EventKind::Amended, 50));
}

#[test]
fn an_amended_order_goes_behind_own_orders_that_were_there() {
    let mut s = Session::of(FillModel::conservative());
    let a = s.order(Side::Bid, OrderKind::Limit, 100, 8);
    let b = s.order(Side::Bid, OrderKind::Limit, 100, 8);
    s.send(Request::Amend { order_id: a, price_ticks: 100, size_lots: 9 });
    s.pass();
    s.sold(100, 8);
    assert_eq!((s.fills(a), s.fills(b)), (vec![], vec![(100, 8, true)]));
}

#[test]
fn an_amended_size_counts_what_is_filled_already() {
    let mut s = Session::of(FillModel::conservative());
    let id = s.order(Side::Bid, OrderKind::Limit, 100, 8);
    s.sold(100, 3);
    s.send(Request::Amend { order_id: id, price_ticks: 100, size_lots: 3 });
    s.pass();
    assert_eq!((s.last().kind, s.last().reason), (EventKind::AmendRejected, Reason::SizeBelowFilled));
    s.send(Request::Amend { order_id: id, price_ticks: 100, size_lots: 4 });
    s.pass();
    assert_eq!((s.last().kind, s.last().leaves_lots, s.last().cum_lots), (EventKind::Amended, 1, 3));
    s.sold(100, 3);
    assert_eq!(s.fills(id), [(100, 3, true), (100, 1, true)]);
}

#[test]
fn an_amendment_into_the_market_takes_unless_the_order_is_post_only() {
    let mut s = conservative();
    let limit = s.order(Side::Bid, OrderKind::Limit, 100, 4);
    s.send(Request::Amend { order_id: limit, price_ticks: 105, size_lots: 4 });
    s.pass();
    assert_eq!(s.kinds(limit), [EventKind::Accepted, EventKind::Amended, EventKind::Fill]);
    assert_eq!(s.fills(limit), [(105, 4, false)]);
    let maker = s.order(Side::Bid, OrderKind::PostOnly, 100, 4);
    s.send(Request::Amend { order_id: maker, price_ticks: 105, size_lots: 4 });
    s.pass();
    assert_eq!((s.last().kind, s.last().reason), (EventKind::AmendRejected, Reason::WouldCross));
    assert_eq!(s.venue.order(maker).unwrap().price_ticks, 100, "it stays as it was");
}

#[test]
fn a_cancel_of_an_unknown_ended_or_filled_order_changes_nothing() {
    let mut s = conservative();
    let cancelled = s.order(Side::Bid, OrderKind::Limit, 99, 4);
    let filled = s.order(Side::Bid, OrderKind::Limit, 105, 4);
    s.send(Request::Cancel { order_id: cancelled });
    s.pass();
    assert_eq!((s.last().kind, s.last().reason, s.last().leaves_lots), (EventKind::Cancelled, Reason::ByOwner, 4));
    for (order_id, reason) in
        [(cancelled, Reason::AlreadyClosed), (filled, Reason::AlreadyFilled), (77, Reason::UnknownOrder)]
    {
        let before = s.venue.account().clone();
        s.send(Request::Cancel { order_id });
        s.pass();
        assert_eq!((s.last().kind, s.last().reason, s.last().order_id), (EventKind::CancelRejected, reason, order_id));
        s.send(Request::Amend { order_id, price_ticks: 50, size_lots: 50 });
        s.pass();
        assert_eq!((s.last().kind, s.last().reason), (EventKind::AmendRejected, reason));
        assert_eq!(*s.venue.account(), before);
    }
}

#[test]
fn a_fill_on_the_way_beats_a_cancel_on_the_way() {
    let config = with_latency(rich(FillModel::conservative()), 10_000);
    let mut s = Session::new(&config, &[perpetual()]);
    let id = s.order(Side::Bid, OrderKind::Limit, 100, 4);
    s.recv_ns += 50_000;
    s.pass();
    s.send(Request::Cancel { order_id: id });
    s.sold(100, 4);
    s.recv_ns += 50_000;
    s.pass();
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Fill, EventKind::CancelRejected]);
    assert_eq!(s.last().reason, Reason::AlreadyFilled);
}

#[test]
fn cancel_all_ends_what_is_live_when_it_arrives_and_nothing_sent_later() {
    let mut s = Session::new(&rich(FillModel::conservative()), &[perpetual(), instrument(&[("id", "ETH")])]);
    let order = |order_id, instrument, side| {
        let kind = OrderKind::Limit;
        Request::Submit(NewOrder {
            order_id,
            instrument,
            side,
            kind,
            price_ticks: 100,
            size_lots: 5,
            conditions: Conditions::NONE,
        })
    };
    s.send(order(1, 0, Side::Bid));
    s.send(order(2, 0, Side::Ask));
    s.send(order(3, 1, Side::Bid));
    s.send(Request::CancelAll { instrument: Some(0) });
    s.send(order(4, 0, Side::Bid));
    s.pass();
    let ended: Vec<u32> = s.events.iter().filter(|e| e.kind == EventKind::Cancelled).map(|e| e.order_id).collect();
    assert_eq!(ended, [1, 2]);
    s.send(Request::CancelAll { instrument: None });
    s.send(Request::CancelAll { instrument: Some(9) });
    s.pass();
    assert_eq!(s.kinds(3).last(), Some(&EventKind::Cancelled));
    assert_eq!(s.kinds(4).last(), Some(&EventKind::Cancelled));
    assert_eq!(s.venue.account().reserved(0), Money::ZERO);
}

#[test]
fn maker_or_taker_is_decided_when_an_order_arrives_and_decides_the_fee() {
    let mut s = conservative();
    let id = s.order(Side::Bid, OrderKind::Limit, 105, 25);
    s.sold(105, 15);
    let fees: Vec<(bool, String)> =
        s.events.iter().filter(|e| e.kind == EventKind::Fill).map(|e| (e.maker, e.fee.to_string())).collect();
    // 10 lots of 0.001 at 10.5 = 0.105: 6 bps; 15 lots = 0.1575: 2 bps.
    assert_eq!(fees, [(false, "0.000063".to_owned()), (true, "0.0000315".to_owned())]);
    assert_eq!(s.venue.order(id).unwrap().state, OrderState::Filled);
}

#[test]
fn fees_of_the_account_replace_those_of_the_instrument_and_a_rebate_is_negative() {
    let mut config = rich(FillModel::conservative());
    config.account.maker_fee = Some("-0.0001".parse().unwrap());
    let mut s = Session::new(&config, &[perpetual()]);
    s.order(Side::Bid, OrderKind::Limit, 100, 1000);
    s.sold(99, 1000);
    assert_eq!(s.last().fee.to_string(), "-0.001");
    assert_eq!(s.venue.account().equity(0).to_string(), "1000000000000.001");
}

#[test]
fn a_place_is_free_again_once_its_order_has_ended() {
    let mut s = conservative();
    let order = |order_id| {
        let (side, kind) = (Side::Bid, OrderKind::Limit);
        Request::Submit(NewOrder {
            order_id,
            instrument: 0,
            side,
            kind,
            price_ticks: 90,
            size_lots: 5,
            conditions: Conditions::NONE,
        })
    };
    for order_id in [5, 5 + 4096, 5] {
        s.send(order(order_id));
        s.send(Request::Cancel { order_id });
        s.pass();
        assert_eq!((s.last().kind, s.last().order_id), (EventKind::Cancelled, order_id));
    }
}

#[test]
fn all_4096_places_can_be_live_at_once() {
    let mut s = conservative();
    for order_id in 0..4097 {
        let (side, kind) = (Side::Bid, OrderKind::Limit);
        let price_ticks = 1 + i64::from(order_id % 97);
        s.send(Request::Submit(NewOrder {
            order_id,
            instrument: 0,
            side,
            kind,
            price_ticks,
            size_lots: 5,
            conditions: Conditions::NONE,
        }));
    }
    s.pass();
    assert_eq!(s.venue.live_orders(0, Side::Bid).count(), 4096);
    assert_eq!((s.last().order_id, s.last().reason), (4096, Reason::TooManyOrders));
    s.send(Request::CancelAll { instrument: None });
    s.pass();
    assert_eq!(s.venue.live_orders(0, Side::Bid).count(), 0);
}

#[test]
fn margin_is_the_larger_exposure_over_leverage_and_is_checked_on_arrival() {
    for (side, price, spare) in [(Side::Bid, 100, 110), (Side::Ask, 110, 100)] {
        let mut config = rich(FillModel::conservative());
        config.account.deposits.insert("USDT".to_owned(), "1.1".parse().unwrap());
        let mut s = Session::new(&config, &[perpetual()]);
        // 1 BTC at 10 or 11 with leverage 10 needs 1 or 1.1.
        let first = s.order(side, OrderKind::Limit, price, 1000);
        let needed = Money::ratio(i128::from(price), 100);
        assert_eq!((s.kinds(first), s.venue.account().reserved(0)), (vec![EventKind::Accepted], needed));
        let more = s.order(side, OrderKind::Limit, price, 101);
        assert_eq!((s.kinds(more), s.last().reason), (vec![EventKind::Rejected], Reason::InsufficientMargin));
        // The other side could at most turn the position round: no more than the larger of both is needed.
        let other = s.order(side.opposite(), OrderKind::Limit, spare, 900);
        assert_eq!((s.kinds(other), s.venue.account().reserved(0)), (vec![EventKind::Accepted], needed));
    }
}

#[test]
fn the_account_caps_leverage_and_the_check_can_be_left_out() {
    let mut config = rich(FillModel::conservative());
    config.account.deposits.insert("USDT".to_owned(), "1".parse().unwrap());
    config.account.leverage = Some("2".parse().unwrap());
    let mut capped = Session::new(&config, &[perpetual()]);
    let (fits, beyond) = (200, 201);
    for (lots, kind) in [(beyond, EventKind::Rejected), (fits, EventKind::Accepted)] {
        let id = capped.order(Side::Bid, OrderKind::Limit, 100, lots);
        assert_eq!(capped.kinds(id), [kind]);
    }
    config.account.check_funds = false;
    let mut free = Session::new(&config, &[perpetual()]);
    let id = free.order(Side::Bid, OrderKind::Limit, 100, 1_000_000);
    assert_eq!(free.kinds(id), [EventKind::Accepted]);
}
