use tickwright_paper::MatchOn;
use tickwright_types::{Tick, TickKind};

use crate::engine::{Core, Engine};
use crate::layout::hit;
use crate::queue::TickQueue;
use crate::source::Source;
use crate::EngineError;

/// What makes the books of a live feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LiveBooks {
    /// Best quotes, instrument by instrument, until the first record that makes a book reaches the engine: a delta, the
    /// begin or a level of a snapshot, an order. What the quotes made is cleared right before that record, and from there
    /// on quotes are only looked at, as on a tape that has both. There is no way back.
    #[default]
    Await,
    /// Levels from the beginning: quotes are only looked at.
    Levels,
    /// Best quotes for good.
    Quotes,
}

impl LiveBooks {
    /// The one of that name: `await`, `levels` or `quotes`.
    pub fn named(name: &str) -> Option<Self> {
        [("await", Self::Await), ("levels", Self::Levels), ("quotes", Self::Quotes)]
            .into_iter()
            .find_map(|(known, books)| (known == name).then_some(books))
    }
}

impl Engine {
    /// Reads from a bounded queue that [`Engine::push`] fills.
    ///
    /// Returns `E_CONFIG` unless the capacity lies in 1 to [`TickQueue::LARGEST_CAPACITY`]; nothing has changed then.
    pub fn go_live(&mut self, capacity: usize, books: LiveBooks) -> Result<(), EngineError> {
        self.queue = Some(TickQueue::new(capacity)?);
        self.source = Source::live();
        self.core.expect_books(books);
        Ok(())
    }

    /// Puts ticks into the live queue; see [`TickQueue::push`] for what happens when it is full.
    pub fn push(&mut self, ticks: &[Tick]) -> Result<(), EngineError> {
        let queue = self.queue.as_mut().ok_or_else(|| {
            EngineError::config("source", "ticks can be pushed only after the engine was told to go live")
        })?;
        queue.push(ticks)
    }

    /// Live records that are not done yet: those in the queue, and those that were taken out of it to be done next.
    pub fn waiting(&self) -> u64 {
        let at_hand = if self.source.is_live() { self.source.remaining() } else { 0 };
        at_hand + self.queue.as_ref().map_or(0, |queue| queue.depth() as u64)
    }

    /// The live queue, where there is one.
    pub fn queue(&self) -> Option<&TickQueue> {
        self.queue.as_ref()
    }
}

impl Core {
    fn expect_books(&mut self, books: LiveBooks) {
        for (index, market) in self.markets.iter_mut().enumerate() {
            let is_there = market.book.level_count(0) + market.book.level_count(1) > 0;
            market.quotes_drive = match books {
                LiveBooks::Await => market.quotes_drive || !is_there,
                LiveBooks::Levels => false,
                LiveBooks::Quotes => true,
            };
            let match_on = if market.quotes_drive { MatchOn::TopOfBook } else { MatchOn::Depth };
            self.venues[market.venue].paper.set_match_on(index, match_on);
        }
        self.awaits_books = books == LiveBooks::Await && self.markets.iter().any(|market| market.quotes_drive);
        // Plain records are done without a look at what they begin: while a book is awaited, each is looked at.
        self.due_ns = i64::MIN;
    }

    /// Ends the time of quotes for an instrument whose book begins with this record. Returns the hits it makes.
    #[cold]
    #[inline(never)]
    pub(crate) fn begin_book(&mut self, tick: &Tick, venue_ns: i64) -> u32 {
        let index = usize::from(tick.instrument);
        let market = &mut self.markets[index];
        let begins = tick.kind().is_some_and(|kind| makes_book(kind) || kind == TickKind::SnapshotBegin);
        if !market.quotes_drive || !begins {
            return 0;
        }
        let had_a_price = market.top.price.iter().any(|price| !price.is_nan());
        market.quotes_drive = false;
        market.clear_book();
        market.refresh_top();
        let paper = &mut self.venues[market.venue].paper;
        paper.set_match_on(index, MatchOn::Depth);
        paper.on_book_replaced(index, &*market, venue_ns);
        self.awaits_books = self.markets.iter().any(|market| market.quotes_drive);
        u32::from(had_a_price) * hit::BEST
    }
}

/// Whether records of that kind are the parts of a book.
pub(crate) fn makes_book(kind: TickKind) -> bool {
    matches!(kind, TickKind::BookDelta | TickKind::SnapshotLevel | TickKind::OrderAdd)
}
