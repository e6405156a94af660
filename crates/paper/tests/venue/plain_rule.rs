//! The `hft_no_partial` rule once more, as slowly and plainly as its sentences read, against the venue on random markets.

use proptest::prelude::*;
use tickwright_paper::{Conditions, EventKind, FillModel, MarketView, NewOrder, OrderKind, Request};
use tickwright_types::{Side, Tick, TickKind};

use crate::support::{perpetual, rich, with_latency, PlainBook, Session};

/// What happens at one time of a random market: a record, and perhaps a request sent after it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) tick: Tick,
    pub(crate) request: Option<Request>,
}

#[derive(Clone, Debug)]
struct PlainOrder {
    id: u32,
    side: Side,
    price: i64,
    ahead: i64,
}

/// (kind, order, venue time) of everything that happens, by the sentences of the rule.
fn plain_replay(steps: &[Step], latency_ns: i64) -> Vec<(EventKind, u32, i64)> {
    let mut book = PlainBook::default();
    let mut waiting: Vec<(i64, Request)> = Vec::new();
    let mut live: Vec<PlainOrder> = Vec::new();
    let mut ended: Vec<u32> = Vec::new();
    let mut out = Vec::new();
    for step in steps {
        let now = step.tick.exch_ns;
        while waiting.first().is_some_and(|&(arrival, _)| arrival < now) {
            let (arrival, request) = waiting.remove(0);
            arrive(&request, arrival, &book, &mut live, &mut ended, &mut out);
        }
        let (price, lots) = (step.tick.price_ticks, step.tick.size_lots);
        if step.tick.kind() == Some(TickKind::Trade) {
            for order in &mut live {
                let against = step.tick.side != order.side as u8;
                if against && order.price == price {
                    order.ahead -= lots;
                } else if against && (price - order.price) * order.side.sign() < 0 {
                    order.ahead = -1;
                }
            }
        } else {
            let side = usize::from(step.tick.side);
            book.set(side, price, lots);
            for order in &mut live {
                if order.side.index() == side && order.price == price {
                    order.ahead = order.ahead.min(lots);
                }
                let other = book.best_price(1 - order.side.index());
                if book.best_size(1 - order.side.index()) > 0 && (other - order.price) * order.side.sign() <= 0 {
                    order.ahead = -1;
                }
            }
        }
        for order in live.iter().filter(|order| order.ahead < 0) {
            out.push((EventKind::Fill, order.id, now));
            ended.push(order.id);
        }
        live.retain(|order| order.ahead >= 0);
        if let Some(request) = step.request {
            waiting.push((step.tick.recv_ns + latency_ns, request));
        }
    }
    out.sort_by_key(|&(kind, id, at)| (at, id, kind as u8));
    out
}

fn arrive(
    request: &Request,
    arrival: i64,
    book: &PlainBook,
    live: &mut Vec<PlainOrder>,
    ended: &mut Vec<u32>,
    out: &mut Vec<(EventKind, u32, i64)>,
) {
    match *request {
        Request::Submit(new) => {
            let other = 1 - new.side.index();
            let takes = book.best_size(other) > 0 && (book.best_price(other) - new.price_ticks) * new.side.sign() <= 0;
            if takes {
                out.push((EventKind::Rejected, new.order_id, arrival));
                return;
            }
            let ahead = book.size_at(new.side.index(), new.price_ticks);
            live.push(PlainOrder { id: new.order_id, side: new.side, price: new.price_ticks, ahead });
            out.push((EventKind::Accepted, new.order_id, arrival));
        }
        Request::Cancel { order_id } => {
            let found = live.iter().position(|order| order.id == order_id);
            match found {
                Some(at) => {
                    live.remove(at);
                    ended.push(order_id);
                    out.push((EventKind::Cancelled, order_id, arrival));
                }
                None => out.push((EventKind::CancelRejected, order_id, arrival)),
            }
        }
        other => panic!("{other:?} is not part of this work"),
    }
}

fn venue_replay(steps: &[Step], latency_ns: i64) -> Vec<(EventKind, u32, i64)> {
    let config = with_latency(rich(FillModel::hft_no_partial()), latency_ns);
    let mut session = Session::new(&config, &[perpetual()]);
    for step in steps {
        session.feed(&step.tick);
        if let Some(request) = step.request {
            session.send(request);
        }
    }
    while let Some(event) = session.venue.pop_event(i64::MAX) {
        session.events.push(event);
    }
    let mut out: Vec<_> = session.events.iter().map(|e| (e.kind, e.order_id, e.venue_ns)).collect();
    out.sort_by_key(|&(kind, id, at)| (at, id, kind as u8));
    out
}

/// A record near 100 some ns after the one before; crossed books come up too.
pub(crate) fn record() -> impl Strategy<Value = Tick> {
    (0u8..10, 0u8..2, -5i64..=5, 0i64..30).prop_map(|(what, side, distance, lots)| {
        if what < 3 {
            let price_ticks = 100 + distance / 2;
            return Tick { side, price_ticks, size_lots: lots + 1, ..Tick::of(TickKind::Trade) };
        }
        // Bids around 97, asks around 103: they overlap now and then.
        let price_ticks = if side == 0 { 97 + distance } else { 103 + distance };
        let size_lots = if what < 5 { 0 } else { lots };
        Tick { side, price_ticks, size_lots, ..Tick::of(TickKind::BookDelta) }
    })
}

/// A record, the ns before it, and what decides about a request after it.
type Drawn = (Tick, i64, Option<(u8, u8, i64, u32)>);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let request = (0u8..4, 0u8..2, -4i64..=4, 0u32..40);
    let step = (record(), 1i64..40, proptest::option::of(request));
    proptest::collection::vec(step, 1..160).prop_map(|drawn| {
        let (mut now, mut sent) = (1_000, 0);
        let number = |(mut tick, gap, request): Drawn| {
            now += gap;
            (tick.exch_ns, tick.recv_ns) = (now, now + 1);
            let request = request.map(|(what, side, distance, which)| {
                if what == 0 {
                    return Request::Cancel { order_id: which % (sent + 1) };
                }
                sent += 1;
                let side = Side::from_index(usize::from(side));
                Request::Submit(NewOrder {
                    order_id: sent - 1,
                    instrument: 0,
                    side,
                    kind: OrderKind::PostOnly,
                    price_ticks: 100 - 2 * side.sign() + distance,
                    size_lots: 7,
                    conditions: Conditions::NONE,
                })
            });
            Step { tick, request }
        };
        drawn.into_iter().map(number).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn the_venue_does_what_the_plain_sentences_say(steps in steps(), latency_ns in 0i64..120) {
        prop_assert_eq!(venue_replay(&steps, latency_ns), plain_replay(&steps, latency_ns));
    }
}
