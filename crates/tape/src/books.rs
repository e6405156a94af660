use tickwright_book::{BookConfig, L2Book, NO_ASK, NO_BID};
use tickwright_types::{Side, Tick, TickKind};

/// The books of a tape's instruments, rebuilt record by record.
pub(crate) struct Books(Vec<L2Book>);

/// Price in ticks and size in lots of the best bid and the best ask, where there is one.
pub type Touch = [Option<(i64, i64)>; 2];

impl Books {
    pub(crate) fn new(instruments: usize) -> Self {
        Self((0..instruments).map(|_| L2Book::new(BookConfig::default())).collect())
    }

    pub(crate) fn book(&self, instrument: u16) -> &L2Book {
        &self.0[usize::from(instrument)]
    }

    /// Applies a record and returns whether it was one of a book by price level.
    pub(crate) fn apply(&mut self, tick: &Tick) -> bool {
        let book = &mut self.0[usize::from(tick.instrument)];
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
            (Some(TickKind::BookClear), _) => book.clear(),
            _ => return false,
        }
        true
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
