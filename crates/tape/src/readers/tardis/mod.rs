//! CSV files of tardis.dev: books, trades and quotes of many venues in one set of columns.
//!
//! After the vendor's description: times are µs since the Unix epoch, `timestamp` the venue's (that of receipt where it
//! has none), `local_timestamp` that of receipt; rows are in the order received.

mod book;
mod quotes;
mod trades;

pub(super) use book::read as read_book;
pub(super) use quotes::read as read_quotes;
pub(super) use trades::read as read_trades;

use tickwright_types::{Tick, TickKind};

use super::csv::CsvRow;
use super::feed::{Fault, Feed};
use super::scale::Scale;
use super::symbols::{Known, Symbols};
use super::times::TimeUnit;
use super::ReadRequest;
use crate::TapeError;

/// The instruments of a recording and where the columns lie that every file has.
struct Markets {
    symbols: Symbols,
    scales: Vec<Scale>,
    /// Places of symbol, timestamp and `local_timestamp`.
    columns: [usize; 3],
    width: usize,
}

impl Markets {
    fn new(request: &ReadRequest) -> Result<Self, TapeError> {
        let symbols = Symbols::new(request)?;
        Ok(Self { symbols, scales: request.instruments.iter().map(Scale::new).collect(), columns: [0; 3], width: 0 })
    }

    /// Learns the columns from a header.
    fn header(&mut self, row: CsvRow<'_>) -> Result<(), Fault> {
        for (at, name) in ["symbol", "timestamp", "local_timestamp"].into_iter().enumerate() {
            self.columns[at] = row.column_of(&[name])?;
        }
        self.width = row.len();
        Ok(())
    }

    /// A record with times and instrument of the row, or `None` where the row is of a symbol that is not read.
    fn record(&mut self, row: CsvRow<'_>, kind: TickKind, feed: &mut Feed<'_>) -> Result<Option<Tick>, Fault> {
        row.expect_len(&[self.width])?;
        let [symbol, exch, recv] = self.columns;
        let instrument = match self.symbols.find(row.text(symbol)) {
            Known::Instrument(index) => index,
            Known::NotChosen => {
                feed.ignore("symbols not chosen");
                return Ok(None);
            }
            Known::Unknown => return Ok(None),
        };
        let time = |at: usize| TimeUnit::Micros.epoch_ns(row.text(at)).map_err(|fault| row.fault(at, fault));
        Ok(Some(Tick { instrument, recv_ns: time(recv)?, exch_ns: time(exch)?, ..Tick::of(kind) }))
    }

    /// Column at which a fault of the order is reported.
    fn recv_column(&self, row: CsvRow<'_>) -> u64 {
        row.column(self.columns[2])
    }

    fn scale(&self, tick: Tick) -> &Scale {
        &self.scales[usize::from(tick.instrument)]
    }

    fn level(&self, row: CsvRow<'_>, base: Tick, [price, size]: [usize; 2], off_lot: &mut u64) -> Result<Tick, Fault> {
        let price_ticks = self.scale(base).price(row.text(price), row.column(price))?;
        let size_lots = self.scale(base).size(row.text(size), row.column(size), off_lot)?;
        Ok(Tick { price_ticks, size_lots, ..base })
    }
}

#[cfg(test)]
mod tests;
