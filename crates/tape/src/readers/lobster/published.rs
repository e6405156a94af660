//! The book after each message, and what it takes to keep a book of orders equal to it.
//!
//! Orders that rested before the file began, and prices that scroll into the published depth, are known by their size
//! alone. Each such price holds one order of a made-up id ([`SEEDS`] and above), which stands for all of them; events of
//! orders that nobody announced are its events. A price that scrolls out of the depth is taken out of the book, for
//! nothing more is heard of it.

use tickwright_book::{L3Book, Order};
use tickwright_types::{flags, Side, Tick, TickKind, NO_SIDE};

use super::message::Message;
use crate::readers::csv::CsvRow;
use crate::readers::feed::{Fault, Feed};
use crate::readers::fixed::FixedPoint;
use crate::RowFault;

/// First of the made-up ids: far above NASDAQ's.
const SEEDS: u64 = 1 << 63;

/// The price of a level that is not there.
const NO_PRICE: &str = "9999999999";

/// `(price_ticks, size_lots)` of bids and asks, best first.
type Levels = [Vec<(i64, i64)>; 2];

pub(super) struct Published {
    book: L3Book,
    next_seed: u64,
    /// The row after the message at hand, and whether it has as many levels as fit.
    now: Levels,
    full: [bool; 2],
    /// Whether the row before left room: then every level of that side is known.
    complete: [bool; 2],
    seeded: bool,
    ticks: Vec<Tick>,
}

impl Published {
    pub(super) fn new() -> Self {
        Self {
            book: L3Book::default(),
            next_seed: SEEDS,
            now: Levels::default(),
            full: [false; 2],
            complete: [false; 2],
            seeded: false,
            ticks: Vec::new(),
        }
    }

    /// Takes a row: ask price, ask size, bid price, bid size for each level.
    pub(super) fn read(&mut self, row: CsvRow<'_>, scale: &FixedPoint) -> Result<(), Fault> {
        let levels = row.len() / 4;
        row.expect_len(&[levels.max(1) * 4])?;
        self.complete = self.full.map(|full| !full);
        self.now.iter_mut().for_each(Vec::clear);
        for at in (0..row.len()).step_by(4) {
            for (side, at) in [(Side::Ask, at), (Side::Bid, at + 2)] {
                if row.text(at).trim_start_matches('-') != NO_PRICE {
                    let level = level(row, at, scale)?;
                    self.now[side.index()].push(level);
                }
            }
        }
        self.full = [0, 1].map(|side| self.now[side].len() == levels);
        Ok(())
    }

    /// Hands on the message, what makes the book equal to the row after it, and that row's best quote.
    pub(super) fn follow(&mut self, message: &Message, feed: &mut Feed<'_>) {
        self.ticks.clear();
        self.ticks.extend(message.trade);
        if self.seeded {
            if let Some(order) = message.order {
                self.apply(order);
            }
        }
        let base = Tick { recv_ns: message.at_ns, exch_ns: message.at_ns, ..Tick::of(TickKind::OrderAdd) };
        if self.seeded && !self.agrees() {
            // The rows before and after do not differ by this message: something is missing between them.
            feed.report.gaps += 1;
            self.begin_again(Tick { flags: flags::GAP, ..base });
        } else if !self.seeded {
            feed.report.snapshots += 1;
            self.begin_again(base);
        }
        self.seeded = true;
        self.fit(base);
        self.quote(base);
        feed.add(&self.ticks);
    }

    /// An order's event in the book and in the records; that of an order nobody announced is the seed's of its price.
    fn apply(&mut self, order: Tick) {
        let mut order = order;
        if order.kind() != Some(TickKind::OrderAdd) && self.book.order(order.id).is_none() {
            let mut queue = self.book.orders_at(usize::from(order.side), order.price_ticks);
            if let Some(seed) = queue.find(|resting| resting.id >= SEEDS) {
                order.id = seed.id;
            }
        }
        // What does not fit shows when the book is compared with the row.
        let _ = self.book.apply(&order);
        self.ticks.push(order);
    }

    /// Whether the book has the row's levels as far as it can know them: all, or all but what scrolled in.
    fn agrees(&self) -> bool {
        (0..2).all(|side| {
            let ours = self.book.level_count(side);
            let known = ours.min(self.now[side].len());
            let missing = self.now[side].len() > ours;
            let surplus = ours > self.now[side].len() && !self.full[side];
            let equal = self.book.levels(side).take(known).eq(self.now[side][..known].iter().copied());
            equal && !surplus && !(missing && self.complete[side])
        })
    }

    fn begin_again(&mut self, base: Tick) {
        self.book.clear();
        self.ticks.push(Tick { kind: TickKind::BookClear as u8, side: NO_SIDE, ..base });
    }

    /// Takes out what scrolled out of the depth and seeds what scrolled in.
    fn fit(&mut self, base: Tick) {
        for side in 0..2 {
            let known = self.book.level_count(side).min(self.now[side].len());
            let beyond: Vec<Order> = match self.now[side].last() {
                Some(&(deepest, _)) => {
                    let is_beyond = |price: i64| if side == 0 { price < deepest } else { price > deepest };
                    self.book.orders(side).filter(|order| is_beyond(order.price_ticks)).collect()
                }
                None => self.book.orders(side).collect(),
            };
            for order in beyond {
                let kind = TickKind::OrderCancel as u8;
                let (price_ticks, size_lots) = (order.price_ticks, order.size_lots);
                self.push(Tick { kind, side: order.side, id: order.id, price_ticks, size_lots, ..base });
            }
            for at in known..self.now[side].len() {
                let (price_ticks, size_lots) = self.now[side][at];
                self.push(Tick { side: side as u8, id: self.next_seed, price_ticks, size_lots, ..base });
                self.next_seed += 1;
            }
        }
    }

    fn push(&mut self, tick: Tick) {
        let fits = self.book.apply(&tick);
        debug_assert!(fits.is_ok(), "{tick:?}");
        self.ticks.push(tick);
    }

    /// The best bid and ask of the row, which end the message.
    fn quote(&mut self, base: Tick) {
        for side in 0..2 {
            let (price_ticks, size_lots) = self.now[side].first().copied().unwrap_or_default();
            let quote = Tick { kind: TickKind::Quote as u8, side: side as u8, price_ticks, size_lots, ..base };
            self.ticks.push(Tick { flags: if side == 1 { flags::LAST } else { 0 }, ..quote });
        }
    }
}

fn level(row: CsvRow<'_>, at: usize, scale: &FixedPoint) -> Result<(i64, i64), Fault> {
    let stored = i64::try_from(row.number(at, "price")?).unwrap_or(i64::MAX);
    let price_ticks = scale.price_ticks(stored).map_err(|e| row.fault(at, RowFault::Number(e)))?;
    let lots = scale.size_lots(row.number(at + 1, "size")?);
    let (size_lots, _) = lots.map_err(|e| row.fault(at + 1, RowFault::Number(e)))?;
    if size_lots == 0 {
        return Err(row.fault(at + 1, RowFault::Field("a level has a size above 0".to_owned())));
    }
    Ok((price_ticks, size_lots))
}
