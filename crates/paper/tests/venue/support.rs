//! A market of plain maps that drives a venue the way the engine does.

use std::collections::BTreeMap;

use tickwright_paper::{
    Conditions, EventKind, FillModel, LatencyModel, MarketView, NewOrder, OrderKind, OwnEvent, PaperConfig, PaperVenue,
    Reason, Request,
};
use tickwright_types::{Instrument, Side, Tick, TickKind};

pub(crate) const BID: usize = 0;
pub(crate) const ASK: usize = 1;

/// Levels of both sides in ordered maps.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlainBook(pub(crate) [BTreeMap<i64, i64>; 2]);

impl PlainBook {
    pub(crate) fn set(&mut self, side: usize, price: i64, lots: i64) -> i64 {
        let old = if lots > 0 { self.0[side].insert(price, lots) } else { self.0[side].remove(&price) };
        old.unwrap_or(0)
    }
}

impl MarketView for PlainBook {
    fn best_price(&self, side: usize) -> i64 {
        match side {
            BID => self.0[BID].last_key_value().map_or(i64::MIN, |(&price, _)| price),
            _ => self.0[ASK].first_key_value().map_or(i64::MAX, |(&price, _)| price),
        }
    }

    fn best_size(&self, side: usize) -> i64 {
        self.size_at(side, self.best_price(side))
    }

    fn size_at(&self, side: usize, price: i64) -> i64 {
        self.0[side].get(&price).copied().unwrap_or(0)
    }

    fn walk(&self, side: usize, visit: &mut dyn FnMut(i64, i64) -> bool) {
        let levels: Vec<(i64, i64)> = match side {
            BID => self.0[BID].iter().rev().map(|(&p, &q)| (p, q)).collect(),
            _ => self.0[ASK].iter().map(|(&p, &q)| (p, q)).collect(),
        };
        for (price, lots) in levels {
            if !visit(price, lots) {
                return;
            }
        }
    }
}

/// A venue, its market and everything that was heard from it.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) venue: PaperVenue,
    pub(crate) books: Vec<PlainBook>,
    pub(crate) venue_ns: i64,
    pub(crate) recv_ns: i64,
    pub(crate) events: Vec<OwnEvent>,
    next_id: u32,
}

impl Session {
    pub(crate) fn new(config: &PaperConfig, instruments: &[Instrument]) -> Self {
        Self {
            venue: PaperVenue::new(config, instruments).unwrap(),
            books: vec![PlainBook::default(); instruments.len()],
            venue_ns: i64::MIN,
            recv_ns: 0,
            events: Vec::new(),
            next_id: 0,
        }
    }

    /// One instrument without latency under a fill model, with money for anything.
    pub(crate) fn of(fill_model: FillModel) -> Self {
        Self::new(&rich(fill_model), &[perpetual()])
    }

    pub(crate) fn feed(&mut self, tick: &Tick) {
        let i = usize::from(tick.instrument);
        self.venue_ns = self.venue_ns.max(tick.exch_ns);
        self.recv_ns = tick.recv_ns;
        if self.venue.next_request_ns() < self.venue_ns {
            self.venue.process_requests(self.venue_ns, &self.books);
        }
        let side = usize::from(tick.side);
        match tick.kind().unwrap() {
            TickKind::BookDelta => {
                let old = self.books[i].set(side, tick.price_ticks, tick.size_lots);
                let (bid, ask) = (self.books[i].best_price(BID), self.books[i].best_price(ASK));
                let (price, new) = (tick.price_ticks, tick.size_lots.max(0));
                self.venue.on_level(i, side, price, old, new, bid, ask, self.venue_ns);
            }
            TickKind::Trade => self.venue.on_trade(i, tick.side, tick.price_ticks, tick.size_lots, self.venue_ns),
            TickKind::Quote => self.venue.on_quote(i, side, tick.price_ticks, tick.size_lots, self.venue_ns),
            TickKind::MarkPrice => self.venue.on_mark(i, tick.price_ticks, self.venue_ns),
            TickKind::FundingRate => {
                let mark = self.books[i].best_price(BID) + self.books[i].best_price(ASK);
                self.venue.on_funding(i, tick.price_ticks, mark, self.venue_ns);
            }
            TickKind::SnapshotEnd => self.venue.on_book_replaced(i, &self.books[i], self.venue_ns),
            other => panic!("{other:?} is not used here"),
        }
        if tick.is_last() {
            let (bid, ask) = (self.books[i].best_price(BID), self.books[i].best_price(ASK));
            self.venue.on_message(i, bid, ask, self.venue_ns);
        }
        while let Some(event) = self.venue.pop_event(tick.recv_ns) {
            self.events.push(event);
        }
    }

    /// The next record, a microsecond later.
    pub(crate) fn next(&mut self, kind: TickKind, side: u8, price: i64, lots: i64) {
        let now = self.recv_ns + 1_000;
        let tick = Tick { recv_ns: now, exch_ns: now, side, price_ticks: price, size_lots: lots, ..Tick::of(kind) };
        self.feed(&tick);
    }

    pub(crate) fn level(&mut self, side: usize, price: i64, lots: i64) {
        self.next(TickKind::BookDelta, side as u8, price, lots);
    }

    pub(crate) fn quote(&mut self, side: usize, price: i64, lots: i64) {
        self.next(TickKind::Quote, side as u8, price, lots);
    }

    /// A trade of a selling aggressor.
    pub(crate) fn sold(&mut self, price: i64, lots: i64) {
        self.next(TickKind::Trade, ASK as u8, price, lots);
    }

    /// A trade of a buying aggressor.
    pub(crate) fn bought(&mut self, price: i64, lots: i64) {
        self.next(TickKind::Trade, BID as u8, price, lots);
    }

    pub(crate) fn send(&mut self, request: Request) {
        self.venue.send(self.recv_ns, request).unwrap();
    }

    /// Sends an order, brings it into force with a record that says nothing, and returns its id.
    pub(crate) fn order(&mut self, side: Side, kind: OrderKind, price: i64, lots: i64) -> u32 {
        self.order_with(side, kind, price, lots, Conditions::NONE)
    }

    pub(crate) fn order_with(
        &mut self,
        side: Side,
        kind: OrderKind,
        price_ticks: i64,
        size_lots: i64,
        conditions: Conditions,
    ) -> u32 {
        let order_id = self.next_id;
        self.next_id += 1;
        self.send(Request::Submit(NewOrder {
            order_id,
            instrument: 0,
            side,
            kind,
            price_ticks,
            size_lots,
            conditions,
        }));
        self.pass();
        order_id
    }

    /// A record that says nothing: a trade of no size far away.
    pub(crate) fn pass(&mut self) {
        self.next(TickKind::Trade, ASK as u8, i64::MAX, 0);
    }

    /// (price, lots, maker) of the fills of an order so far.
    pub(crate) fn fills(&self, id: u32) -> Vec<(i64, i64, bool)> {
        let own = self.events.iter().filter(|e| e.kind == EventKind::Fill && e.order_id == id);
        own.map(|e| (e.price_ticks, e.size_lots, e.maker)).collect()
    }

    /// Kinds of the events of an order so far.
    pub(crate) fn kinds(&self, id: u32) -> Vec<EventKind> {
        self.events.iter().filter(|e| e.order_id == id).map(|e| e.kind).collect()
    }

    /// Kind and reason of the last event of an order.
    pub(crate) fn end(&self, id: u32) -> (EventKind, Reason) {
        self.events.iter().rfind(|e| e.order_id == id).map(|e| (e.kind, e.reason)).unwrap()
    }

    pub(crate) fn leaves(&self, id: u32) -> i64 {
        self.venue.order(id).unwrap().leaves_lots
    }

    pub(crate) fn last(&self) -> &OwnEvent {
        self.events.last().unwrap()
    }

    pub(crate) fn ahead(&self, id: u32) -> i64 {
        self.venue.order(id).unwrap().ahead_lots.unwrap()
    }
}

pub(crate) fn rich(fill_model: FillModel) -> PaperConfig {
    let mut config = PaperConfig { fill_model, ..PaperConfig::default() };
    config.account.deposits.insert("USDT".to_owned(), "1000000000000".parse().unwrap());
    config
}

pub(crate) fn with_latency(mut config: PaperConfig, ns: i64) -> PaperConfig {
    config.entry_latency = LatencyModel::Fixed { ns };
    config.response_latency = LatencyModel::Fixed { ns };
    config
}

pub(crate) fn instrument(changes: &[(&str, &str)]) -> Instrument {
    let mut spec: BTreeMap<&str, &str> = BTreeMap::from([
        ("id", "BTCUSDT-PERP"),
        ("venue", "binance"),
        ("symbol", "BTCUSDT"),
        ("kind", "linear_perpetual"),
        ("tick_size", "0.1"),
        ("lot_size", "0.001"),
        ("base", "BTC"),
        ("quote", "USDT"),
        ("settlement", "USDT"),
        ("max_leverage", "10"),
    ]);
    spec.extend(changes.iter().copied());
    serde_json::from_str(&serde_json::to_string(&spec).unwrap()).unwrap()
}

pub(crate) fn perpetual() -> Instrument {
    instrument(&[])
}

pub(crate) fn spot() -> Instrument {
    instrument(&[("id", "BTCUSDT"), ("kind", "spot"), ("max_leverage", "1")])
}
