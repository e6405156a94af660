//! The published two-order requoting work: post-only orders at the touch every 100 records, 1 ms each way, filled by the
//! `hft_no_partial` rule. Fill counts and end positions are exact and were agreed on by independent engines.

use std::collections::BTreeMap;

use crate::support::{perpetual, rich, with_latency, PlainBook, Session};
use tickwright_paper::{Conditions, EventKind, FillModel, MarketView, NewOrder, OrderKind, OwnEvent, Request};
use tickwright_types::{Rng, Side, Tick, TickKind};

/// The synthetic market `bench`, byte for byte as its definition draws it.
struct Bench {
    rng: Rng,
    book: PlainBook,
    ts_ns: i64,
    index: u64,
}

impl Bench {
    fn new() -> Self {
        let rng = Rng::from_state(0x9E37_79B9_7F4A_7C15);
        Self { rng, book: PlainBook::default(), ts_ns: 1_700_000_000_000_000_000, index: 0 }
    }

    fn draw(&mut self, modulo: u32) -> i64 {
        i64::from(self.rng.next_u32() % modulo)
    }

    fn level(&mut self, side: usize, price: i64, lots: i64) -> Tick {
        self.book.set(side, price, lots);
        Tick { side: side as u8, price_ticks: price, size_lots: lots, ..Tick::of(TickKind::BookDelta) }
    }

    fn next(&mut self) -> Tick {
        self.ts_ns += 1000 + self.draw(199_001);
        let i = self.index;
        self.index += 1;
        let tick = if i < 2000 {
            let price = if i.is_multiple_of(2) { 99_999 - (i / 2) as i64 } else { 100_001 + (i / 2) as i64 };
            let lots = 1 + self.draw(5000);
            self.level((i % 2) as usize, price, lots)
        } else if self.draw(1000) < 100 {
            // Kind 2 + k hits the bid (k = 0, a seller) or the ask (k = 1, a buyer).
            let k = self.draw(2) as usize;
            let price_ticks = self.book.best_price(k);
            let size_lots = 1 + self.draw(2000);
            Tick { side: 1 - k as u8, price_ticks, size_lots, ..Tick::of(TickKind::Trade) }
        } else {
            self.next_level()
        };
        Tick { exch_ns: self.ts_ns, recv_ns: self.ts_ns + 1, ..tick }
    }

    fn next_level(&mut self) -> Tick {
        let side = self.draw(2) as usize;
        let distance = if self.draw(100) >= 95 {
            self.draw(2000)
        } else {
            let mut before = 0;
            while self.draw(9) != 0 {
                before += 1;
            }
            before
        };
        let price = match side {
            0 => self.book.best_price(1) - 1 - distance,
            _ => self.book.best_price(0) + 1 + distance,
        };
        let deletes = self.draw(100) < 35;
        if deletes && self.book.size_at(side, price) > 0 && self.book.0[side].len() > 1 {
            return self.level(side, price, 0);
        }
        let lots = 1 + self.draw(5000);
        self.level(side, price, lots)
    }
}

/// What the requoting strategy knows of its orders.
#[derive(Default)]
struct Requoter {
    next_id: u32,
    /// Orders known to be open; true once a cancel was sent.
    open: BTreeMap<u32, bool>,
    fills: u64,
    position: i64,
    heard: usize,
}

impl Requoter {
    fn hear(&mut self, event: &OwnEvent) {
        match event.kind {
            EventKind::Accepted => drop(self.open.insert(event.order_id, false)),
            EventKind::Fill => {
                self.open.remove(&event.order_id);
                self.fills += 1;
                self.position += if event.side == 0 { 1 } else { -1 };
            }
            EventKind::Cancelled => drop(self.open.remove(&event.order_id)),
            _ => {}
        }
    }

    fn requote(&mut self, session: &mut Session) {
        for (&order_id, cancelled) in &mut self.open {
            if !std::mem::replace(cancelled, true) {
                session.send(Request::Cancel { order_id });
            }
        }
        for side in [Side::Bid, Side::Ask] {
            let order_id = self.next_id;
            self.next_id += 1;
            session.send(Request::Submit(NewOrder {
                order_id,
                instrument: 0,
                side,
                kind: OrderKind::PostOnly,
                price_ticks: session.books[0].best_price(side.index()),
                size_lots: 1000,
                conditions: Conditions::NONE,
            }));
        }
    }
}

fn w2(records: u64) -> (u64, i64) {
    let config = with_latency(rich(FillModel::hft_no_partial()), 1_000_000);
    let mut session = Session::new(&config, &[perpetual()]);
    let (mut bench, mut strategy) = (Bench::new(), Requoter::default());
    for n in 1..=records {
        session.feed(&bench.next());
        while strategy.heard < session.events.len() {
            strategy.hear(&session.events[strategy.heard].clone());
            strategy.heard += 1;
        }
        if n % 100 == 0 {
            strategy.requote(&mut session);
        }
    }
    (strategy.fills, strategy.position)
}

#[test]
fn the_requoting_work_has_its_published_fills_and_end_position_after_100_000_records() {
    assert_eq!(w2(100_000), (1_443, 1));
}

#[test]
fn the_requoting_work_has_its_published_fills_and_end_position_after_1_000_000_records() {
    assert_eq!(w2(1_000_000), (14_907, 43));
}
