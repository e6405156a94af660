//! When a request is in force and when its owner learns what became of it.

use tickwright_paper::{
    Conditions, EventKind, FillModel, LatencyModel, LatencyRow, NewOrder, OrderKind, PaperConfig, PaperVenue, Reason,
    Request,
};
use tickwright_types::{Side, Tick, TickKind};

use crate::support::{perpetual, rich, with_latency, Session, ASK};

fn order(order_id: u32) -> Request {
    let (side, kind) = (Side::Bid, OrderKind::Limit);
    Request::Submit(NewOrder {
        order_id,
        instrument: 0,
        side,
        kind,
        price_ticks: 100,
        size_lots: 5,
        conditions: Conditions::NONE,
    })
}

fn trade(exch_ns: i64, recv_ns: i64) -> Tick {
    Tick { exch_ns, recv_ns, side: 1, price_ticks: 100, size_lots: 1, ..Tick::of(TickKind::Trade) }
}

fn session(entry: LatencyModel, response: LatencyModel) -> Session {
    let config =
        PaperConfig { entry_latency: entry, response_latency: response, seed: 7, ..rich(FillModel::conservative()) };
    Session::new(&config, &[perpetual()])
}

#[test]
fn a_record_of_the_same_venue_time_goes_before_the_request() {
    let mut s = Session::new(&with_latency(rich(FillModel::conservative()), 1_000), &[perpetual()]);
    s.feed(&trade(10, 11));
    s.send(order(1));
    assert_eq!(s.venue.next_request_ns(), 1_011);
    s.feed(&trade(1_011, 1_012));
    assert_eq!(s.venue.requests_in_flight(), 1);
    s.feed(&trade(1_012, 1_013));
    assert_eq!(s.venue.requests_in_flight(), 0);
    assert_eq!(s.venue.fills(), 1, "the record that brings it into force can fill it");
    // Accepted at 1 011 and filled at 1 012, each a microsecond away from us.
    assert!(s.events.is_empty());
    s.feed(&trade(2_000, 2_011));
    assert_eq!(s.events.iter().map(|e| e.deliver_at_ns).collect::<Vec<_>>(), [2_011]);
    s.feed(&trade(2_001, 2_012));
    assert_eq!((s.last().kind, s.last().venue_ns, s.last().deliver_at_ns), (EventKind::Fill, 1_012, 2_012));
}

#[test]
fn without_latency_a_command_is_in_force_from_the_next_record_and_news_comes_with_it() {
    let mut s = session(LatencyModel::None, LatencyModel::None);
    s.feed(&trade(10, 20));
    s.send(order(1));
    assert_eq!(s.venue.next_request_ns(), i64::MIN);
    // The next record has the same times and a venue time behind the receive time: in force all the same.
    s.feed(&trade(10, 20));
    assert_eq!(s.kinds(1), [EventKind::Accepted, EventKind::Fill]);
    assert_eq!((s.venue.next_request_ns(), s.venue.next_event_ns()), (i64::MAX, i64::MAX));
}

#[test]
fn a_connection_keeps_the_order_of_requests_and_of_news() {
    let uniform = LatencyModel::Uniform { min_ns: 0, max_ns: 1_000_000 };
    let mut s = session(uniform.clone(), uniform);
    for id in 0..300 {
        s.feed(&trade(i64::from(id), i64::from(id) + 1));
        s.send(order(id));
    }
    for step in 1..3_000 {
        s.feed(&trade(step * 1_000, step * 1_000));
    }
    let accepted: Vec<u32> = s.events.iter().filter(|e| e.kind == EventKind::Accepted).map(|e| e.order_id).collect();
    assert_eq!(accepted, (0..300).collect::<Vec<_>>());
    assert!(s.events.is_sorted_by_key(|e| e.deliver_at_ns));
    assert!(s.events.iter().enumerate().all(|(n, e)| e.seq == n as u64 && e.deliver_at_ns >= e.venue_ns));
}

#[test]
fn recorded_latency_is_interpolated_and_constant_outside_its_rows() {
    let rows = vec![
        LatencyRow { req_ns: 1_000, exch_ns: 1_100, resp_ns: 1_150 },
        LatencyRow { req_ns: 2_000, exch_ns: 2_300, resp_ns: 2_500 },
    ];
    let recorded = LatencyModel::Recorded { rows, offset_ns: 0 };
    for (sent, arrival) in [(0, 100), (1_000, 1_100), (1_500, 1_700), (1_255, 1_406), (2_000, 2_300), (9_000, 9_300)] {
        let mut s = session(recorded.clone(), recorded.clone());
        s.venue.send(sent, order(1)).unwrap();
        assert_eq!(s.venue.next_request_ns(), arrival, "sent at {sent}");
    }
    // The answer to something that happened at 1 700 takes 50 + 150 × 600 / 1 200 = 125.
    let mut s = session(recorded.clone(), recorded.clone());
    s.venue.send(1_500, order(1)).unwrap();
    s.venue.process_requests(1_701, &s.books);
    assert_eq!(s.venue.next_event_ns(), 1_825);
}

#[test]
fn an_offset_moves_the_arrival_once_and_the_answer_twice() {
    let rows = vec![LatencyRow { req_ns: 1_000, exch_ns: 1_100, resp_ns: 1_150 }];
    let recorded = LatencyModel::Recorded { rows, offset_ns: 25 };
    let mut s = session(recorded.clone(), recorded);
    s.venue.send(1_000, order(1)).unwrap();
    assert_eq!(s.venue.next_request_ns(), 1_100 + 25);
    s.venue.process_requests(2_000, &s.books);
    assert_eq!(s.venue.next_event_ns(), 1_150 + 2 * 25);
}

#[test]
fn a_request_next_to_a_refused_row_is_refused_after_the_recorded_round_trip() {
    let rows = vec![
        LatencyRow { req_ns: 1_000, exch_ns: 1_100, resp_ns: 1_200 },
        LatencyRow { req_ns: 2_000, exch_ns: 0, resp_ns: 2_600 },
        LatencyRow { req_ns: 3_000, exch_ns: 3_100, resp_ns: 3_200 },
    ];
    let recorded = LatencyModel::Recorded { rows, offset_ns: 0 };
    for (sent, known) in [(1_500, Some(1_500 + 400)), (2_500, Some(2_500 + 400)), (999, None), (3_000, None)] {
        let mut s = session(recorded.clone(), recorded.clone());
        s.venue.send(sent, order(1)).unwrap();
        match known {
            Some(known) => {
                let event = s.venue.pop_event(known).unwrap();
                assert_eq!((event.kind, event.reason), (EventKind::Rejected, Reason::Refused));
                assert_eq!((event.deliver_at_ns, s.venue.requests_in_flight()), (known, 0));
            }
            None => assert_eq!(s.venue.requests_in_flight(), 1, "sent at {sent}"),
        }
    }
    for (request, kind) in [
        (Request::Cancel { order_id: 3 }, EventKind::CancelRejected),
        (Request::CancelAll { instrument: None }, EventKind::CancelRejected),
        (Request::Amend { order_id: 3, price_ticks: 1, size_lots: 1 }, EventKind::AmendRejected),
    ] {
        let mut s = session(recorded.clone(), recorded.clone());
        s.venue.send(2_000, request).unwrap();
        let event = s.venue.pop_event(i64::MAX).unwrap();
        assert_eq!((event.kind, event.reason), (kind, Reason::Refused));
    }
}

#[test]
fn draws_stay_in_their_range_and_repeat_with_their_seed() {
    let models = [
        (LatencyModel::Uniform { min_ns: 5, max_ns: 9 }, 5, 9),
        (LatencyModel::Exponential { min_ns: 100, mean_ns: 50, max_ns: 400 }, 100, 400),
        (LatencyModel::Quantiles { ns: vec![10, 20, 1_000] }, 10, 1_000),
    ];
    for (model, least, most) in models {
        let draws = || {
            let mut s = session(model.clone(), LatencyModel::None);
            let mut out = Vec::new();
            for n in 0..2_000 {
                let now = n * 10_000;
                s.venue.send(now, order(1)).unwrap();
                out.push(s.venue.next_request_ns() - now);
                s.venue.process_requests(now + 9_999, &s.books);
            }
            out
        };
        let drawn = draws();
        assert!(drawn.iter().all(|ns| (least..=most).contains(ns)), "{model:?}");
        assert!(drawn.iter().max().unwrap() - drawn.iter().min().unwrap() > (most - least) / 2);
        assert_eq!(drawn, draws());
    }
}

#[test]
fn impossible_latencies_are_refused_with_what_was_given() {
    let row = |req_ns, exch_ns, resp_ns| LatencyRow { req_ns, exch_ns, resp_ns };
    let recorded = |rows| LatencyModel::Recorded { rows, offset_ns: 0 };
    for model in [
        LatencyModel::Fixed { ns: -1 },
        LatencyModel::Uniform { min_ns: 2, max_ns: 1 },
        LatencyModel::Exponential { min_ns: 0, mean_ns: -1, max_ns: 1 },
        LatencyModel::Quantiles { ns: vec![1] },
        LatencyModel::Quantiles { ns: vec![2, 1] },
        recorded(vec![]),
        recorded(vec![row(5, 4, 6)]),
        recorded(vec![row(5, 6, 7), row(4, 6, 7)]),
        recorded(vec![row(0, 1, i64::MAX)]),
    ] {
        let config = PaperConfig { entry_latency: model.clone(), ..PaperConfig::default() };
        assert_eq!(PaperVenue::new(&config, &[perpetual()]).unwrap_err().code(), "E_LATENCY", "{model:?}");
    }
    let config = PaperConfig { response_latency: recorded(vec![row(1, 0, 2)]), ..PaperConfig::default() };
    assert!(PaperVenue::new(&config, &[perpetual()]).unwrap_err().to_string().contains("response latency"));
}

#[test]
fn thousands_of_requests_can_be_on_their_way_and_a_full_line_is_an_error() {
    let mut s = Session::new(&with_latency(rich(FillModel::conservative()), 1_000_000), &[perpetual()]);
    s.level(ASK, 200, 5);
    for n in 0..65_536 {
        s.venue.send(2_000 + i64::from(n), Request::Cancel { order_id: n }).unwrap();
    }
    assert_eq!(s.venue.send(99_999, order(1)).unwrap_err().code(), "E_REQUESTS_FULL");
    s.recv_ns = 10_000_000;
    s.pass();
    assert_eq!(s.venue.requests_in_flight(), 0);
    s.recv_ns = 20_000_000;
    s.pass();
    assert_eq!(s.events.len(), 65_536);
}
