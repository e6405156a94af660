//! Binance books as its REST interface and its depth stream give them, saved as JSON: snapshots, and arrays of depth
//! updates, in the order of the files.
//!
//! Neither has a receive time: that of the venue stands for it. A snapshot without a time has that of the update before
//! it or, at the beginning, of the first update after it. How snapshot and updates fit together is the venue's rule, see
//! [`sync`](super::binance_raw::sync).

use serde::Deserialize;
use tickwright_types::{flags, Side, Tick, TickKind};

use super::binance_raw::sync::{Ids, Overflow, Sync};
use super::csv::CsvRow;
use super::feed::{Fault, Feed};
use super::json::Value;
use super::records::{self, Records};
use super::scale::Scale;
use super::symbols::{only_instrument, Known, Symbols};
use super::times::TimeUnit;
use super::ReadRequest;
use crate::error::shown;
use crate::{RowFault, TapeError};

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let instrument = only_instrument(request)?;
    let mut book = Book {
        symbol: instrument.spec().symbol.clone(),
        scale: Scale::new(instrument),
        symbols: Symbols::new(request)?,
        sync: Sync::new(!request.allow_missing_snapshot),
        last_ns: None,
        untimed: None,
        out: Vec::new(),
        overflow: false,
    };
    records::read(request, feed, &mut book)
}

/// The book of one instrument up to some message.
struct Book {
    symbol: String,
    scale: Scale,
    symbols: Symbols,
    sync: Sync,
    last_ns: Option<i64>,
    /// A snapshot that waits for the time of the first update: its id and records.
    untimed: Option<(u64, Vec<Tick>)>,
    out: Vec<Tick>,
    overflow: bool,
}

/// A snapshot, or a depth update.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(rename = "lastUpdateId")]
    snapshot_id: Option<u64>,
    #[serde(borrow, alias = "bids", alias = "b", default)]
    bid_levels: Vec<[&'a str; 2]>,
    #[serde(borrow, alias = "asks", alias = "a", default)]
    ask_levels: Vec<[&'a str; 2]>,
    #[serde(borrow, rename = "E")]
    sent_ms: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow, rename = "T")]
    transaction_ms: Option<&'a serde_json::value::RawValue>,
    #[serde(rename = "s")]
    symbol: Option<&'a str>,
    #[serde(rename = "U")]
    first_id: Option<u64>,
    #[serde(rename = "u")]
    last_id: Option<u64>,
    #[serde(rename = "pu")]
    previous_id: Option<u64>,
}

impl Records for Book {
    fn header(&mut self, _: CsvRow<'_>) -> Result<bool, Fault> {
        Err(Fault::at(1, RowFault::Json("this format is JSON: an array or an object begins a file".to_owned())))
    }

    fn row(&mut self, row: CsvRow<'_>, _: &mut Feed<'_>) -> Result<(), Fault> {
        self.header(row).map(drop)
    }

    fn value(&mut self, value: Value<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let message: Message<'_> = value.parse()?;
        if let Some(symbol) = message.symbol {
            if !matches!(self.symbols.find(symbol), Known::Instrument(_)) {
                return Ok(());
            }
        }
        let time = message.transaction_ms.or(message.sent_ms);
        let at_ns = time
            .map(|time| TimeUnit::Millis.epoch_ns(time.get()).map_err(|f| Fault::at(value.column_of(time.get()), f)))
            .transpose()?;
        let mut off_lot = 0;
        let changes = self.changes(value, &message, &mut off_lot)?;
        match (message.snapshot_id, message.first_id, message.last_id) {
            (Some(id), None, None) => self.snapshot(id, at_ns, &changes, feed)?,
            (None, Some(first), Some(last)) if first <= last => {
                let ids = Ids { first, last, previous: message.previous_id };
                self.update(ids, at_ns, &changes, feed)?;
            }
            _ => {
                let reason = "neither a snapshot (lastUpdateId) nor an update (U up to u)";
                return Err(Fault::at(1, RowFault::Field(reason.to_owned())));
            }
        }
        feed.report.off_lot += off_lot;
        feed.add(&self.out);
        self.out.clear();
        Ok(())
    }

    fn check(&mut self) -> Result<(), TapeError> {
        self.symbols.check()?;
        if self.overflow {
            return Err(self.no_snapshot());
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut Feed<'_>) -> Result<(), TapeError> {
        self.symbols.finish()?;
        if self.untimed.is_some() {
            let reason = "a snapshot has no time of its own: give the file of the updates after it as well";
            return Err(TapeError::Option { option: "inputs", reason: reason.to_owned() });
        }
        if self.sync.waiting() > 0 {
            return Err(self.no_snapshot());
        }
        Ok(())
    }
}

impl Book {
    /// Every level as a change without time, deletes first: a book that is uncrossed before and after a message is
    /// uncrossed in between.
    fn changes(&self, value: Value<'_>, message: &Message<'_>, off_lot: &mut u64) -> Result<Vec<Tick>, Fault> {
        let mut all = Vec::with_capacity(message.bid_levels.len() + message.ask_levels.len());
        for (side, levels) in [(Side::Bid, &message.bid_levels), (Side::Ask, &message.ask_levels)] {
            for [price, size] in levels {
                let price_ticks = self.scale.price(price, value.column_of(price))?;
                let size_lots = self.scale.size(size, value.column_of(size), off_lot)?;
                all.push(Tick { price_ticks, size_lots, side: side as u8, ..Tick::of(TickKind::BookDelta) });
            }
        }
        all.sort_by_key(|tick| tick.size_lots != 0);
        Ok(all)
    }

    fn snapshot(&mut self, id: u64, at_ns: Option<i64>, levels: &[Tick], feed: &mut Feed<'_>) -> Result<(), Fault> {
        let mut ticks = vec![Tick { id, ..Tick::of(TickKind::SnapshotBegin) }];
        ticks.extend(levels.iter().map(|level| Tick { id, kind: TickKind::SnapshotLevel as u8, ..*level }));
        ticks.push(Tick { id, flags: flags::LAST, ..Tick::of(TickKind::SnapshotEnd) });
        match at_ns.or(self.last_ns) {
            Some(at_ns) => {
                feed.check_order(at_ns, 1)?;
                self.place_snapshot(id, at_ns, ticks, feed);
            }
            None => self.untimed = Some((id, ticks)),
        }
        Ok(())
    }

    fn place_snapshot(&mut self, id: u64, at_ns: i64, mut ticks: Vec<Tick>, feed: &mut Feed<'_>) {
        self.last_ns = Some(at_ns);
        for tick in &mut ticks {
            (tick.recv_ns, tick.exch_ns) = (at_ns, at_ns);
        }
        self.sync.snapshot(id, at_ns, &ticks, &mut self.out, &mut feed.report);
    }

    fn update(&mut self, ids: Ids, at_ns: Option<i64>, changes: &[Tick], feed: &mut Feed<'_>) -> Result<(), Fault> {
        let at_ns = at_ns.ok_or_else(|| Fault::at(1, RowFault::Field("the update has no time E".to_owned())))?;
        feed.check_order(at_ns, 1)?;
        if let Some((id, ticks)) = self.untimed.take() {
            self.place_snapshot(id, at_ns, ticks, feed);
        }
        self.last_ns = Some(at_ns);
        let mut ticks: Vec<Tick> =
            changes.iter().map(|tick| Tick { id: ids.last, recv_ns: at_ns, exch_ns: at_ns, ..*tick }).collect();
        if let Some(last) = ticks.last_mut() {
            last.flags |= flags::LAST;
        }
        if let Err(Overflow) = self.sync.depth(ids, &ticks, &mut self.out, &mut feed.report) {
            self.overflow = true;
        }
        Ok(())
    }

    fn no_snapshot(&self) -> TapeError {
        TapeError::NoSnapshot { symbol: shown(&self.symbol, 64), messages: self.sync.waiting() }
    }
}

#[cfg(test)]
mod tests;
