//! Bars and ticks in the files of the LEAN engine: zips of CSV without header, whose names say day, resolution and symbol.
//!
//! After that project's description of its formats: a time is ms since midnight of the file's day, or `yyyyMMdd HH:mm`
//! for hours and days, and that of a bar's open; prices of equities are in units of 1/10 000. The zone is an option, and
//! so are the length of bars of hours and days and the size of quotes without one. There is no receive time: a tick's
//! own stands for it, a bar is known when it closes.
//!
//! One file is one symbol: those of others in a zip are left out. A quote tick of a price 0 on one side changes the other
//! side only.

mod file_name;
mod rows;

use std::path::Path;

use tickwright_types::{InstrumentKind, Tick};

use super::bars::Ends;
use super::csv::CsvRow;
use super::decimals::plain;
use super::feed::{Fault, Feed};
use super::options::{ReadOption, BAR, QUOTE_SIZE, TZ};
use super::records::{self, Records};
use super::scale::Scale;
use super::symbols::only_instrument;
use super::times::{text_ns, BarLength, TimeUnit, Zone};
use super::ReadRequest;
use crate::error::shown;
use crate::{RowFault, TapeError};
use file_name::{FileName, Rows};

const READER: &str = "lean";

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let instrument = only_instrument(request)?;
    let options = &request.options;
    let mut files = Files {
        symbol: instrument.spec().symbol.to_ascii_lowercase(),
        is_equity: instrument.spec().kind == InstrumentKind::Equity,
        scale: Scale::new(instrument),
        zone: options.zone()?.ok_or_else(|| TZ.missing(READER))?,
        bar: options.bar_length()?,
        quote_lots: options.quote_lots(instrument)?,
        file: None,
        others: Vec::new(),
        ends: Ends::default(),
        place: 0,
        lacks: None,
    };
    records::read(request, feed, &mut files)
}

/// The files of one symbol.
struct Files {
    symbol: String,
    is_equity: bool,
    scale: Scale,
    zone: Zone,
    bar: Option<BarLength>,
    quote_lots: Option<i64>,
    file: Option<FileName>,
    /// Symbols of files that were left out.
    others: Vec<String>,
    ends: Ends,
    /// Ticks so far: the format has no ids.
    place: u64,
    /// An option that turned out to be needed.
    lacks: Option<&'static ReadOption>,
}

impl Records for Files {
    fn begin(&mut self, path: &Path, feed: &mut Feed<'_>) -> Result<bool, TapeError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let file = FileName::parse(name).ok_or_else(|| {
            let reason = "names such as 20131007_ibm_minute_trade.csv or ibm.csv say what is in a file";
            TapeError::Option { option: "inputs", reason: format!("\"{}\": {reason}", shown(name, 80)) }
        })?;
        if file.symbol != self.symbol {
            feed.ignore("files of other symbols");
            self.others.push(file.symbol);
            return Ok(false);
        }
        if file.rows == Rows::LongBars && self.bar.is_none() {
            return Err(BAR.missing(READER));
        }
        self.file = Some(file);
        Ok(true)
    }

    fn header(&mut self, _: CsvRow<'_>) -> Result<bool, Fault> {
        Ok(false)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let Some(file) = &self.file else { return Ok(()) };
        let (rows, is_quote) = (file.rows, file.is_quote);
        match (rows, self.bar) {
            (Rows::Ticks, _) if is_quote == Some(true) => self.quote(row, feed),
            (Rows::Ticks, _) => self.trade(row, feed),
            (Rows::Bars(length), _) | (Rows::LongBars, Some(length)) => self.bar(row, length, is_quote, feed),
            (Rows::LongBars, None) => {
                self.lacks = Some(&BAR);
                Ok(())
            }
        }
    }

    fn empty(&self, path: &Path) -> TapeError {
        if self.others.is_empty() {
            return TapeError::Empty { path: path.to_owned() };
        }
        let mut symbols = self.others.clone();
        symbols.sort();
        symbols.dedup();
        TapeError::UnknownSymbols { symbols }
    }

    fn check(&mut self) -> Result<(), TapeError> {
        self.lacks.map_or(Ok(()), |option| Err(option.missing(READER)))
    }
}

impl Files {
    /// The time of a row in ns since the Unix epoch.
    fn time_ns(&self, row: CsvRow<'_>) -> Result<i64, Fault> {
        let text = row.text(0);
        let day = self.file.as_ref().and_then(|file| file.day);
        let Some(day) = day else {
            return text_ns(text, Some(&self.zone)).map_err(|fault| {
                row.fault(0, fault.unwrap_or_else(|| RowFault::Time("the time names no zone".to_owned())))
            });
        };
        let after_midnight = TimeUnit::Millis.span_ns(text).ok_or_else(|| {
            let reason = format!("{:?} is no time in ms after midnight", shown(text, 40));
            row.fault(0, RowFault::Time(reason))
        })?;
        self.zone.clock_ns(day, after_midnight).map_err(|reason| row.fault(0, RowFault::Time(reason)))
    }

    /// A price in ticks; those of equities are printed in units of 1/10 000.
    fn price(&self, row: CsvRow<'_>, at: usize) -> Result<i64, Fault> {
        let (text, column) = (row.text(at), row.column(at));
        if !self.is_equity {
            return self.scale.price(&plain(text), column);
        }
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            let reason = format!("{:?} is no whole number: prices of equities are in 1/10000", shown(text, 40));
            return Err(Fault::at(column, RowFault::Field(reason)));
        }
        self.scale.price(&plain(&format!("{text}e-4")), column)
    }

    fn size(&self, row: CsvRow<'_>, at: usize, off_lot: &mut u64) -> Result<i64, Fault> {
        self.scale.size(&plain(row.text(at)), row.column(at), off_lot)
    }

    /// The next record of a tick.
    fn tick(&mut self, tick: Tick, at_ns: i64) -> Tick {
        self.place += 1;
        Tick { recv_ns: at_ns, exch_ns: at_ns, id: self.place, ..tick }
    }
}

#[cfg(test)]
mod tests;
