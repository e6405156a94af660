use std::path::Path;

use tickwright_book::L3Book;
use tickwright_types::{flags, Instrument, Side, Tick, TickKind};

use crate::books::{Books, Effect};
use crate::merge::{options_of, write_tape};
use crate::{OnProgress, TapeError, TapeInfo, TapeReader, TickSource};

/// What to keep of a tape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SliceOptions {
    /// First receive time that is kept.
    pub from_ns: Option<i64>,
    /// First receive time that is not.
    pub to_ns: Option<i64>,
    /// Ids of the instruments to keep; all when empty.
    pub instruments: Vec<String>,
    /// Kinds to keep; all when empty.
    pub kinds: Vec<TickKind>,
    /// Whether to begin at `from_ns` in mid-stream, without the book that was there. By default each book that
    /// already has levels is written first, as a snapshot received at `from_ns`.
    pub without_books: bool,
}

/// A part of a source: a time, some instruments, some kinds.
///
/// Messages stay whole: where a message's last record is not kept, the last one that is carries its flag.
pub struct Slice<S> {
    source: S,
    options: SliceOptions,
    instruments: Vec<Instrument>,
    /// New index of each of the source's instruments, if it is kept.
    remap: Vec<Option<u16>>,
    /// Books before `from_ns`, until they have been written.
    before: Option<Before>,
    /// Kept instruments whose next record is owed the gap flag.
    gap_owed: Vec<bool>,
    /// Records of the message under way.
    message: Vec<Tick>,
    block: Vec<Tick>,
    done: bool,
}

/// What was true of the kept instruments before the slice.
struct Before {
    books: Books,
    /// Exchange time and update id of the last record of each book; none if it has no book.
    last: Vec<Option<(i64, u64)>>,
}

impl<S: TickSource> Slice<S> {
    /// Cuts a source.
    ///
    /// Returns `E_OPTION` for an instrument that the source has not, or an empty time.
    pub fn new(source: S, options: SliceOptions) -> Result<Self, TapeError> {
        check(&options, source.instruments())?;
        let wanted =
            |i: &Instrument| options.instruments.is_empty() || options.instruments.iter().any(|id| id == i.id());
        let mut instruments = Vec::new();
        let mut remap = Vec::new();
        for instrument in source.instruments() {
            remap.push(wanted(instrument).then_some(instruments.len() as u16));
            if wanted(instrument) {
                instruments.push(instrument.clone());
            }
        }
        let count = instruments.len();
        let before = options.from_ns.map(|_| Before { books: Books::new(count), last: vec![None; count] });
        let (message, block, gap_owed) = (Vec::new(), Vec::new(), vec![false; count]);
        Ok(Self { source, options, instruments, remap, before, gap_owed, message, block, done: false })
    }

    fn take(&mut self, mut tick: Tick, out: &mut Vec<Tick>) {
        let Some(index) = self.remap[usize::from(tick.instrument)] else { return };
        tick.instrument = index;
        if self.options.from_ns.is_some_and(|from| tick.recv_ns < from) {
            self.note(&tick);
            return;
        }
        self.write_books(out);
        if self.gap_owed[usize::from(index)] {
            tick.flags |= flags::GAP;
            self.gap_owed[usize::from(index)] = false;
        }
        if self.options.kinds.is_empty() {
            out.push(tick);
            return;
        }
        if self.message.first().is_some_and(|first| first.instrument != index) {
            self.end_message(out);
        }
        self.message.push(tick);
        if tick.is_last() {
            self.end_message(out);
        }
    }

    /// Remembers what a record before the slice did to its book.
    fn note(&mut self, tick: &Tick) {
        let Some(before) = &mut self.before else { return };
        let index = usize::from(tick.instrument);
        if tick.flags & flags::GAP != 0 {
            self.gap_owed[index] = true;
        }
        if before.books.apply(tick) != Effect::Applied {
            return;
        }
        before.last[index] = Some((tick.exch_ns, tick.id));
        if tick.kind == TickKind::SnapshotEnd as u8 {
            self.gap_owed[index] = false;
        }
    }

    /// Writes the books that stood at the beginning of the slice, once.
    fn write_books(&mut self, out: &mut Vec<Tick>) {
        let (Some(before), Some(from_ns)) = (self.before.take(), self.options.from_ns) else { return };
        if self.options.without_books {
            return;
        }
        let is_kept = |kind: TickKind| self.options.kinds.is_empty() || self.options.kinds.contains(&kind);
        for (index, last) in before.last.iter().enumerate() {
            let Some((exch_ns, id)) = *last else { continue };
            let of = |kind| Tick { recv_ns: from_ns, exch_ns, id, instrument: index as u16, ..Tick::of(kind) };
            if before.books.orders(index as u16).order_count() > 0 {
                if is_kept(TickKind::OrderAdd) {
                    write_orders(before.books.orders(index as u16), &of(TickKind::OrderAdd), out);
                }
                continue;
            }
            if !is_kept(TickKind::BookDelta) {
                continue;
            }
            out.push(of(TickKind::SnapshotBegin));
            for side in [Side::Bid, Side::Ask] {
                let level = Tick { side: side as u8, ..of(TickKind::SnapshotLevel) };
                let levels = before.books.book(index as u16).levels(side.index());
                out.extend(levels.map(|(price_ticks, size_lots)| Tick { price_ticks, size_lots, ..level }));
            }
            out.push(Tick { flags: flags::LAST, ..of(TickKind::SnapshotEnd) });
        }
    }

    /// Hands on what is kept of the message under way, with the flags of what is not.
    fn end_message(&mut self, out: &mut Vec<Tick>) {
        let all = self.message.iter().fold(0, |all, tick| all | tick.flags);
        let start = out.len();
        let kinds = &self.options.kinds;
        let kept = |tick: &Tick| tick.kind().is_some_and(|kind| kinds.contains(&kind));
        out.extend(self.message.drain(..).filter(kept));
        if let Some(first) = out.get_mut(start) {
            first.flags |= all & flags::GAP;
        }
        if let Some(last) = out[start..].last_mut() {
            last.flags |= all & (flags::LAST | flags::BAD_CHECKSUM);
        }
    }
}

/// A book of orders as the additions that make it, in the order of its queues.
fn write_orders(book: &L3Book, base: &Tick, out: &mut Vec<Tick>) {
    let orders = (0..2).flat_map(|side| book.orders(side));
    out.extend(orders.map(|order| Tick {
        side: order.side,
        price_ticks: order.price_ticks,
        size_lots: order.size_lots,
        id: order.id,
        ..*base
    }));
    if let Some(last) = out.last_mut() {
        last.flags |= flags::LAST;
    }
}

impl<S: TickSource> TickSource for Slice<S> {
    fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    fn ticks_total(&self) -> Option<u64> {
        None
    }

    fn next_block(&mut self, out: &mut Vec<Tick>) -> Result<bool, TapeError> {
        out.clear();
        while out.is_empty() && !self.done {
            let mut block = std::mem::take(&mut self.block);
            let more = self.source.next_block(&mut block).inspect_err(|_| self.done = true)?;
            // Receive times never decrease: the first record past the end is the end.
            let end = self.options.to_ns.map_or(block.len(), |to| block.partition_point(|tick| tick.recv_ns < to));
            for tick in &block[..end] {
                self.take(*tick, out);
            }
            if !more || end < block.len() {
                self.done = true;
                self.write_books(out);
                self.end_message(out);
            }
            self.block = block;
        }
        Ok(!out.is_empty())
    }
}

fn check(options: &SliceOptions, instruments: &[Instrument]) -> Result<(), TapeError> {
    if let Some(missing) = options.instruments.iter().find(|id| !instruments.iter().any(|i| i.id() == id.as_str())) {
        let known: Vec<&str> = instruments.iter().map(Instrument::id).collect();
        let reason = format!("the tape has no {:?}, it has {known:?}", crate::error::shown(missing, 64));
        return Err(TapeError::Option { option: "instrument", reason });
    }
    match (options.from_ns, options.to_ns) {
        (Some(from), Some(to)) if from >= to => {
            let reason = format!("it begins at {from} and ends at {to}: give a later end");
            Err(TapeError::Option { option: "to", reason })
        }
        _ => Ok(()),
    }
}

/// Writes a part of a tape as a tape.
///
/// Returns what reading and writing return, `E_OPTION` or `E_CANCELLED`.
pub fn slice(
    input: &Path,
    out: &Path,
    options: SliceOptions,
    overwrite: bool,
    on_progress: OnProgress<'_>,
) -> Result<TapeInfo, TapeError> {
    let tape = TapeReader::open(input)?;
    let stated = options_of(std::slice::from_ref(tape.info()), overwrite);
    write_tape(Slice::new(tape, options)?, out, stated, on_progress)
}
