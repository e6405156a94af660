use std::mem::take;

use tickwright_types::{flags, Side, Tick, TickKind};

use super::Markets;
use crate::error::shown;
use crate::readers::csv::CsvRow;
use crate::readers::feed::{Fault, Feed};
use crate::readers::records::{self, Records};
use crate::readers::ReadRequest;
use crate::{RowFault, TapeError};

/// Most records of one message.
const MOST_LEVELS: usize = 1 << 20;

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let books = request.instruments.iter().map(|instrument| Book::new(&instrument.spec().symbol)).collect();
    let mut file = File {
        markets: Markets::new(request)?,
        layout: Layout::Whole(Vec::new()),
        books,
        message: Vec::new(),
        is_snapshot: false,
        gap_owed: false,
        allow_missing_snapshot: request.allow_missing_snapshot,
    };
    records::read(request, feed, &mut file)
}

/// Changes of books (`incremental_book_L2`), or whole books (`book_snapshot_N`).
///
/// Rows of changes that were received at one time are one message. Where `is_snapshot` begins, the book before is void.
/// What comes before the first snapshot changes a book that nobody knows and is left out.
struct File {
    markets: Markets,
    layout: Layout,
    books: Vec<Book>,
    /// Changes of the message that is being read.
    message: Vec<Tick>,
    is_snapshot: bool,
    /// A row was left out: the next message does not follow the one before.
    gap_owed: bool,
    allow_missing_snapshot: bool,
}

/// Where price and amount stand.
enum Layout {
    /// One change a row: places of `is_snapshot`, side, price and amount.
    Changes([usize; 4]),
    /// One book a row: side, and places of price and amount, of each level.
    Whole(Vec<(Side, [usize; 2])>),
}

/// What is known of one instrument's book.
struct Book {
    symbol: String,
    has_snapshot: bool,
    in_snapshot: bool,
    before_snapshot: u64,
}

impl Book {
    fn new(symbol: &str) -> Self {
        Self { symbol: symbol.to_owned(), has_snapshot: false, in_snapshot: false, before_snapshot: 0 }
    }
}

impl Records for File {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        self.markets.header(row)?;
        let levels = whole_book(row);
        self.layout = if levels.is_empty() {
            let place = |name: &str| row.column_of(&[name]);
            Layout::Changes([place("is_snapshot")?, place("side")?, place("price")?, place("amount")?])
        } else {
            Layout::Whole(levels)
        };
        Ok(true)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let outcome = match &self.layout {
            Layout::Changes(columns) => self.change(row, *columns, feed),
            Layout::Whole(_) => self.whole(row, feed),
        };
        if outcome.is_err() {
            // It may have belonged to the message before it: that ends here, and what follows does not follow it.
            self.end_message(feed);
            self.gap_owed = true;
        }
        outcome
    }

    fn check(&mut self) -> Result<(), TapeError> {
        self.markets.symbols.check()
    }

    fn finish(&mut self, feed: &mut Feed<'_>) -> Result<(), TapeError> {
        self.end_message(feed);
        self.markets.symbols.finish()?;
        let unknown = self.books.iter().find(|book| !book.has_snapshot && book.before_snapshot > 0);
        unknown.map_or(Ok(()), |book| {
            Err(TapeError::NoSnapshot { symbol: shown(&book.symbol, 64), messages: book.before_snapshot })
        })
    }
}

impl File {
    fn change(&mut self, row: CsvRow<'_>, columns: [usize; 4], feed: &mut Feed<'_>) -> Result<(), Fault> {
        let Some(base) = self.markets.record(row, TickKind::BookDelta, feed)? else { return Ok(()) };
        let [snapshot, side, price, amount] = columns;
        let is_snapshot = row.truth(snapshot, "is_snapshot")?;
        let side = match row.text(side) {
            "bid" => Side::Bid,
            "ask" => Side::Ask,
            other => {
                let reason = format!("side: {:?} is neither bid nor ask", shown(other, 40));
                return Err(row.fault(side, RowFault::Field(reason)));
            }
        };
        let mut off_lot = 0;
        let level = self.markets.level(row, base, [price, amount], &mut off_lot)?;
        feed.check_order(base.recv_ns, self.markets.recv_column(row))?;
        feed.report.off_lot += off_lot;
        let continues = self.message.last().is_some_and(|last| {
            (last.recv_ns, last.instrument, self.is_snapshot) == (base.recv_ns, base.instrument, is_snapshot)
        });
        if !continues || self.message.len() == MOST_LEVELS {
            self.end_message(feed);
            self.is_snapshot = is_snapshot;
        }
        self.message.push(Tick { side: side as u8, ..level });
        Ok(())
    }

    fn whole(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let Some(base) = self.markets.record(row, TickKind::SnapshotLevel, feed)? else { return Ok(()) };
        let Layout::Whole(levels) = &self.layout else { return Ok(()) };
        let (mut off_lot, mut ticks) = (0, Vec::with_capacity(levels.len() + 2));
        for &(side, columns) in levels.iter().filter(|(_, columns)| columns.iter().any(|&at| !row.text(at).is_empty()))
        {
            let level = self.markets.level(row, base, columns, &mut off_lot)?;
            ticks.push(Tick { side: side as u8, ..level });
        }
        feed.check_order(base.recv_ns, self.markets.recv_column(row))?;
        feed.report.off_lot += off_lot;
        // A whole book follows from nothing before it: a row that was left out is no gap.
        self.gap_owed = false;
        add_snapshot(base, &ticks, feed);
        Ok(())
    }

    /// Hands on the message that was read, if there is one.
    fn end_message(&mut self, feed: &mut Feed<'_>) {
        let mut ticks = take(&mut self.message);
        let Some(&first) = ticks.first() else { return };
        let book = &mut self.books[usize::from(first.instrument)];
        let begins = self.is_snapshot && !book.in_snapshot;
        book.in_snapshot = self.is_snapshot;
        if begins {
            book.has_snapshot = true;
            self.gap_owed = false;
            add_snapshot(first, &ticks, feed);
        } else if book.has_snapshot || self.allow_missing_snapshot {
            // Deletes first: a book that is uncrossed before and after a message is uncrossed in between.
            ticks.sort_by_key(|tick| tick.size_lots != 0);
            let is_gap = take(&mut self.gap_owed) || (!book.has_snapshot && book.before_snapshot == 0);
            book.before_snapshot += u64::from(!book.has_snapshot);
            book.has_snapshot |= self.allow_missing_snapshot;
            ticks[0].flags |= if is_gap { flags::GAP } else { 0 };
            feed.report.gaps += u64::from(is_gap);
            let last = ticks.len() - 1;
            ticks[last].flags |= flags::LAST;
            feed.add(&ticks);
        } else {
            book.before_snapshot += 1;
            feed.report.stale_messages += 1;
        }
        ticks.clear();
        self.message = ticks;
    }
}

fn add_snapshot(base: Tick, levels: &[Tick], feed: &mut Feed<'_>) {
    let edge = |kind: TickKind, flags: u8| Tick {
        recv_ns: base.recv_ns,
        exch_ns: base.exch_ns,
        instrument: base.instrument,
        flags,
        ..Tick::of(kind)
    };
    feed.report.snapshots += 1;
    feed.add(&[edge(TickKind::SnapshotBegin, 0)]);
    for level in levels.iter().filter(|level| level.size_lots > 0) {
        feed.add(&[Tick { kind: TickKind::SnapshotLevel as u8, ..*level }]);
    }
    feed.add(&[edge(TickKind::SnapshotEnd, flags::LAST)]);
}

/// Side and places of price and amount of each level that a header names: `asks[0].price,asks[0].amount,…`.
fn whole_book(row: CsvRow<'_>) -> Vec<(Side, [usize; 2])> {
    let mut levels = Vec::new();
    for (side, name) in [(Side::Bid, "bids"), (Side::Ask, "asks")] {
        for depth in 0..row.len() {
            let place = |field: &str| row.find(&[&format!("{name}[{depth}].{field}")]);
            let (Some(price), Some(amount)) = (place("price"), place("amount")) else { break };
            levels.push((side, [price, amount]));
        }
    }
    levels
}
