//! Databento's binary encoding (DBN), versions 1 to 3, plain or zstd: schemas mbo, mbp-1, trades, ohlcv and definition.
//!
//! Rules of the records: Databento's documentation, "Market by order", "MBP-1", "Common fields". An order event is one
//! record. A trade is the aggressor's; the fill of a resting order changes no book and is marked as a report, for the
//! cancellation or change that follows it brings it into the book. Best quotes are two records, of which only those of a
//! venue's event end a message; a trade of mbp-1 leaves the quote as it was. A bar is known when it closes. A definition
//! has no record: its tick size and multiplier are held against those of the instrument that was given.

mod bars;
mod file;
mod names;
mod orders;
mod quotes;
mod row;

use dbn::decode::DbnMetadata;
use dbn::{v1, v2, HasRType, InstrumentDefMsg, MboMsg, Mbp1Msg, OhlcvMsg, RecordHeader, RecordRef, TradeMsg};
use tickwright_types::{Decimal, Instrument, InstrumentKind};

use super::feed::{Fault, Feed};
use super::fixed::{decimal_text, FixedPoint};
use super::{Input, ReadRequest};
use crate::error::shown;
use crate::{RowFault, TapeError};
use file::DbnFile;
use names::Names;
use row::{column, Row};

/// Digits after the dot of a stored price.
const DECIMALS: u32 = 9;

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let mut recording = Recording::new(request)?;
    let mut bytes_before = 0;
    for input in &request.inputs {
        recording.read_file(input, feed, bytes_before)?;
        bytes_before += input.length()?;
    }
    recording.names.finish()
}

struct Recording<'a> {
    instruments: &'a [Instrument],
    scales: Vec<FixedPoint>,
    names: Names,
}

impl<'a> Recording<'a> {
    fn new(request: &'a ReadRequest) -> Result<Self, TapeError> {
        let scales = request.instruments.iter().map(|instrument| FixedPoint::new(instrument, DECIMALS)).collect();
        Ok(Self { instruments: &request.instruments, scales, names: Names::new(request)? })
    }

    fn read_file(&mut self, input: &Input, feed: &mut Feed<'_>, bytes_before: u64) -> Result<(), TapeError> {
        let path = input.name();
        let mut file = DbnFile::open(input)?;
        let named = self.names.begin_file(file.decoder.metadata());
        named.map_err(|reason| TapeError::Dbn { path: path.to_owned(), reason: shown(&reason, 160) })?;
        let (version, mut record) = (file.version(), 0);
        loop {
            let outcome = match file.decoder.decode_ref() {
                Ok(Some(next)) => self.record(next, version, feed),
                Ok(None) => break,
                Err(e) => return Err(file.failed(path, record, &e)),
            };
            record += 1;
            feed.row_done(path, record, bytes_before + file.bytes_read(), outcome)?;
            self.names.check()?;
        }
        file.check_end(path, record)?;
        if record == 0 {
            return Err(TapeError::Empty { path: path.to_owned() });
        }
        Ok(())
    }

    fn record(&mut self, record: RecordRef<'_>, version: u8, feed: &mut Feed<'_>) -> Result<(), Fault> {
        if record.has::<MboMsg>() {
            let msg: &MboMsg = whole(record)?;
            self.row(&msg.hd, msg.ts_recv, feed).map_or(Ok(()), |mut row| row.order(msg))
        } else if record.has::<Mbp1Msg>() {
            let msg: &Mbp1Msg = whole(record)?;
            self.row(&msg.hd, msg.ts_recv, feed).map_or(Ok(()), |mut row| row.quote(msg))
        } else if record.has::<TradeMsg>() {
            let msg: &TradeMsg = whole(record)?;
            self.row(&msg.hd, msg.ts_recv, feed).map_or(Ok(()), |mut row| row.trade(msg))
        } else if record.has::<OhlcvMsg>() {
            let msg: &OhlcvMsg = whole(record)?;
            self.row(&msg.hd, msg.hd.ts_event, feed).map_or(Ok(()), |mut row| row.bar(msg))
        } else if record.has::<InstrumentDefMsg>() {
            self.definition(&definition(record, version)?, feed)
        } else {
            feed.ignore(&format!("records of type {}", record.header().rtype));
            Ok(())
        }
    }

    /// The instrument's row of a record; `ts_ns` is the time that orders the file, for a snapshot has event times of days
    /// before.
    fn row<'b, 'c>(&'b mut self, hd: &RecordHeader, ts_ns: u64, feed: &'b mut Feed<'c>) -> Option<Row<'b, 'c>> {
        let Some(index) = self.names.find(hd.instrument_id, ts_ns) else {
            feed.ignore("records of instruments not chosen");
            return None;
        };
        Some(Row { index, scale: &self.scales[usize::from(index)], feed })
    }

    /// The venue's definition against ours: a wrong tick size would have every price refused, a wrong multiplier would
    /// not be noticed before the money is counted.
    fn definition(&mut self, definition: &InstrumentDefMsg, feed: &mut Feed<'_>) -> Result<(), Fault> {
        self.names.define(definition)?;
        feed.ignore("definitions");
        let Some(index) = self.names.find(definition.hd.instrument_id, definition.ts_recv) else { return Ok(()) };
        let instrument = &self.instruments[usize::from(index)];
        let spec = instrument.spec();
        let is_future = spec.kind == InstrumentKind::Future;
        let pairs = [
            ("tick_size", spec.tick_size, definition.min_price_increment, true),
            ("multiplier", spec.multiplier, definition.unit_of_measure_qty, is_future),
        ];
        for (field, ours, theirs, compare) in pairs {
            let stated = Decimal::new(i128::from(theirs), DECIMALS);
            if compare && theirs != dbn::UNDEF_PRICE && stated.and_then(|stated| stated.steps_of(ours)) != Some(1) {
                let theirs = decimal_text(theirs, DECIMALS);
                let reason =
                    format!("{}: the venue defines {field} {theirs}, {ours} was given: correct it", instrument.id());
                return Err(Fault::at(column::HEADER, RowFault::Field(reason)));
            }
        }
        Ok(())
    }
}

/// A definition, which each version stores in a form of its own.
fn definition(record: RecordRef<'_>, version: u8) -> Result<InstrumentDefMsg, Fault> {
    Ok(match version {
        1 => InstrumentDefMsg::from(whole::<v1::InstrumentDefMsg>(record)?),
        2 => InstrumentDefMsg::from(whole::<v2::InstrumentDefMsg>(record)?),
        _ => whole::<InstrumentDefMsg>(record)?.clone(),
    })
}

/// A record as its type, if it is as long as that.
fn whole<T: HasRType<Header = RecordHeader>>(record: RecordRef<'_>) -> Result<&T, Fault> {
    record.try_get().map_err(|e| Fault::at(column::HEADER, RowFault::Event(shown(&e.to_string(), 160))))
}

#[cfg(test)]
mod tests;
