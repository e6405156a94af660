//! What the venue does with positions of its own accord: liquidation, hedge mode, funding times, settlement.

use tickwright_paper::{
    Account, Conditions, EventKind, FillModel, MarginMode, NewOrder, OrderKind, OwnEvent, PaperConfig, PositionMode,
    Reason, Request, NO_ORDER,
};
use tickwright_types::{flags, Instrument, Money, Side, Tick, TickKind};

use crate::support::{instrument, Session, ASK, BID};

const LIMIT: OrderKind = OrderKind::Limit;

fn usdt(amount: &str) -> Money {
    Money::from_decimal(amount.parse().unwrap()).unwrap()
}

/// One tick is 1 and one lot is 1, so that amounts can be followed in the head; nobody charges a fee.
pub(crate) fn plain(changes: &[(&str, &str)]) -> Instrument {
    let mut all = vec![("tick_size", "1"), ("lot_size", "1"), ("maker_fee", "0"), ("taker_fee", "0")];
    all.extend([("maintenance_margin_rate", "0.05"), ("max_leverage", "10")]);
    all.extend(changes);
    instrument(&all)
}

pub(crate) struct Desk {
    pub(crate) s: Session,
    next_id: u32,
}

impl Desk {
    pub(crate) fn new(deposit: &str, instruments: &[Instrument], change: impl FnOnce(&mut PaperConfig)) -> Self {
        let mut config = PaperConfig { fill_model: FillModel::conservative(), ..PaperConfig::default() };
        config.account.deposits.insert("USDT".to_owned(), deposit.parse().unwrap());
        change(&mut config);
        Self { s: Session::new(&config, instruments), next_id: 0 }
    }

    pub(crate) fn feed(
        &mut self,
        instrument: u16,
        kind: TickKind,
        side: usize,
        price_ticks: i64,
        size_lots: i64,
        flags: u8,
    ) {
        let now = self.s.recv_ns + 1_000;
        let side = side as u8;
        let tick =
            Tick { recv_ns: now, exch_ns: now, instrument, side, price_ticks, size_lots, flags, ..Tick::of(kind) };
        self.s.feed(&tick);
    }

    /// A message after which bid and ask stand a tick around a price.
    pub(crate) fn market(&mut self, instrument: u16, price: i64) {
        let book = &self.s.books[usize::from(instrument)];
        let gone: Vec<(usize, i64)> =
            [BID, ASK].into_iter().flat_map(|side| book.0[side].keys().map(move |&price| (side, price))).collect();
        for (side, price) in gone {
            self.feed(instrument, TickKind::BookDelta, side, price, 0, 0);
        }
        self.feed(instrument, TickKind::BookDelta, BID, price - 1, 1_000, 0);
        self.feed(instrument, TickKind::BookDelta, ASK, price + 1, 1_000, flags::LAST);
    }

    pub(crate) fn mark(&mut self, instrument: u16, price: i64) {
        self.feed(instrument, TickKind::MarkPrice, 2, price, 0, flags::LAST);
    }

    pub(crate) fn order(&mut self, instrument: u16, side: Side, price: i64, lots: i64, reduce_only: bool) -> u32 {
        self.next_id += 1;
        let (order_id, kind) = (self.next_id, LIMIT);
        let conditions = Conditions { reduce_only, ..Conditions::NONE };
        let new = NewOrder { order_id, instrument, side, kind, price_ticks: price, size_lots: lots, conditions };
        self.s.send(Request::Submit(new));
        self.s.pass();
        order_id
    }

    pub(crate) fn account(&self) -> &Account {
        self.s.venue.account()
    }

    fn lots(&self, instrument: usize, side: Side) -> i64 {
        self.account().position_of(instrument, side).lots
    }

    fn equity(&self) -> Money {
        self.account().equity(self.account().asset("USDT").unwrap())
    }

    /// (price, lots, side) of the fills that belong to no order.
    fn takeovers(&self, reason: Reason) -> Vec<(i64, i64, u8)> {
        let all = self.s.events.iter().filter(|e| e.kind == EventKind::Fill && e.reason == reason);
        all.map(|e: &OwnEvent| {
            assert_eq!((e.order_id, e.fee, e.maker), (NO_ORDER, Money::ZERO, false));
            (e.price_ticks, e.size_lots, e.side)
        })
        .collect()
    }

    /// What an owner who heard every event has.
    fn told(&self, start: &Account) -> Account {
        let mut ledger = start.clone();
        self.s.events.iter().for_each(|event| _ = ledger.apply(event));
        ledger
    }

    pub(crate) fn check_told(&self, start: &Account) {
        let told = self.told(start);
        for (ours, theirs) in told.assets().iter().zip(self.account().assets()) {
            assert_eq!(ours, theirs);
        }
        for instrument in 0..self.s.books.len() {
            for side in [Side::Bid, Side::Ask] {
                let (ours, theirs) = (told.position_of(instrument, side), self.account().position_of(instrument, side));
                let numbers =
                    |p: &tickwright_paper::Position| (p.lots, p.basis, p.realized, p.fees, p.funding_paid, p.margin);
                assert_eq!(numbers(ours), numbers(theirs));
            }
        }
    }
}

#[test]
fn an_isolated_position_loses_its_margin_and_no_more_and_its_orders_end_first() {
    let mut d = Desk::new("5000", &[plain(&[])], |c| c.account.margin_mode = MarginMode::Isolated);
    let start = d.account().clone();
    d.market(0, 1_000);
    d.order(0, Side::Bid, 1_001, 10, false);
    // 10 at 1 001: 1 001 of margin. Equity meets 5 % of the value at 900.9 ÷ 0.95 = 948.3.
    assert_eq!(d.account().position(0).margin, usdt("1001"));
    let resting = d.order(0, Side::Ask, 2_000, 3, false);
    d.market(0, 949);
    assert_eq!(d.lots(0, Side::Bid), 10);
    d.market(0, 948);
    assert_eq!(d.s.end(resting), (EventKind::Cancelled, Reason::Liquidation));
    // Bankrupt at 900.9, and the tick of difference stays with the owner.
    assert_eq!(d.takeovers(Reason::Liquidation), [(901, 10, 1)]);
    assert_eq!((d.lots(0, Side::Bid), d.equity()), (0, usdt("4000")));
    assert_eq!(d.account().reserved(0), Money::ZERO);
    d.check_told(&start);
}

#[test]
fn cross_positions_go_together_each_giving_up_its_share_and_the_account_never_owes() {
    let other = plain(&[("id", "ETH"), ("base", "ETH")]);
    let mut d = Desk::new("1000", &[plain(&[]), other], |_| {});
    let start = d.account().clone();
    d.market(0, 1_000);
    d.market(1, 100);
    d.order(0, Side::Bid, 1_001, 5, false);
    d.order(1, Side::Ask, 99, 20, false);
    let resting = d.order(1, Side::Bid, 50, 1, false);
    let state = d.account().cross_margin(0);
    assert_eq!((state.equity, state.maintenance, state.positions), (usdt("975"), usdt("350"), 2));
    d.market(0, 900);
    assert_eq!((d.lots(0, Side::Bid), d.lots(1, Side::Bid)), (5, -20), "475 are left against 325");
    d.market(0, 860);
    assert_eq!((d.lots(0, Side::Bid), d.lots(1, Side::Bid)), (0, 0));
    assert_eq!(d.s.end(resting), (EventKind::Cancelled, Reason::Liquidation));
    // 275 are left at 860 and 100: values of 4 300 and 2 000 give up 187.7 and 87.3.
    assert_eq!(d.takeovers(Reason::Liquidation), [(823, 5, 1), (104, 20, 0)]);
    assert_eq!(d.equity(), usdt("10"));
    d.check_told(&start);
}

#[test]
fn a_mark_far_beyond_the_bankruptcy_price_leaves_nothing_and_owes_nothing() {
    for (side, entry, far) in [(Side::Bid, 1_001, 10), (Side::Ask, 999, 5_000)] {
        let mut d = Desk::new("1000", &[plain(&[])], |_| {});
        d.market(0, 1_000);
        d.order(0, side, entry, 9, false);
        d.market(0, far);
        assert_eq!(d.lots(0, Side::Bid), 0);
        assert!(d.equity() >= Money::ZERO && d.equity() < usdt("9"), "{}", d.equity());
    }
}

#[test]
fn margin_is_looked_at_when_a_message_ends_or_a_mark_comes_and_marks_come_before_mids() {
    let mut d = Desk::new("1000", &[plain(&[])], |_| {});
    d.market(0, 1_000);
    d.order(0, Side::Bid, 1_001, 9, false);
    d.feed(0, TickKind::BookDelta, BID, 999, 0, 0);
    d.feed(0, TickKind::BookDelta, BID, 10, 5, 0);
    assert_eq!(d.lots(0, Side::Bid), 9, "inside a message nothing is judged");
    d.mark(0, 995);
    d.market(0, 500);
    assert_eq!(d.lots(0, Side::Bid), 9, "the venue's mark counts, not the mid");
    d.mark(0, 900);
    assert_eq!(d.lots(0, Side::Bid), 0);
}

#[test]
fn without_a_margin_check_nothing_is_liquidated() {
    let mut d = Desk::new("10", &[plain(&[])], |c| c.account.check_funds = false);
    d.market(0, 1_000);
    d.order(0, Side::Bid, 1_001, 9, false);
    d.market(0, 10);
    d.order(0, Side::Bid, 5, 1, false);
    assert_eq!((d.lots(0, Side::Bid), d.equity()), (9, usdt("-8909")));
}

#[test]
fn in_hedge_mode_orders_open_both_sides_and_reduce_only_orders_close_them_without_margin() {
    let mut d = Desk::new("1000", &[plain(&[])], |c| c.account.position_mode = PositionMode::Hedge);
    let start = d.account().clone();
    d.market(0, 1_000);
    d.order(0, Side::Bid, 1_001, 4, false);
    d.order(0, Side::Ask, 999, 5, false);
    assert_eq!((d.lots(0, Side::Bid), d.lots(0, Side::Ask), d.account().net_lots(0)), (4, -5, -1));
    assert_eq!(d.account().position_margin(0), usdt("900"), "both sides need margin");
    let too_much = d.order(0, Side::Bid, 900, 2, false);
    assert_eq!(d.s.end(too_much), (EventKind::Rejected, Reason::InsufficientMargin));
    // Both are closed from a book that leaves no money for another position.
    let close_long = d.order(0, Side::Ask, 999, 9, true);
    assert_eq!(d.s.end(close_long), (EventKind::Cancelled, Reason::ReduceOnly), "4 of 9 were there");
    let close_short = d.order(0, Side::Bid, 990, 5, true);
    assert_eq!(d.account().reserved(0), d.account().position_margin(0), "an order that closes needs nothing");
    d.market(0, 980);
    d.s.venue.process_requests(i64::MAX, &d.s.books.clone());
    assert_eq!((d.lots(0, Side::Bid), d.lots(0, Side::Ask)), (0, 0));
    assert_eq!(d.s.leaves(close_short), 0);
    // The long lost 2 × 4, the short won 9 × 5.
    assert_eq!(d.equity(), usdt("1037"));
    let nothing = d.order(0, Side::Bid, 990, 1, true);
    assert_eq!(d.s.end(nothing), (EventKind::Rejected, Reason::ReduceOnly));
    d.check_told(&start);
}

#[test]
fn equal_fills_need_equal_maintenance_in_hedge_and_one_way_mode() {
    let [hedge, net] = [PositionMode::Hedge, PositionMode::OneWay].map(|mode| {
        let mut d = Desk::new("10000", &[plain(&[])], |c| c.account.position_mode = mode);
        d.market(0, 1_000);
        d.order(0, Side::Bid, 1_001, 4, false);
        d.order(0, Side::Bid, 1_001, 3, false);
        (d.account().cross_margin(0), d.account().position_margin(0))
    });
    assert_eq!(hedge, net);
    assert_eq!(net.0.maintenance, usdt("350"));
}

#[test]
fn leverage_caps_what_can_be_opened_and_an_instrument_may_have_its_own() {
    let other = plain(&[("id", "ETH"), ("base", "ETH"), ("maintenance_margin_rate", "0.01")]);
    let mut d = Desk::new("1000", &[plain(&[]), other], |c| {
        c.account.leverage = Some("2".parse().unwrap());
        let own = tickwright_paper::InstrumentMargin { leverage: Some("50".parse().unwrap()), margin_mode: None };
        c.account.instruments.insert("ETH".to_owned(), own);
    });
    d.market(0, 1_000);
    d.market(1, 1_000);
    let at_two = d.order(0, Side::Bid, 500, 4, false);
    let beyond = d.order(0, Side::Bid, 500, 1, false);
    assert_eq!(d.s.end(at_two), (EventKind::Accepted, Reason::None));
    assert_eq!(d.s.end(beyond), (EventKind::Rejected, Reason::InsufficientMargin));
    d.s.send(Request::CancelAll { instrument: None });
    // 50 is capped by the instrument's own 10.
    let at_ten = d.order(1, Side::Bid, 500, 20, false);
    let beyond = d.order(1, Side::Bid, 500, 1, false);
    assert_eq!(d.s.end(at_ten), (EventKind::Accepted, Reason::None));
    assert_eq!(d.s.end(beyond), (EventKind::Rejected, Reason::InsufficientMargin));
}

#[test]
fn a_future_is_settled_at_its_expiry_and_takes_no_order_afterwards() {
    // Records come a microsecond apart from 1 µs on.
    let future = plain(&[("kind", "future"), ("expiry", "1970-01-01T00:00:00.0001Z"), ("multiplier", "5")]);
    let mut d = Desk::new("10000", &[future], |_| {});
    let start = d.account().clone();
    d.market(0, 1_000);
    d.order(0, Side::Bid, 1_001, 3, false);
    let resting = d.order(0, Side::Bid, 900, 2, false);
    d.market(0, 1_011);
    assert!(d.s.recv_ns < 100_000 && d.takeovers(Reason::Settlement).is_empty());
    d.s.recv_ns = 99_000;
    d.s.pass();
    assert_eq!(d.takeovers(Reason::Settlement), [(1_011, 3, 1)], "the very record of that time settles");
    assert_eq!(d.s.end(resting), (EventKind::Cancelled, Reason::Settlement));
    let settled = d.s.events.iter().find(|e| e.kind == EventKind::Fill && e.reason == Reason::Settlement).unwrap();
    assert_eq!(settled.venue_ns, 100_000);
    assert_eq!((d.equity(), d.account().reserved(0)), (usdt("10150"), Money::ZERO));
    let late = d.order(0, Side::Bid, 900, 1, false);
    assert_eq!(d.s.end(late), (EventKind::Rejected, Reason::NotTradable));
    d.check_told(&start);
}

#[test]
fn a_funding_rate_is_paid_once_in_each_interval_at_the_venues_mark() {
    // Intervals of 3.6 µs: a record of each of 0, 1, 2 and 3 µs falls in the first.
    let often = plain(&[("funding_interval", "0.000000001")]);
    let mut d = Desk::new("10000", &[often], |_| {});
    d.market(0, 1_000);
    d.order(0, Side::Bid, 1_001, 2, false);
    d.mark(0, 1_500);
    let boundary = (d.s.recv_ns / 3_600 + 1) * 3_600;
    d.s.recv_ns = boundary - 1_000;
    for _ in 0..3 {
        d.feed(0, TickKind::FundingRate, 2, 10_000_000_000, 0, 0);
    }
    let paid: Vec<Money> = d.s.events.iter().filter(|e| e.kind == EventKind::Funding).map(|e| e.fee).collect();
    assert_eq!(paid, [usdt("30")], "1 % of 2 × 1 500, once");
    d.s.recv_ns = boundary + 3_600;
    d.feed(0, TickKind::FundingRate, 2, 10_000_000_000, 0, 0);
    assert_eq!(d.account().position(0).funding_paid, usdt("60"));
}

#[test]
fn what_a_funding_payment_or_a_fee_takes_can_liquidate_at_the_next_mark() {
    let mut d = Desk::new("1000", &[plain(&[])], |_| {});
    d.market(0, 1_000);
    d.order(0, Side::Bid, 1_001, 9, false);
    d.feed(0, TickKind::FundingRate, 2, 70_000_000_000, 0, 0);
    assert_eq!(d.lots(0, Side::Bid), 9, "991 less 630 is below 450, but nothing has looked yet");
    d.market(0, 1_000);
    assert_eq!(d.lots(0, Side::Bid), 0);
}
