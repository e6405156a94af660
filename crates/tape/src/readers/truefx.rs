//! Quotes of `TrueFX`: `EUR/USD,20130101 22:00:00.295,bid,ask` without header, as published (times in UTC), or CSV with the
//! header `timestamp,bid,ask` and times that name their zone.
//!
//! The quotes state no size: `--quote-size` does. There is no receive time: that of the quote stands for it.

use tickwright_types::{flags, Side, Tick, TickKind};

use super::csv::CsvRow;
use super::feed::{Fault, Feed};
use super::options::{QUOTE_SIZE, TZ};
use super::records::{self, Records};
use super::scale::Scale;
use super::symbols::{only_instrument, Known, Symbols};
use super::times::{text_ns, Zone};
use super::ReadRequest;
use crate::TapeError;

const READER: &str = "truefx";

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let instrument = only_instrument(request)?;
    let size_lots = request.options.quote_lots(instrument)?.ok_or_else(|| QUOTE_SIZE.missing(READER))?;
    let mut quotes = Quotes {
        scale: Scale::new(instrument),
        symbols: Symbols::new(request)?,
        size_lots,
        zone: request.options.zone()?,
        columns: [0; 3],
        symbol: None,
        width: 0,
        lacks_zone: false,
        place: 0,
    };
    records::read(request, feed, &mut quotes)
}

struct Quotes {
    scale: Scale,
    symbols: Symbols,
    size_lots: i64,
    zone: Option<Zone>,
    /// Places of time, bid and ask in the rows of this text.
    columns: [usize; 3],
    symbol: Option<usize>,
    width: usize,
    lacks_zone: bool,
    place: u64,
}

impl Records for Quotes {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        self.width = row.len();
        let published = row.len() == 4 && row.text(0).contains('/');
        if published {
            (self.columns, self.symbol) = ([1, 2, 3], Some(0));
            self.zone.get_or_insert_with(Zone::utc);
            return Ok(false);
        }
        self.symbol = None;
        for (at, name) in ["timestamp", "bid", "ask"].into_iter().enumerate() {
            self.columns[at] = row.column_of(&[name])?;
        }
        Ok(true)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        row.expect_len(&[self.width])?;
        self.place += 1;
        if let Some(at) = self.symbol {
            if !matches!(self.symbols.find(row.text(at)), Known::Instrument(_)) {
                return Ok(());
            }
        }
        let [time, bid, ask] = self.columns;
        let at_ns = match text_ns(row.text(time), self.zone.as_ref()) {
            Ok(ns) => ns,
            Err(Some(fault)) => return Err(row.fault(time, fault)),
            Err(None) => {
                self.lacks_zone = true;
                return Ok(());
            }
        };
        let prices =
            [self.scale.price(row.text(bid), row.column(bid))?, self.scale.price(row.text(ask), row.column(ask))?];
        feed.check_order(at_ns, row.column(time))?;
        let quote = |side: Side, flags: u8| Tick {
            recv_ns: at_ns,
            exch_ns: at_ns,
            price_ticks: prices[side.index()],
            size_lots: self.size_lots,
            id: self.place,
            side: side as u8,
            flags,
            ..Tick::of(TickKind::Quote)
        };
        feed.add(&[quote(Side::Bid, 0), quote(Side::Ask, flags::LAST)]);
        Ok(())
    }

    fn check(&mut self) -> Result<(), TapeError> {
        if self.lacks_zone {
            return Err(TZ.missing(READER));
        }
        self.symbols.check()
    }

    fn finish(&mut self, _: &mut Feed<'_>) -> Result<(), TapeError> {
        self.symbols.finish()
    }
}

#[cfg(test)]
mod tests;
