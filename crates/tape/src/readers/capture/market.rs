use std::collections::BTreeSet;

use tickwright_types::{flags, Instrument, Tick, TickKind};

use super::checksum::Checksum;
use super::levels::Levels;
use super::row::{Body, Change, Depth, Order, Row};
use crate::error::shown;
use crate::readers::feed::Fault;
use crate::readers::scale::Scale;
use crate::readers::symbols::Symbols;
use crate::readers::{ReadReport, ReadRequest, NO_EXCH_TIME};
use crate::TapeError;

/// What is known of a capture up to some line.
pub(super) struct Market {
    pub(super) symbols: Symbols,
    books: Vec<Book>,
    last_exch_ns: i64,
    allow_missing_snapshot: bool,
    checksum: Option<Checksum>,
    /// Records of the line being read, in order.
    pub(super) out: Vec<Tick>,
}

/// One instrument.
struct Book {
    symbol: String,
    scale: Scale,
    state: State,
    /// Flags that the next record of its depth must carry.
    owed: u8,
    /// The channel its levels come from.
    channel: Option<String>,
    /// The input its messages come from.
    input: usize,
    levels: Levels,
}

/// Where a book stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No snapshot yet; this many depth messages came without one.
    Waiting(u64),
    /// It follows the venue, up to this id.
    Following(u64),
}

impl Market {
    pub(super) fn new(request: &ReadRequest, checksum: Option<Checksum>) -> Result<Self, TapeError> {
        let book = |instrument: &Instrument| Book {
            symbol: instrument.spec().symbol.clone(),
            scale: Scale::new(instrument),
            state: State::Waiting(0),
            owed: 0,
            channel: None,
            input: 0,
            levels: Levels::new(instrument),
        };
        Ok(Self {
            symbols: Symbols::new(request)?,
            books: request.instruments.iter().map(book).collect(),
            last_exch_ns: NO_EXCH_TIME,
            allow_missing_snapshot: request.allow_missing_snapshot,
            checksum,
            out: Vec::new(),
        })
    }

    pub(super) fn scale(&self, instrument: u16) -> &Scale {
        &self.books[usize::from(instrument)].scale
    }

    /// A connection was opened anew: what the venue said in between is lost, unless it begins with a snapshot.
    pub(super) fn reopened(&mut self, input: usize) {
        for book in self.books.iter_mut().filter(|book| book.input == input) {
            if matches!(book.state, State::Following(_)) {
                book.owed |= flags::GAP;
            }
        }
    }

    /// Refuses what must not be mixed in one book, before anything of the line counts.
    pub(super) fn check(&self, row: &Row<'_>) -> Result<(), Fault> {
        for message in &row.messages {
            let (Body::Snapshot(depth) | Body::Depth(depth)) = &message.body else { continue };
            let book = &self.books[usize::from(message.instrument)];
            if let Some(channel) = book.channel.as_ref().filter(|channel| **channel != depth.channel) {
                let (symbol, other) = (shown(&book.symbol, 64), shown(&depth.channel, 64));
                let reason = format!(
                    "{symbol:?} has its book from {channel:?} and from {other:?}: keep the lines of one of them"
                );
                return Err(row.field(&depth.channel, &reason));
            }
        }
        Ok(())
    }

    /// Makes the records of a line that was found good.
    pub(super) fn commit(&mut self, row: Row<'_>, report: &mut ReadReport) {
        report.off_lot += row.off_lot;
        for kind in row.ignored {
            *report.ignored.entry(kind).or_default() += 1;
        }
        let start = self.out.len();
        for message in row.messages {
            self.last_exch_ns = self.last_exch_ns.max(message.exch_ns.unwrap_or(NO_EXCH_TIME));
            let base = Tick {
                recv_ns: row.recv_ns,
                exch_ns: message.exch_ns.unwrap_or(self.last_exch_ns),
                instrument: message.instrument,
                id: message.id,
                ..Tick::of(TickKind::Timer)
            };
            match message.body {
                Body::Trade(trade) => self.trade(base, &trade, report),
                Body::Quote(sides) => self.push(base, TickKind::Quote, &sides, 0),
                Body::Snapshot(depth) => self.snapshot(base, row.input, depth, report),
                Body::Depth(depth) => self.depth(base, row.input, depth, report),
            }
        }
        end_once(&mut self.out[start..]);
    }

    /// Returns `E_UNKNOWN_SYMBOL`, or `E_NO_SNAPSHOT` for a book that never had one.
    pub(super) fn finish(&self) -> Result<(), TapeError> {
        self.symbols.finish()?;
        let waiting = |book: &Book| match book.state {
            State::Waiting(messages) if messages > 0 => {
                Some(TapeError::NoSnapshot { symbol: shown(&book.symbol, 64), messages })
            }
            _ => None,
        };
        self.books.iter().find_map(waiting).map_or(Ok(()), Err)
    }

    fn trade(&mut self, base: Tick, trade: &Change<'_>, report: &mut ReadReport) {
        if trade.deletes {
            *report.ignored.entry("trades without size".to_owned()).or_default() += 1;
        } else {
            self.push(base, TickKind::Trade, std::slice::from_ref(trade), 0);
        }
    }

    fn snapshot(&mut self, base: Tick, input: usize, mut depth: Depth<'_>, report: &mut ReadReport) {
        report.snapshots += 1;
        keep_last_of_each(&mut depth.changes);
        depth.changes.retain(|change| !change.deletes);
        let book = &mut self.books[usize::from(base.instrument)];
        (book.state, book.owed, book.input) = (State::Following(base.id), 0, input);
        book.channel = Some(depth.channel.into_owned());
        if self.checksum.is_some() {
            book.levels.clear();
            book.levels.apply(&mut depth.changes, depth.most_levels);
            // What is beyond the depth was never in the book.
            depth.changes.retain(|change| !change.deletes);
        }
        let bad = verified(self.checksum, &book.levels, depth.checksum, report);
        self.out.push(Tick { kind: TickKind::SnapshotBegin as u8, ..base });
        let level = |change: &Change<'_>| record(base, TickKind::SnapshotLevel, change);
        self.out.extend(depth.changes.iter().map(level));
        self.out.push(Tick { kind: TickKind::SnapshotEnd as u8, flags: flags::LAST | bad, ..base });
    }

    fn depth(&mut self, base: Tick, input: usize, mut depth: Depth<'_>, report: &mut ReadReport) {
        let book = &mut self.books[usize::from(base.instrument)];
        if let State::Waiting(messages) = book.state {
            if !self.allow_missing_snapshot {
                book.state = State::Waiting(messages + 1);
                report.stale_messages += 1;
                return;
            }
            book.owed |= flags::GAP;
        } else if !follows(book.state, base.id, depth.order) {
            book.owed |= flags::GAP;
        }
        (book.state, book.input) = (State::Following(base.id), input);
        book.channel = Some(depth.channel.into_owned());
        keep_last_of_each(&mut depth.changes);
        if self.checksum.is_some() {
            book.levels.apply(&mut depth.changes, depth.most_levels);
        }
        book.owed |= verified(self.checksum, &book.levels, depth.checksum, report);
        // Deletes first: if the book is not crossed before and after the message, it is not crossed in between.
        depth.changes.sort_by_key(|change| change.size_lots != 0);
        if !depth.changes.is_empty() {
            let owed = std::mem::take(&mut book.owed);
            report.gaps += u64::from(owed & flags::GAP != 0);
            self.push(base, TickKind::BookDelta, &depth.changes, owed);
        }
    }

    fn push(&mut self, base: Tick, kind: TickKind, changes: &[Change<'_>], owed: u8) {
        let start = self.out.len();
        self.out.extend(changes.iter().map(|change| record(base, kind, change)));
        if let [first, ..] = &mut self.out[start..] {
            first.flags |= owed & flags::GAP;
        }
        if let [.., last] = &mut self.out[start..] {
            last.flags |= flags::LAST | owed & flags::BAD_CHECKSUM;
        }
    }
}

/// A line ends once for each instrument that it speaks of, however many trades or books it brings.
fn end_once(line: &mut [Tick]) {
    let mut ended = BTreeSet::new();
    for tick in line.iter_mut().rev() {
        if !ended.insert(tick.instrument) {
            tick.flags &= !flags::LAST;
        }
    }
}

fn record(base: Tick, kind: TickKind, change: &Change<'_>) -> Tick {
    let Change { side, price_ticks, size_lots, .. } = *change;
    Tick { kind: kind as u8, side: side as u8, price_ticks, size_lots, ..base }
}

fn follows(state: State, id: u64, order: Order) -> bool {
    let State::Following(last) = state else { return false };
    match order {
        Order::Unnumbered => true,
        Order::Consecutive => last.checked_add(1) == Some(id),
        Order::After(previous) => previous == last,
        Order::Broken => false,
    }
}

/// Counts a checksum and returns the flag of one that does not match.
fn verified(how: Option<Checksum>, levels: &Levels, stated: Option<u32>, report: &mut ReadReport) -> u8 {
    let (Some(how), Some(stated)) = (how, stated) else { return 0 };
    let equal = how.of(levels) == stated;
    report.checksums.checked += 1;
    report.checksums.equal += u64::from(equal);
    if equal {
        0
    } else {
        flags::BAD_CHECKSUM
    }
}

/// A message may change a level twice: only the last change counts, wherever deletes are put.
fn keep_last_of_each(changes: &mut Vec<Change<'_>>) {
    let mut seen = BTreeSet::new();
    changes.reverse();
    changes.retain(|change| seen.insert((change.side, change.price_ticks)));
    changes.reverse();
}
