//! What holds after every record, whatever is sent: random markets, random orders, every fill model.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tickwright_paper::{
    Account, Conditions, EventKind, FillModel, LatencyModel, MatchOn, NewOrder, OrderKind, OwnEvent, PaperConfig,
    Request,
};
use tickwright_types::{Money, Side, Tick, TickKind};

use crate::plain_rule::record;
use crate::support::{instrument, rich, spot, Session};

/// A random record on either instrument and what is sent after it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) tick: Tick,
    pub(crate) request: Option<Request>,
}

fn request() -> impl Strategy<Value = Request> {
    let new = (0u32..30, 0u16..2, 0usize..2, 0u8..4, 95i64..106, 1i64..40).prop_map(
        |(order_id, instrument, side, kind, price_ticks, size_lots)| {
            let (side, kind) = (Side::from_index(side), OrderKind::from_u8(kind).unwrap());
            Request::Submit(NewOrder {
                order_id,
                instrument,
                side,
                kind,
                price_ticks,
                size_lots,
                conditions: Conditions::NONE,
            })
        },
    );
    let amend = (0u32..30, 95i64..106, 1i64..40).prop_map(|(order_id, price_ticks, size_lots)| Request::Amend {
        order_id,
        price_ticks,
        size_lots,
    });
    prop_oneof![
        8 => new,
        3 => amend,
        2 => (0u32..30).prop_map(|order_id| Request::Cancel { order_id }),
        1 => proptest::option::of(0u16..3).prop_map(|instrument| Request::CancelAll { instrument }),
    ]
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (record(), 0u16..2, 0i64..40, proptest::option::of(request()));
    proptest::collection::vec(step, 1..150).prop_map(|drawn| {
        let mut now = 1_000;
        let place = |(mut tick, instrument, gap, request): (Tick, u16, i64, Option<Request>)| {
            now += gap;
            (tick.exch_ns, tick.recv_ns, tick.instrument) = (now, now + 5, instrument);
            Step { tick, request }
        };
        drawn.into_iter().map(place).collect()
    })
}

/// A venue with a perpetual and a spot market, the spot one on best quotes or on depth.
pub(crate) fn session(model: &str, quotes: bool, latency: i64, usdt: &str) -> Session {
    let mut config: PaperConfig = rich(FillModel::named(model).unwrap());
    config.account.deposits.insert("USDT".to_owned(), usdt.parse().unwrap());
    config.account.deposits.insert("BTC".to_owned(), "0.05".parse().unwrap());
    if latency > 0 {
        config.entry_latency = LatencyModel::Uniform { min_ns: 0, max_ns: latency };
        config.response_latency = LatencyModel::Fixed { ns: latency };
    }
    let mut session = Session::new(&config, &[instrument(&[("maker_fee", "-0.00007")]), spot()]);
    if quotes {
        session.venue.set_match_on(1, MatchOn::TopOfBook);
    }
    // Prices the deposit, which venue and ledger would else do at the first price that each of them sees.
    session.venue.on_mark(1, 100);
    session
}

/// A record as that instrument's feed would send it.
pub(crate) fn as_fed(tick: &Tick, quotes: bool) -> Tick {
    if quotes && tick.instrument == 1 && tick.kind() == Some(TickKind::BookDelta) {
        return Tick { kind: TickKind::Quote as u8, ..*tick };
    }
    *tick
}

/// Everything that news says about the orders, added up by order.
#[derive(Default)]
struct Known {
    orders: BTreeMap<u32, Life>,
    position: [i64; 2],
}

#[derive(Clone, Debug)]
struct Life {
    kind: OrderKind,
    side: Side,
    limit: i64,
    size: i64,
    filled: i64,
    live: bool,
}

impl Known {
    fn hear(&mut self, e: &OwnEvent, sent: &NewOrder) {
        if e.kind == EventKind::Accepted {
            let life = Life {
                kind: sent.kind,
                side: sent.side,
                limit: e.price_ticks,
                size: e.size_lots,
                filled: 0,
                live: true,
            };
            self.orders.insert(e.order_id, life);
            return;
        }
        let Some(life) = self.orders.get_mut(&e.order_id) else { return };
        match e.kind {
            EventKind::Fill => {
                assert!(life.live && e.size_lots > 0 && e.leaves_lots >= 0);
                life.filled += e.size_lots;
                assert_eq!((e.cum_lots, e.leaves_lots), (life.filled, life.size - life.filled));
                life.live = e.leaves_lots > 0;
                let better = (life.limit - e.price_ticks) * life.side.sign();
                assert!(life.kind == OrderKind::Market || better >= 0, "filled worse than its limit: {e:?}");
                assert!(!e.maker || e.price_ticks == life.limit, "a maker trades at its limit: {e:?}");
                assert!(e.maker || life.kind != OrderKind::PostOnly, "post-only never takes: {e:?}");
                assert!(!e.maker || !matches!(life.kind, OrderKind::Ioc | OrderKind::Market), "never rests: {e:?}");
                self.position[usize::from(e.instrument)] += e.size_lots * life.side.sign();
            }
            EventKind::Amended => {
                (life.limit, life.size) = (e.price_ticks, e.size_lots);
                assert_eq!((e.cum_lots, e.leaves_lots), (life.filled, life.size - life.filled));
            }
            EventKind::Cancelled | EventKind::Expired => {
                assert!(life.live && e.leaves_lots + life.filled == life.size);
                life.live = false;
            }
            _ => {}
        }
    }
}

/// Own fills of one side out of one record never exceed what it traded or showed.
fn check_budget(session: &Session, from: usize, tick: &Tick) {
    let passive = session.events[from..].iter().filter(|e| {
        e.kind == EventKind::Fill && e.maker && e.venue_ns == session.venue_ns && e.instrument == tick.instrument
    });
    let mut filled = [0; 2];
    for event in passive {
        filled[usize::from(event.side)] += event.size_lots;
    }
    assert!(filled.iter().all(|&lots| lots <= tick.size_lots.max(0)), "{filled:?} of {tick:?}");
}

fn run(steps: &[Step], model: &str, quotes: bool, latency: i64, usdt: &str) {
    let mut s = session(model, quotes, latency, usdt);
    let mut ledger = s.venue.account().clone();
    let (mut known, mut sent, mut heard) = (Known::default(), BTreeMap::new(), 0);
    for step in steps {
        let tick = as_fed(&step.tick, quotes);
        s.feed(&tick);
        // Without latency everything heard now happened now; times that repeat would mix two records' fills.
        if latency == 0 && matches!(model, "conservative" | "probabilistic") && heard < s.events.len() {
            check_budget(&s, heard, &tick);
        }
        while heard < s.events.len() {
            let event = s.events[heard];
            assert_eq!(event.seq, heard as u64);
            if let Some(new) = sent.get(&event.order_id) {
                known.hear(&event, new);
            }
            ledger.apply(&event);
            heard += 1;
        }
        check_account(s.venue.account());
        check_account(&ledger);
        check_lanes(&s);
        if let Some(request) = step.request {
            if let Request::Submit(new) = request {
                // An id is used again only once we know that its order is over.
                if known.orders.get(&new.order_id).is_some_and(|life| life.live) || sent.contains_key(&new.order_id) {
                    continue;
                }
                sent.insert(new.order_id, new);
            }
            s.send(request);
        }
    }
    finish(s, &mut known, &sent, &mut ledger, heard);
}

/// Ends everything and looks at what is left.
fn finish(mut s: Session, known: &mut Known, sent: &BTreeMap<u32, NewOrder>, ledger: &mut Account, heard: usize) {
    s.send(Request::CancelAll { instrument: None });
    s.venue.process_requests(i64::MAX, &s.books);
    while let Some(event) = s.venue.pop_event(i64::MAX) {
        s.events.push(event);
    }
    for event in &s.events[heard..] {
        if let Some(new) = sent.get(&event.order_id) {
            known.hear(event, new);
        }
        ledger.apply(event);
    }
    assert!(known.orders.values().all(|life| !life.live));
    for (instrument, lots) in known.position.into_iter().enumerate() {
        let position = s.venue.account().position(instrument);
        assert_eq!(position.lots - position.deposited_lots, lots);
        let told = ledger.position(instrument);
        assert_eq!((told.lots, told.basis, told.realized), (position.lots, position.basis, position.realized));
        assert_eq!((told.fees, told.funding_paid), (position.fees, position.funding_paid));
        assert_eq!(s.venue.live_orders(instrument, Side::Bid).count(), 0);
    }
    let usdt = s.venue.account().asset("USDT").unwrap();
    let margins: Money = (0..2).map(|i| s.venue.account().position_margin(i)).sum();
    assert_eq!(s.venue.account().reserved(usdt), margins, "nothing stays set aside for orders that are over");
    assert_eq!(s.venue.requests_in_flight(), 0);
}

fn check_account(account: &Account) {
    let (usdt, btc) = (account.asset("USDT").unwrap(), account.asset("BTC").unwrap());
    assert_eq!(account.equity(usdt), account.accounted(usdt));
    assert_eq!(account.assets()[btc].cash, account.accounted(btc));
    assert!(account.assets()[btc].cash >= Money::ZERO, "sold more base asset than there is");
}

fn check_lanes(session: &Session) {
    for instrument in 0..2 {
        for side in [Side::Bid, Side::Ask] {
            let lane: Vec<_> = session.venue.live_orders(instrument, side).collect();
            assert!(lane.is_sorted_by_key(|order| -order.price_ticks * side.sign()));
            for order in lane {
                assert!(order.leaves_lots > 0 && order.state.is_live());
                assert!(matches!(order.kind, OrderKind::Limit | OrderKind::PostOnly));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn orders_positions_and_money_add_up_after_every_record(
        steps in steps(), model in 0usize..4, quotes: bool, latency in prop_oneof![Just(0i64), 1i64..200], poor: bool,
    ) {
        let usdt = if poor { "0.05" } else { "1000000" };
        run(&steps, FillModel::NAMES[model], quotes, latency, usdt);
    }
}
