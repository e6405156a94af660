//! What holds after every record, whatever is sent: random markets, random orders, every fill model.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tickwright_paper::{
    Account, Conditions, EventKind, FillModel, GroupRule, LatencyModel, MatchOn, NewOrder, OrderKind, OwnEvent,
    PaperConfig, Reason, Request, TimeInForce, TriggerBy, NO_ORDER,
};
use tickwright_types::{Money, Side, Tick, TickKind};

use crate::plain_rule::record;
use crate::support::{instrument, rich, spot, Session};

/// Order ids that are used, each of them once.
const IDS: u32 = 120;

/// A random record on either instrument and what is sent after it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) tick: Tick,
    pub(crate) request: Option<Request>,
}

/// Orders of every kind near 100, some of them dated, reduce-only, in a group or a child of another.
fn new_order() -> impl Strategy<Value = NewOrder> {
    let order = (0u32..IDS, 0u16..2, 0usize..2, 0u8..8, 95i64..106, 1i64..40);
    let stop = (95i64..106, 1i64..6, any::<bool>(), any::<bool>());
    let until = prop_oneof![
        6 => Just(TimeInForce::Gtc),
        1 => Just(TimeInForce::Day),
        2 => (1_000i64..6_000).prop_map(TimeInForce::Gtd),
    ];
    let link = (
        proptest::option::weighted(0.25, 0u32..IDS),
        proptest::option::weighted(0.3, prop_oneof![Just(u32::MAX), 0u32..IDS]),
        any::<bool>(),
    );
    (order, stop, until, proptest::bool::weighted(0.2), link).prop_map(
        |((order_id, instrument, side, kind, price_ticks, size_lots), stop, until, reduce_only, link)| {
            let (side, kind) = (Side::from_index(side), OrderKind::from_u8(kind).unwrap());
            let (trigger, trail, by_touch, at_once) = stop;
            let is_trailing = kind == OrderKind::TrailingStop;
            let conditions = Conditions {
                trigger_ticks: if kind.is_stop() && !(is_trailing && at_once) { trigger } else { 0 },
                trail_ticks: if is_trailing { trail } else { 0 },
                trigger_by: if by_touch { TriggerBy::Touch } else { TriggerBy::Trade },
                until,
                reduce_only,
                parent: link.0.unwrap_or(NO_ORDER),
                group: link.1.map_or(NO_ORDER, |group| if group == u32::MAX { order_id } else { group }),
                group_rule: if link.2 { GroupRule::Cancel } else { GroupRule::Reduce },
            };
            NewOrder { order_id, instrument, side, kind, price_ticks, size_lots, conditions }
        },
    )
}

fn request() -> impl Strategy<Value = Request> {
    let amend = (0u32..IDS, 95i64..106, 1i64..40).prop_map(|(order_id, price_ticks, size_lots)| Request::Amend {
        order_id,
        price_ticks,
        size_lots,
    });
    let trigger =
        (0u32..IDS, 95i64..106).prop_map(|(order_id, trigger_ticks)| Request::MoveTrigger { order_id, trigger_ticks });
    prop_oneof![
        16 => new_order().prop_map(Request::Submit),
        3 => amend,
        1 => trigger,
        1 => (0u32..IDS).prop_map(|order_id| Request::Query { order_id }),
        3 => (0u32..IDS).prop_map(|order_id| Request::Cancel { order_id }),
        1 => proptest::option::of(0u16..3).prop_map(|instrument| Request::CancelAll { instrument }),
    ]
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (record(), 0u16..2, 0i64..40, proptest::option::weighted(0.8, request()));
    proptest::collection::vec(step, 1..250).prop_map(|drawn| {
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
    session.venue.on_mark(1, 100, 0);
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
    /// The order of each group that was filled first.
    filled_first: BTreeMap<u32, u32>,
    /// Orders whose size their owner changed.
    resized: BTreeSet<u32>,
}

#[derive(Clone, Debug)]
struct Life {
    sent: NewOrder,
    limit: i64,
    size: i64,
    filled: i64,
    live: bool,
    triggered: bool,
}

impl Known {
    fn hear(&mut self, e: &OwnEvent, sent: &NewOrder) {
        if e.kind == EventKind::Accepted {
            let (limit, size) = (e.price_ticks, e.size_lots);
            let life = Life { sent: *sent, limit, size, filled: 0, live: true, triggered: false };
            self.orders.insert(e.order_id, life);
            return;
        }
        if e.kind == EventKind::Fill {
            self.check_links(e);
            self.position[usize::from(e.instrument)] += e.size_lots * sent.side.sign();
        }
        let Some(life) = self.orders.get_mut(&e.order_id) else { return };
        match e.kind {
            EventKind::Fill => life.fill(e),
            EventKind::Amended | EventKind::Triggered => {
                assert!(life.live && !(life.triggered && e.kind == EventKind::Triggered && e.size_lots == 0));
                life.triggered |= e.kind == EventKind::Triggered;
                (life.limit, life.size) = (e.price_ticks, e.size_lots);
                assert_eq!((e.cum_lots, e.leaves_lots), (life.filled, life.size - life.filled));
            }
            EventKind::Status => assert_eq!(e.cum_lots, life.filled),
            EventKind::Cancelled | EventKind::Expired if e.reason == Reason::AlreadyClosed => assert!(!life.live),
            EventKind::Cancelled | EventKind::Expired => {
                assert!(life.live && e.leaves_lots + life.filled == e.size_lots && e.size_lots <= life.size);
                assert!(life.sent.kind != OrderKind::Fok || life.filled == 0, "all or nothing: {e:?}");
                life.live = false;
            }
            _ => {}
        }
    }

    /// Nothing of a group fills after its first one, and no child more than its share of its parent.
    fn check_links(&mut self, e: &OwnEvent) {
        let life = &self.orders[&e.order_id];
        let Conditions { parent, group, group_rule, .. } = life.sent.conditions;
        if group != NO_ORDER {
            let first = *self.filled_first.entry(group).or_insert(e.order_id);
            assert!(group_rule == GroupRule::Reduce || first == e.order_id, "{first} was filled before: {e:?}");
        }
        if parent != NO_ORDER && !self.resized.contains(&parent) && !self.resized.contains(&e.order_id) {
            let parent = &self.orders[&parent];
            let share = life.sent.size_lots * parent.filled / parent.size;
            assert!(life.filled + e.size_lots <= share, "more than {share}, its parent's share: {e:?}");
        }
    }
}

impl Life {
    fn fill(&mut self, e: &OwnEvent) {
        let kind = self.sent.kind.in_force();
        assert!(self.live && e.size_lots > 0 && e.leaves_lots >= 0);
        assert!(self.triggered || !self.sent.kind.is_stop(), "nothing set it off: {e:?}");
        assert!(!matches!(self.sent.conditions.until, TimeInForce::Gtd(ns) if e.venue_ns >= ns), "too late: {e:?}");
        self.filled += e.size_lots;
        assert_eq!((e.cum_lots, e.leaves_lots), (self.filled, self.size - self.filled));
        self.live = e.leaves_lots > 0;
        let better = (self.limit - e.price_ticks) * self.sent.side.sign();
        assert!(kind == OrderKind::Market || better >= 0, "filled worse than its limit: {e:?}");
        assert!(!e.maker || e.price_ticks == self.limit, "a maker trades at its limit: {e:?}");
        assert!(e.maker || kind != OrderKind::PostOnly, "post-only never takes: {e:?}");
        let never_rests = matches!(kind, OrderKind::Ioc | OrderKind::Fok | OrderKind::Market);
        assert!(!e.maker || !never_rests, "never rests: {e:?}");
    }
}

/// A reduce-only fill makes the position smaller and never turns it around.
fn check_reduces(ledger: &Account, e: &OwnEvent, sent: &NewOrder) {
    if e.kind == EventKind::Fill && sent.conditions.reduce_only {
        let before = ledger.position(usize::from(e.instrument)).lots;
        let after = before + e.size_lots * sent.side.sign();
        assert!(after.abs() < before.abs() && after * before >= 0, "from {before} to {after}: {e:?}");
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
                check_reduces(&ledger, &event, new);
            }
            ledger.apply(&event);
            heard += 1;
        }
        check_account(s.venue.account());
        check_account(&ledger);
        check_lanes(&s);
        if let Some(request) = step.request {
            if let Request::Amend { order_id, .. } = request {
                known.resized.insert(order_id);
            }
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
            check_reduces(ledger, event, new);
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
        assert_eq!(s.venue.waiting_orders(instrument).count(), 0);
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
                assert!(matches!(order.kind.in_force(), OrderKind::Limit | OrderKind::PostOnly) && !order.is_waiting);
            }
        }
    }
}

/// Streams to try: a quick number, or what `TICKWRIGHT_CASES` says for a longer run.
fn cases(quick: u32) -> u32 {
    std::env::var("TICKWRIGHT_CASES")
        .map_or(quick, |text| text.parse().expect("TICKWRIGHT_CASES is a number of streams"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(4_000)))]

    #[test]
    fn orders_positions_and_money_add_up_after_every_record(
        steps in steps(), model in 0usize..4, quotes: bool, latency in prop_oneof![Just(0i64), 1i64..200], poor: bool,
    ) {
        let usdt = if poor { "0.05" } else { "1000000" };
        run(&steps, FillModel::NAMES[model], quotes, latency, usdt);
    }
}
