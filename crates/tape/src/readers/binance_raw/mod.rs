//! Recordings of Binance's combined streams: `<receive ns> <JSON>` a line, spot, USD-M and COIN-M.
//!
//! Rules of the messages (venue documentation, "How to manage a local order book correctly"): see [`sync`]. Beyond
//! them: a message's deletes come first, so that the book is not crossed between its records; quotes and trades keep
//! their place in receive order whether or not a snapshot came; what has no exchange time (spot quotes and snapshots)
//! takes the largest one seen so far.

mod message;
mod row;
pub(super) mod sync;

use std::borrow::Cow;

use tickwright_types::{flags, Side, Tick, TickKind};

use super::feed::{Fault, Feed};
use super::lines::{Line, Lines, MAX_LINE};
use super::scale::Scale;
use super::symbols::{Known, Symbols};
use super::{ReadRequest, NO_EXCH_TIME};
use crate::error::shown;
use crate::{RowFault, TapeError};
use message::{Envelope, Event, Text, Value};
use row::{absent, field, json_fault, number, receive_time, Row};
use sync::{Ids, Overflow, Sync};

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let mut recording = Recording::new(request)?;
    let mut bytes_before = 0;
    for input in &request.inputs {
        let mut lines = Lines::open(input)?;
        while let Some(line) = lines.next()? {
            let outcome = match line {
                Line::Whole(line) => recording.row(line, feed),
                Line::TooLong => Err(Fault::at(1, RowFault::TooLong(MAX_LINE))),
            };
            feed.row_done(input.name(), lines.number(), bytes_before + lines.bytes_read(), outcome)?;
            recording.hand_on(feed)?;
        }
        if lines.number() == 0 {
            return Err(TapeError::Empty { path: input.name().to_owned() });
        }
        bytes_before += lines.bytes_read();
    }
    recording.finish()
}

/// What is known of a recording up to some line.
pub(super) struct Recording {
    symbols: Symbols,
    books: Vec<Book>,
    /// The first two symbols with depth messages: a snapshot without a symbol belongs to the only one.
    depth_symbols: Vec<String>,
    last_exch_ns: i64,
    /// Records of the line being read, in order.
    out: Vec<Tick>,
    overflow: Option<u16>,
    /// Whether trades put together by price (`aggTrade`) are the trades; recordings of single trades have no need.
    aggregated: bool,
}

/// One instrument of the recording.
struct Book {
    symbol: String,
    scale: Scale,
    sync: Sync,
}

impl Recording {
    fn new(request: &ReadRequest) -> Result<Self, TapeError> {
        let book = |instrument: &tickwright_types::Instrument| Book {
            symbol: instrument.spec().symbol.clone(),
            scale: Scale::new(instrument),
            sync: Sync::new(!request.allow_missing_snapshot),
        };
        Ok(Self {
            symbols: Symbols::new(request)?,
            books: request.instruments.iter().map(book).collect(),
            depth_symbols: Vec::new(),
            last_exch_ns: NO_EXCH_TIME,
            out: Vec::new(),
            overflow: None,
            aggregated: false,
        })
    }

    /// For a capture, which has the trades put together by price.
    pub(super) fn of_capture(request: &ReadRequest) -> Result<Self, TapeError> {
        Ok(Self { aggregated: true, ..Self::new(request)? })
    }

    /// Turns one line into records in `out`. A line with a fault changes nothing.
    fn row(&mut self, line: &[u8], feed: &mut Feed<'_>) -> Result<(), Fault> {
        let (recv_ns, json_at) = receive_time(line)?;
        let json = std::str::from_utf8(&line[json_at..]).map_err(|e| {
            Fault::at((json_at + e.valid_up_to() + 1) as u64, RowFault::Json("the line is not UTF-8".to_owned()))
        })?;
        self.message(line, recv_ns, json, None, feed)
    }

    /// Turns the message in a line into records in `out`; `symbol` is the one that a snapshot was requested for.
    pub(super) fn message(
        &mut self,
        line: &[u8],
        recv_ns: i64,
        json: &str,
        symbol: Option<&str>,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        let json_at = line.len() - json.len();
        let mut envelope: Envelope<'_> = serde_json::from_str(json).map_err(|e| json_fault(&e, json_at))?;
        if let Some(symbol) = symbol {
            envelope.symbol = Some(Text(Cow::Borrowed(symbol)));
        }
        let mut row = Row { line, recv_ns, off_lot: 0 };
        match (&envelope.data, envelope.last_update_id) {
            (Some(event), None) => self.event(&mut row, &envelope, event, feed)?,
            (None, Some(id)) => self.snapshot(&mut row, &envelope, id, feed)?,
            _ => return Err(field(json_at, "neither a stream's message (stream, data) nor a snapshot (lastUpdateId)")),
        }
        feed.report.off_lot += row.off_lot;
        Ok(())
    }

    /// Hands on the records of the line.
    pub(super) fn hand_on(&mut self, feed: &mut Feed<'_>) -> Result<(), TapeError> {
        feed.push(&self.out)?;
        self.out.clear();
        self.symbols.check()?;
        match self.overflow {
            Some(index) => Err(self.no_snapshot(usize::from(index))),
            None => Ok(()),
        }
    }

    pub(super) fn finish(&self) -> Result<(), TapeError> {
        self.symbols.finish()?;
        match self.books.iter().position(|book| book.sync.waiting() > 0) {
            Some(index) => Err(self.no_snapshot(index)),
            None => Ok(()),
        }
    }

    fn no_snapshot(&self, index: usize) -> TapeError {
        let book = &self.books[index];
        TapeError::NoSnapshot { symbol: shown(&book.symbol, 64), messages: book.sync.waiting() }
    }

    fn event(
        &mut self,
        row: &mut Row<'_>,
        envelope: &Envelope<'_>,
        event: &Event<'_>,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        let kind = match kind_of(envelope, event) {
            "aggTrade" if self.aggregated => "trade",
            kind => kind,
        };
        if !matches!(kind, "depth" | "bookTicker" | "trade") {
            *feed.report.ignored.entry(shown(kind, 40)).or_default() += 1;
            return Ok(());
        }
        let symbol = event.symbol.as_ref().ok_or_else(|| absent(kind, "s"))?.0.as_ref();
        if kind == "depth" && self.depth_symbols.len() < 2 && !self.depth_symbols.iter().any(|s| s == symbol) {
            self.depth_symbols.push(symbol.to_owned());
        }
        let index = match self.symbols.find(symbol) {
            Known::Instrument(index) => index,
            Known::NotChosen => {
                *feed.report.ignored.entry("symbols not chosen".to_owned()).or_default() += 1;
                return Ok(());
            }
            Known::Unknown => return Ok(()),
        };
        let exch_ns = self.exchange_time(event.transaction_ms.or(event.sent_ms))?;
        match kind {
            "depth" => self.depth(row, index, exch_ns, event, feed),
            "bookTicker" => self.quote(row, index, exch_ns, event, feed),
            _ => self.trade(row, index, exch_ns, event, feed),
        }
    }

    fn depth(
        &mut self,
        row: &mut Row<'_>,
        index: u16,
        exch_ns: i64,
        event: &Event<'_>,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        let ids = Ids {
            first: event.first_id.ok_or_else(|| absent("depth", "U"))?,
            last: event.last_id.ok_or_else(|| absent("depth", "u"))?,
            previous: event.previous_id,
        };
        if ids.first > ids.last {
            return Err(field(0, &format!("U {} lies after u {}", ids.first, ids.last)));
        }
        let (Value::Levels(bids), Value::Levels(asks)) = (&event.bid, &event.ask) else {
            return Err(field(0, "a depth message needs the levels b and a"));
        };
        let scale = &self.books[usize::from(index)].scale;
        let base = row.record(TickKind::BookDelta, index, exch_ns, ids.last);
        let mut changes = Vec::with_capacity(bids.len() + asks.len());
        row.levels(scale, base, Side::Bid, bids, &mut changes)?;
        row.levels(scale, base, Side::Ask, asks, &mut changes)?;
        // Deletes first: if the book is not crossed before and after the message, it is not crossed in between.
        let (mut ticks, others): (Vec<Tick>, Vec<Tick>) = changes.into_iter().partition(|tick| tick.size_lots == 0);
        ticks.extend(others);
        if let Some(last) = ticks.last_mut() {
            last.flags |= flags::LAST;
        }
        self.commit(row, exch_ns, feed)?;
        let sync = &mut self.books[usize::from(index)].sync;
        if let Err(Overflow) = sync.depth(ids, &ticks, &mut self.out, &mut feed.report) {
            self.overflow = Some(index);
        }
        Ok(())
    }

    fn quote(
        &mut self,
        row: &mut Row<'_>,
        index: u16,
        exch_ns: i64,
        event: &Event<'_>,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        let id = event.last_id.ok_or_else(|| absent("bookTicker", "u"))?;
        let scale = &self.books[usize::from(index)].scale;
        let base = row.record(TickKind::Quote, index, exch_ns, id);
        let bid = [number(&event.bid, "b")?, number(&event.bid_size, "B")?];
        let ask = [number(&event.ask, "a")?, number(&event.ask_size, "A")?];
        let bid = row.level(scale, base, Side::Bid, bid)?;
        let mut ask = row.level(scale, base, Side::Ask, ask)?;
        ask.flags |= flags::LAST;
        self.commit(row, exch_ns, feed)?;
        self.out.extend_from_slice(&[bid, ask]);
        Ok(())
    }

    fn trade(
        &mut self,
        row: &mut Row<'_>,
        index: u16,
        exch_ns: i64,
        event: &Event<'_>,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        let id = match (event.trade_id, &event.ask) {
            (Some(id), _) => id,
            (None, Value::Id(id)) => *id,
            _ => return Err(absent("trade", "t")),
        };
        // The buyer was resting, so the aggressor sold.
        let buyer_is_maker = event.buyer_is_maker.ok_or_else(|| absent("trade", "m"))?;
        let aggressor = if buyer_is_maker { Side::Ask } else { Side::Bid };
        let scale = &self.books[usize::from(index)].scale;
        let base = row.record(TickKind::Trade, index, exch_ns, id);
        let cut_before = row.off_lot;
        let level = [number(&event.price, "p")?, number(&event.size, "q")?];
        let mut tick = row.level(scale, base, aggressor, level)?;
        tick.flags |= flags::LAST;
        self.commit(row, exch_ns, feed)?;
        if tick.size_lots == 0 && row.off_lot == cut_before {
            // The venue reports some settlements as trades of nothing at price 0: no trade took place.
            *feed.report.ignored.entry("trades without size".to_owned()).or_default() += 1;
        } else {
            self.out.push(tick);
        }
        Ok(())
    }

    fn snapshot(
        &mut self,
        row: &mut Row<'_>,
        envelope: &Envelope<'_>,
        id: u64,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        let (Some(bids), Some(asks)) = (&envelope.bids, &envelope.asks) else {
            return Err(field(0, "a snapshot needs bids and asks"));
        };
        let Some(index) = self.snapshot_instrument(envelope)? else { return Ok(()) };
        let exch_ns = self.exchange_time(envelope.transaction_ms.or(envelope.sent_ms))?;
        let scale = &self.books[usize::from(index)].scale;
        let mut ticks = vec![row.record(TickKind::SnapshotBegin, index, exch_ns, id)];
        let base = row.record(TickKind::SnapshotLevel, index, exch_ns, id);
        row.levels(scale, base, Side::Bid, bids, &mut ticks)?;
        row.levels(scale, base, Side::Ask, asks, &mut ticks)?;
        let end = row.record(TickKind::SnapshotEnd, index, exch_ns, id);
        ticks.push(Tick { flags: flags::LAST, ..end });
        self.commit(row, exch_ns, feed)?;
        let sync = &mut self.books[usize::from(index)].sync;
        sync.snapshot(id, row.recv_ns, &ticks, &mut self.out, &mut feed.report);
        Ok(())
    }

    /// The instrument of a snapshot, or `None` if it is not wanted. Spot and USD-M snapshots name no symbol.
    fn snapshot_instrument(&mut self, envelope: &Envelope<'_>) -> Result<Option<u16>, Fault> {
        let symbol = match (&envelope.symbol, self.depth_symbols.as_slice()) {
            (Some(symbol), _) => symbol.0.as_ref(),
            (None, [only]) => only,
            (None, []) if self.books.len() == 1 => &self.books[0].symbol,
            (None, _) => {
                let reason = "the snapshot names no symbol and the recording has several: record them apart";
                return Err(field(0, reason));
            }
        };
        Ok(match self.symbols.find(symbol) {
            Known::Instrument(index) => Some(index),
            Known::NotChosen | Known::Unknown => None,
        })
    }

    /// Exchange time in ns, or the largest seen so far where the message has none.
    fn exchange_time(&self, ms: Option<i64>) -> Result<i64, Fault> {
        let Some(ms) = ms else { return Ok(self.last_exch_ns) };
        ms.checked_mul(1_000_000).filter(|ns| *ns >= 0).ok_or_else(|| {
            Fault::at(1, RowFault::Time(format!("{ms} is no time in milliseconds since the Unix epoch")))
        })
    }

    /// The last check of a row: from here on it counts.
    fn commit(&mut self, row: &Row<'_>, exch_ns: i64, feed: &mut Feed<'_>) -> Result<(), Fault> {
        feed.check_order(row.recv_ns, 1)?;
        self.last_exch_ns = self.last_exch_ns.max(exch_ns);
        Ok(())
    }
}

/// `depth`, `bookTicker`, `trade` or another stream's name. Partial books (`depth20`) are not changes of a book
/// although some of them call themselves so: the stream's name decides, the message's own where there is none.
fn kind_of<'a>(envelope: &'a Envelope<'_>, event: &'a Event<'_>) -> &'a str {
    let stream = envelope.stream.as_ref().map(|text| text.0.as_ref());
    let kind = match (stream, &event.kind) {
        (Some(stream), _) => stream.split('@').nth(1).unwrap_or(stream),
        (None, Some(kind)) => kind.0.as_ref(),
        (None, None) => "messages without stream",
    };
    match kind {
        "depthUpdate" => "depth",
        "!bookTicker" => "bookTicker",
        kind => kind,
    }
}

#[cfg(test)]
mod tests;
