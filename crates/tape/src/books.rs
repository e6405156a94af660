use tickwright_book::{Ignored, L2Book, L3Book, NO_ASK, NO_BID};
use tickwright_types::{flags, Side, Tick, TickKind};

/// The books of a tape's instruments, rebuilt record by record.
pub(crate) struct Books(Vec<Rebuilt>);

/// A book by price level, and the orders it was made of where the tape has them.
#[derive(Default)]
struct Rebuilt {
    levels: L2Book,
    orders: L3Book,
}

/// What a record did to its book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is not of a book, or reports what another record does.
    None,
    /// It was applied.
    Applied,
    /// It speaks of an order that is not there.
    UnknownOrder,
}

/// Price in ticks and size in lots of the best bid and the best ask, where there is one.
pub type Touch = [Option<(i64, i64)>; 2];

impl Books {
    pub(crate) fn new(instruments: usize) -> Self {
        Self((0..instruments).map(|_| Rebuilt::default()).collect())
    }

    pub(crate) fn book(&self, instrument: u16) -> &L2Book {
        &self.0[usize::from(instrument)].levels
    }

    /// The orders of an instrument; none where its tape has levels.
    pub(crate) fn orders(&self, instrument: u16) -> &L3Book {
        &self.0[usize::from(instrument)].orders
    }

    /// Applies a record.
    pub(crate) fn apply(&mut self, tick: &Tick) -> Effect {
        let rebuilt = &mut self.0[usize::from(tick.instrument)];
        let book = &mut rebuilt.levels;
        let side = tick.side().map(Side::index);
        match (tick.kind(), side) {
            (Some(TickKind::BookDelta), Some(side)) => {
                book.apply_level(side, tick.price_ticks, tick.size_lots);
            }
            (Some(TickKind::SnapshotLevel), Some(side)) => book.snapshot_level(side, tick.price_ticks, tick.size_lots),
            (Some(TickKind::SnapshotBegin), _) => book.snapshot_begin(),
            (Some(TickKind::SnapshotEnd), _) => {
                book.snapshot_end();
            }
            (Some(TickKind::BookClear), _) => {
                book.clear();
                rebuilt.orders.clear();
            }
            (Some(kind), _) if kind.is_order_event() && tick.flags & flags::REPORT == 0 => return rebuilt.order(tick),
            _ => return Effect::None,
        }
        Effect::Applied
    }

    pub(crate) fn touch(&self, instrument: u16) -> Touch {
        let book = self.book(instrument);
        let best = |side: usize, none: i64| {
            let price = book.best_price(side);
            (price != none).then(|| (price, book.best_size(side)))
        };
        [best(0, NO_BID), best(1, NO_ASK)]
    }
}

impl Rebuilt {
    /// Applies an order's event and sets the levels where the order stood and stands.
    fn order(&mut self, tick: &Tick) -> Effect {
        let before = match self.orders.apply(tick) {
            Ok(before) => before,
            Err(Ignored::UnknownOrder) => return Effect::UnknownOrder,
            Err(Ignored::OutOfRange) => return Effect::None,
        };
        for order in before.into_iter().chain(self.orders.order(tick.id)) {
            let side = usize::from(order.side);
            self.levels.apply_level(side, order.price_ticks, self.orders.size_at(side, order.price_ticks));
        }
        Effect::Applied
    }
}
