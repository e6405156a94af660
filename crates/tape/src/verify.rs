use std::path::Path;

use serde::Serialize;
use tickwright_types::{flags, Tick, TickKind};

use crate::books::{Books, Effect, Touch};
use crate::metadata::text;
use crate::progress::report;
use crate::{OnProgress, Progress, Stage, TapeError, TapeReader, TickSource};

/// What [`verify`] found. The content hash was right, or there would be no report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Records read.
    pub ticks: u64,
    /// Messages that ended.
    pub messages: u64,
    /// Records received before the one before them.
    pub backwards: Finding,
    /// Messages that do not follow the one before.
    pub gaps: Finding,
    /// Messages after which the best bid lies above the best ask.
    pub crossed: Finding,
    /// Messages after which the best bid is the best ask.
    pub locked: Finding,
    /// Records with a size below zero.
    pub negative_sizes: Finding,
    /// Book records without a side.
    pub without_side: Finding,
    /// Messages whose venue checksum did not match.
    pub bad_checksums: Finding,
    /// Events of orders that the book does not have.
    pub unknown_orders: Finding,
    /// Depth messages, and messages with order events and a quote, that were compared with a best quote; absent where the
    /// tape has no such pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes_checked: Option<u64>,
    /// How many of them had the quote's best prices and sizes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes_equal: Option<u64>,
    /// What makes the tape unusable, in words; empty for a good one.
    pub faults: Vec<String>,
}

/// How often something was found, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How often.
    pub count: u64,
    /// The first record where it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Place>,
}

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its number, from 0.
    pub index: u64,
    /// Its receive time.
    #[serde(serialize_with = "text")]
    pub recv_ns: i64,
    /// The instrument's index.
    pub instrument: u16,
    /// Its update id, trade id or sequence.
    pub id: u64,
}

impl Finding {
    fn note(&mut self, index: u64, tick: &Tick) {
        self.count += 1;
        let Tick { recv_ns, instrument, id, .. } = *tick;
        self.first.get_or_insert(Place { index, recv_ns, instrument, id });
    }
}

/// Reads a whole tape: checks the content hash, counts what is not as it should be, and compares the book with the
/// venue's own best quotes where the tape has both.
///
/// Returns what reading returns (`E_TAPE_HASH` if the hash is wrong) or `E_CANCELLED`.
pub fn verify(path: &Path, on_progress: OnProgress<'_>) -> Result<VerifyReport, TapeError> {
    verify_source(TapeReader::open(path)?.with_content_hash(), on_progress)
}

/// The same for any source.
pub fn verify_source(mut source: impl TickSource, on_progress: OnProgress<'_>) -> Result<VerifyReport, TapeError> {
    let mut verifier = Verifier::new(source.instruments().len());
    let total = source.ticks_total().unwrap_or(0);
    let mut block = Vec::new();
    while source.next_block(&mut block)? {
        for tick in &block {
            verifier.update(tick);
        }
        let done = verifier.report.ticks;
        report(on_progress, Progress { stage: Stage::Read, done, total: total.max(done), ticks: done })?;
    }
    Ok(verifier.finish())
}

struct Verifier {
    report: VerifyReport,
    books: Books,
    last_recv_ns: i64,
    instruments: Vec<Checked>,
}

/// What is compared at the end for one instrument.
#[derive(Default)]
struct Checked {
    depth: Vec<AfterDepth>,
    /// The venue's best quotes, by update id.
    quotes: Vec<(u64, Touch)>,
    /// Kept from the bid record of a quote for its ask record.
    bid: Option<(i64, i64)>,
    in_depth: bool,
    /// Whether the message at hand has changed the book, and whether it has order events.
    touched: bool,
    in_orders: bool,
    /// The quote of the message at hand.
    whole_quote: Option<Touch>,
    /// Messages with order events and a quote, and how many of them agree.
    in_messages: (u64, u64),
    /// Update id of the last snapshot.
    snapshot_id: u64,
}

/// The best bid and ask after a depth message.
struct AfterDepth {
    id: u64,
    snapshot_id: u64,
    touch: Touch,
}

impl Verifier {
    fn new(instruments: usize) -> Self {
        Self {
            report: VerifyReport::default(),
            books: Books::new(instruments),
            last_recv_ns: i64::MIN,
            instruments: (0..instruments).map(|_| Checked::default()).collect(),
        }
    }

    fn update(&mut self, tick: &Tick) {
        let index = self.report.ticks;
        let report = &mut self.report;
        report.ticks += 1;
        if tick.recv_ns < self.last_recv_ns {
            report.backwards.note(index, tick);
        }
        self.last_recv_ns = tick.recv_ns;
        if tick.flags & flags::GAP != 0 {
            report.gaps.note(index, tick);
        }
        if tick.flags & flags::BAD_CHECKSUM != 0 {
            report.bad_checksums.note(index, tick);
        }
        if tick.size_lots < 0 {
            report.negative_sizes.note(index, tick);
        }
        let of_level = matches!(tick.kind(), Some(TickKind::BookDelta | TickKind::SnapshotLevel | TickKind::Quote));
        if of_level && tick.side().is_none() {
            report.without_side.note(index, tick);
        }
        let checked = &mut self.instruments[usize::from(tick.instrument)];
        match tick.kind() {
            Some(TickKind::BookDelta) => checked.in_depth = true,
            Some(TickKind::SnapshotEnd) => checked.snapshot_id = tick.id,
            Some(TickKind::Quote) => checked.quote(tick),
            _ => {}
        }
        let effect = self.books.apply(tick);
        if effect == Effect::UnknownOrder {
            report.unknown_orders.note(index, tick);
        }
        checked.touched |= effect == Effect::Applied;
        checked.in_orders |= tick.kind().is_some_and(TickKind::is_order_event);
        if !tick.is_last() {
            return;
        }
        report.messages += 1;
        let quote = checked.whole_quote.take().filter(|_| checked.in_orders);
        checked.in_orders = false;
        if std::mem::take(&mut checked.touched) {
            let touch = self.books.touch(tick.instrument);
            report.judge(index, tick, touch);
            if let Some(quote) = quote {
                checked.in_messages.0 += 1;
                checked.in_messages.1 += u64::from(quote == touch);
            }
            if std::mem::take(&mut checked.in_depth) {
                checked.depth.push(AfterDepth { id: tick.id, snapshot_id: checked.snapshot_id, touch });
            }
        }
    }

    fn finish(mut self) -> VerifyReport {
        let compared = self.instruments.iter_mut().filter_map(Checked::compare);
        if let Some((checked, equal)) = compared.reduce(|a, b| (a.0 + b.0, a.1 + b.1)) {
            self.report.quotes_checked = Some(checked);
            self.report.quotes_equal = Some(equal);
        }
        self.report.name_faults();
        self.report
    }
}

impl VerifyReport {
    fn judge(&mut self, index: u64, tick: &Tick, touch: Touch) {
        let [Some((bid, _)), Some((ask, _))] = touch else { return };
        if bid > ask {
            self.crossed.note(index, tick);
        } else if bid == ask {
            self.locked.note(index, tick);
        }
    }

    /// Gaps and crossed books are the venue's or the recorder's and are only counted; these are broken records.
    fn name_faults(&mut self) {
        for (finding, what) in [
            (&self.backwards, "received before the record before"),
            (&self.negative_sizes, "with a size below zero"),
            (&self.without_side, "of a level without a side"),
        ] {
            if let Some(first) = &finding.first {
                self.faults.push(format!("{} records {what}, first record {}", finding.count, first.index));
            }
        }
    }
}

impl Checked {
    fn quote(&mut self, tick: &Tick) {
        let best = (tick.size_lots > 0).then_some((tick.price_ticks, tick.size_lots));
        if tick.side == 0 {
            self.bid = best;
        } else if tick.is_last() {
            let quote = [self.bid.take(), best];
            self.whole_quote = Some(quote);
            self.quotes.push((tick.id, quote));
        }
    }

    /// How many depth messages have a quote at or before their id, and how many agree with the last such quote. One
    /// from before the snapshot says nothing about the book since.
    fn compare(&mut self) -> Option<(u64, u64)> {
        if self.in_messages.0 > 0 {
            return Some(self.in_messages);
        }
        if self.depth.is_empty() || self.quotes.is_empty() {
            return None;
        }
        self.quotes.sort_by_key(|(id, _)| *id);
        let (mut checked, mut equal) = (0, 0);
        for after in &self.depth {
            let at_or_before = self.quotes.partition_point(|(id, _)| *id <= after.id);
            let nearest = at_or_before.checked_sub(1).map(|at| &self.quotes[at]);
            if let Some((_, quote)) = nearest.filter(|(id, _)| *id > after.snapshot_id) {
                checked += 1;
                equal += u64::from(*quote == after.touch);
            }
        }
        Some((checked, equal))
    }
}
