use tickwright_book::{L3Book, Order};
use tickwright_paper::MarketView;
use tickwright_types::Tick;

use super::report::Fate;

/// Every so many joining orders one is watched.
const EVERY: usize = 4;

/// Farthest from the best price of its side at which a watched order joins.
const NEAR_TICKS: i64 = 3;

/// Chooses orders: every fourth one that alone makes an event, rests within three ticks of its side's best price and
/// does not cross.
pub struct Sample {
    from_ns: i64,
    seen: usize,
    was_last: bool,
}

impl Sample {
    pub fn new(from_ns: i64) -> Self {
        Self { from_ns, seen: 0, was_last: true }
    }

    /// Whether the order that a record adds to this market is watched. To be asked for every record.
    pub fn takes(&mut self, tick: &Tick, is_add: bool, book: &impl MarketView) -> bool {
        let alone = std::mem::replace(&mut self.was_last, tick.is_last()) && tick.is_last();
        if !is_add || !alone || tick.exch_ns < self.from_ns {
            return false;
        }
        let [bid, ask] = [0, 1].map(|side| book.best_price(side));
        let (behind, crosses) = match tick.side {
            0 => (bid.saturating_sub(tick.price_ticks), tick.price_ticks >= ask),
            _ => (tick.price_ticks.saturating_sub(ask), tick.price_ticks <= bid),
        };
        if crosses || behind > NEAR_TICKS || bid >= ask {
            return false;
        }
        self.seen += 1;
        self.seen % EVERY == 1
    }
}

/// A recorded order, and the simulated one that stands in its place.
pub struct Ghost {
    pub order: Order,
    pub truth: Fate,
    /// Lots of others at its price, as they were shown last.
    pub shown_lots: i64,
    /// Its executions of this event that the book does not have yet.
    unbooked_lots: i64,
}

/// What a change of the recorded order means.
pub enum Change {
    Filled,
    /// Its owner cancelled, moved or resized it: there is nothing to compare with from here on.
    Withdrawn,
}

impl Ghost {
    pub fn new(tick: &Tick, shown_lots: i64) -> Self {
        let order = Order { id: tick.id, side: tick.side, price_ticks: tick.price_ticks, size_lots: tick.size_lots };
        Self { order, truth: Fate::default(), shown_lots, unbooked_lots: 0 }
    }

    /// A report that the recorded order traded.
    pub fn executed(&mut self, lots: i64, at_ns: i64) {
        self.unbooked_lots += lots;
        self.truth.add(lots, at_ns, self.order.size_lots);
    }

    /// The recorded order changed in the book.
    pub fn changed(&mut self, before: &Order, after: Option<Order>) -> Change {
        let left_lots = after.map_or(0, |order| order.size_lots);
        let moved = after.is_some_and(|order| order.price_ticks != before.price_ticks);
        let gone_lots = before.size_lots - left_lots;
        if moved || gone_lots <= 0 || gone_lots > self.unbooked_lots {
            return Change::Withdrawn;
        }
        self.unbooked_lots -= gone_lots;
        Change::Filled
    }

    /// Lots of others at its price.
    pub fn others_lots(&self, book: &L3Book) -> i64 {
        let own = book.order(self.order.id).filter(|own| own.price_ticks == self.order.price_ticks);
        book.size_at(usize::from(self.order.side), self.order.price_ticks) - own.map_or(0, |own| own.size_lots)
    }

    /// Whether a trade or a level of the other side at a price reaches it.
    pub fn is_reached(&self, price_ticks: i64) -> bool {
        match self.order.side {
            0 => price_ticks <= self.order.price_ticks,
            _ => price_ticks >= self.order.price_ticks,
        }
    }

    /// Lots of a trade that its place in the book by order gives it, of which `met_lots` of this event met those ahead.
    pub fn reached_by(&self, trade: &Tick, met_lots: i64, book: &L3Book) -> i64 {
        if trade.price_ticks != self.order.price_ticks {
            return trade.size_lots;
        }
        let Some(ahead_lots) = book.lots_ahead(self.order.id) else { return 0 };
        (trade.size_lots - (ahead_lots - met_lots).max(0)).max(0)
    }
}
