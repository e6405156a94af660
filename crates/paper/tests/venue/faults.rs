//! What goes wrong on demand, and that it goes wrong in the same places again.

use proptest::prelude::*;
use tickwright_paper::{
    EventKind, Fault, FaultKind, FillModel, LatencyModel, OrderKind, PaperConfig, PaperVenue, Reason, Request, TradeIds,
};
use tickwright_types::{Money, Side};

use crate::invariants::{as_fed, steps};
use crate::support::{perpetual, rich, Session, ASK, BID};

fn always(kind: FaultKind) -> Fault {
    Fault { kind, from_ns: 0, until_ns: i64::MAX, share: "1".parse().unwrap() }
}

fn during(from_ns: i64, until_ns: i64, kind: FaultKind) -> Fault {
    Fault { from_ns, until_ns, ..always(kind) }
}

fn config(faults: Vec<Fault>) -> PaperConfig {
    PaperConfig { faults, ..rich(FillModel::conservative()) }
}

fn market(faults: Vec<Fault>) -> Session {
    let mut s = Session::new(&config(faults), &[perpetual()]);
    s.level(BID, 100, 10);
    s.level(ASK, 105, 10);
    s
}

fn wait(s: &mut Session, ns: i64) {
    s.recv_ns += ns - 1_000;
    s.pass();
}

#[test]
fn a_delayed_answer_lets_the_fill_overtake_it() {
    let mut s = market(vec![always(FaultKind::AckDelay { ns: 50_000 })]);
    let id = s.order(Side::Bid, OrderKind::Limit, 105, 5);
    assert_eq!(s.kinds(id), [EventKind::Fill]);
    wait(&mut s, 49_000);
    assert_eq!(s.kinds(id), [EventKind::Fill]);
    wait(&mut s, 1_000);
    assert_eq!(s.kinds(id), [EventKind::Fill, EventKind::Accepted]);
    assert!(s.events.is_sorted_by_key(|e| (e.deliver_at_ns, e.seq)));
}

#[test]
fn a_lost_answer_is_told_as_no_answer_after_the_time_out_and_a_query_tells_the_truth() {
    let mut s = market(vec![during(0, 10_000, FaultKind::LostAck { timeout_ns: 20_000 })]);
    let id = s.order(Side::Bid, OrderKind::Limit, 101, 5);
    assert_eq!(s.kinds(id), []);
    wait(&mut s, 20_000);
    assert_eq!((s.kinds(id), s.end(id).1), (vec![EventKind::Unanswered], Reason::NoAnswer));
    s.send(Request::Query { order_id: id });
    s.pass();
    assert_eq!((s.last().kind, s.last().leaves_lots), (EventKind::Status, 5));
    s.send(Request::Query { order_id: 77 });
    s.pass();
    assert_eq!((s.last().kind, s.last().reason), (EventKind::Rejected, Reason::UnknownOrder));
    s.sold(101, 5);
    assert_eq!(s.fills(id), [(101, 5, true)], "it lived all the time");
    s.send(Request::Query { order_id: id });
    s.pass();
    assert_eq!((s.last().kind, s.last().leaves_lots), (EventKind::Status, 0));
}

#[test]
fn a_lost_answer_to_a_cancel_is_found_out_by_a_query() {
    let mut s = market(vec![during(10_000, 20_000, FaultKind::LostAck { timeout_ns: 5_000 })]);
    let id = s.order(Side::Bid, OrderKind::Limit, 101, 5);
    s.recv_ns = 11_000;
    s.send(Request::Cancel { order_id: id });
    s.pass();
    wait(&mut s, 15_000);
    s.send(Request::Query { order_id: id });
    s.pass();
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Unanswered, EventKind::Cancelled]);
    assert_eq!(s.last().reason, Reason::AlreadyClosed);
}

#[test]
fn a_fill_told_twice_has_one_trade_id_and_counts_once() {
    let mut s = market(vec![always(FaultKind::DuplicateFill)]);
    let id = s.order(Side::Bid, OrderKind::Limit, 105, 5);
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Fill, EventKind::Fill]);
    let (mut ids, mut ledger) =
        (TradeIds::default(), Session::new(&config(vec![]), &[perpetual()]).venue.account().clone());
    for event in s.events.iter().filter(|event| event.kind != EventKind::Fill || ids.is_new(event.trade_id)) {
        ledger.apply(event);
    }
    assert_eq!(ledger.position(0).lots, 5);
    assert_eq!(s.venue.account().position(0).lots, 5);
}

#[test]
fn a_late_fill_comes_after_the_answer_to_the_cancel() {
    let mut s = market(vec![always(FaultKind::LateFill { ns: 30_000 })]);
    let id = s.order(Side::Bid, OrderKind::Limit, 101, 5);
    s.sold(101, 3);
    s.send(Request::Cancel { order_id: id });
    s.pass();
    assert_eq!(s.kinds(id), [EventKind::Accepted, EventKind::Cancelled]);
    assert_eq!((s.last().cum_lots, s.last().leaves_lots), (3, 2), "the answer knows of it");
    wait(&mut s, 30_000);
    assert_eq!((s.last().kind, s.last().size_lots), (EventKind::Fill, 3));
}

#[test]
fn a_burst_of_rejections_refuses_orders_and_amendments_and_lets_cancels_through() {
    let mut s = market(vec![during(10_000, 20_000, FaultKind::RejectBurst)]);
    let id = s.order(Side::Bid, OrderKind::Limit, 101, 5);
    s.recv_ns = 11_000;
    let refused = s.order(Side::Bid, OrderKind::Limit, 101, 5);
    assert_eq!(s.end(refused), (EventKind::Rejected, Reason::Refused));
    s.send(Request::Amend { order_id: id, price_ticks: 100, size_lots: 5 });
    s.pass();
    assert_eq!(s.end(id), (EventKind::AmendRejected, Reason::Refused));
    s.send(Request::Cancel { order_id: id });
    s.pass();
    assert_eq!(s.end(id), (EventKind::Cancelled, Reason::ByOwner));
    s.recv_ns = 21_000;
    let taken = s.order(Side::Bid, OrderKind::Limit, 101, 5);
    assert_eq!(s.kinds(taken), [EventKind::Accepted]);
}

#[test]
fn a_rate_limit_on_demand_ends_with_its_time() {
    let mut s = market(vec![during(0, 10_000, FaultKind::RateLimit { requests: 1, window_ns: 1_000_000 })]);
    let ids: Vec<u32> = (0..3).map(|k| s.order(Side::Bid, OrderKind::Limit, 100 - k, 5)).collect();
    assert_eq!(s.kinds(ids[0]), [EventKind::Accepted]);
    assert_eq!(s.end(ids[1]), (EventKind::Rejected, Reason::RateLimited));
    assert_eq!(s.end(ids[2]), (EventKind::Rejected, Reason::RateLimited));
    s.recv_ns = 20_000;
    let id = s.order(Side::Bid, OrderKind::Limit, 90, 5);
    assert_eq!(s.kinds(id), [EventKind::Accepted]);
}

#[test]
fn while_the_connection_is_down_requests_are_lost_and_news_waits() {
    for cancel_orders in [false, true] {
        let cut = FaultKind::Disconnect { timeout_ns: 5_000, cancel_orders };
        let mut s = market(vec![during(10_000, 50_000, cut)]);
        let resting = s.order(Side::Bid, OrderKind::Limit, 101, 5);
        s.recv_ns = 11_000;
        let lost = s.order(Side::Bid, OrderKind::Limit, 101, 5);
        s.sold(101, 5);
        wait(&mut s, 5_000);
        assert_eq!(s.kinds(resting), [EventKind::Accepted], "no news comes through");
        assert_eq!(s.end(lost), (EventKind::Unanswered, Reason::Disconnected));
        s.recv_ns = 49_000;
        s.pass();
        let (kind, lots) = if cancel_orders { (EventKind::Cancelled, 0) } else { (EventKind::Fill, 5) };
        assert_eq!(s.kinds(resting), [EventKind::Accepted, kind]);
        assert_eq!(s.venue.account().position(0).lots, lots);
        s.send(Request::Query { order_id: lost });
        s.pass();
        assert_eq!(s.end(lost), (EventKind::Rejected, Reason::UnknownOrder));
    }
}

#[test]
fn faults_that_cannot_be_are_refused() {
    let good = always(FaultKind::DuplicateFill);
    for bad in [
        Fault { until_ns: 0, ..good.clone() },
        Fault { share: "0".parse().unwrap(), ..good.clone() },
        Fault { share: "1.5".parse().unwrap(), ..good.clone() },
        always(FaultKind::AckDelay { ns: 0 }),
        always(FaultKind::RateLimit { requests: 1, window_ns: -1 }),
        always(FaultKind::Disconnect { timeout_ns: i64::MAX, cancel_orders: false }),
    ] {
        let error = PaperVenue::new(&config(vec![bad.clone()]), &[perpetual()]).unwrap_err();
        assert_eq!(error.code(), "E_FAULT", "{bad:?}: {error}");
    }
    assert!(PaperVenue::new(&config(vec![good]), &[perpetual()]).is_ok());
}

fn fault() -> impl Strategy<Value = Fault> {
    let kind = (0usize..7, 1i64..400, 1u32..4).prop_map(|(kind, ns, requests)| match kind {
        0 => FaultKind::AckDelay { ns },
        1 => FaultKind::LostAck { timeout_ns: ns },
        2 => FaultKind::DuplicateFill,
        3 => FaultKind::LateFill { ns },
        4 => FaultKind::RejectBurst,
        5 => FaultKind::RateLimit { requests, window_ns: ns },
        _ => FaultKind::Disconnect { timeout_ns: ns, cancel_orders: requests == 1 },
    });
    (kind, 0i64..3_000, 1i64..3_000, 1i64..=10).prop_map(|(kind, from_ns, length, tenths)| Fault {
        kind,
        from_ns,
        until_ns: from_ns + length,
        share: format!("{}", f64::from(tenths as i32) / 10.0).parse().unwrap(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_same_faults_strike_again_and_no_lot_is_lost_or_counted_twice(
        steps in steps(), faults in proptest::collection::vec(fault(), 1..5), seed: u64, latency in 0i64..100,
    ) {
        let mut config = PaperConfig { seed, ..config(faults) };
        if latency > 0 {
            config.response_latency = LatencyModel::Uniform { min_ns: 0, max_ns: latency };
        }
        let run = || {
            let mut s = Session::new(&config, &[perpetual(), perpetual()]);
            for step in &steps {
                s.feed(&as_fed(&step.tick, false));
                if let Some(request) = step.request {
                    s.send(request);
                }
            }
            while let Some(event) = s.venue.pop_event(i64::MAX) {
                s.events.push(event);
            }
            s
        };
        let s = run();
        prop_assert_eq!(&s.events, &run().events);
        prop_assert!(s.events.is_sorted_by_key(|event| event.deliver_at_ns));
        let (mut ids, mut lots, mut fees) = (TradeIds::default(), [0; 2], Money::ZERO);
        for event in s.events.iter().filter(|event| event.kind == EventKind::Fill && ids.is_new(event.trade_id)) {
            lots[usize::from(event.instrument)] += event.size_lots * Side::from_index(usize::from(event.side)).sign();
            fees += event.fee;
        }
        for (instrument, lots) in lots.into_iter().enumerate() {
            prop_assert_eq!(s.venue.account().position(instrument).lots, lots);
        }
        prop_assert_eq!(fees, s.venue.account().positions().iter().map(|position| position.fees).sum::<Money>());
    }
}
