//! Trades and aggregate trades as Binance publishes them: CSV with or without header, plain, gzip or zip, and JSON as
//! its REST interface and its streams give them.
//!
//! Columns after the venue's description of its public data: spot files have no header and one column more than those of
//! futures. Their times are ms, those of spot from 2025 on µs; no file says which. There is no receive time: that of the
//! trade stands for it.

use serde::Deserialize;
use tickwright_types::{flags, Side, Tick, TickKind};

use super::csv::CsvRow;
use super::feed::{Fault, Feed};
use super::json::Value;
use super::options::TIME_UNIT;
use super::records::{self, Records};
use super::scale::Scale;
use super::symbols::{only_instrument, Known, Symbols};
use super::times::TimeUnit;
use super::ReadRequest;
use crate::{RowFault, TapeError};

/// One of the two files that the venue publishes.
struct Layout {
    reader: &'static str,
    /// How many fields a row has: futures and spot.
    lens: [usize; 2],
    id: Column,
    price: Column,
    size: Column,
    time: Column,
    maker: Column,
}

/// A column: its place without header, and the names it has in headers.
struct Column(usize, &'static [&'static str]);

const AGGREGATE: Layout = Layout {
    reader: "binance-aggtrades",
    lens: [7, 8],
    id: Column(0, &["agg_trade_id", "aggtradeid", "a"]),
    price: Column(1, &["price", "p"]),
    size: Column(2, &["quantity", "qty", "q"]),
    time: Column(5, &["transact_time", "timestamp", "time", "T"]),
    maker: Column(6, &["is_buyer_maker", "isBuyerMaker", "m"]),
};

const SINGLE: Layout = Layout {
    reader: "binance-trades",
    lens: [6, 7],
    id: Column(0, &["id", "trade_id", "tradeid"]),
    price: Column(1, &["price"]),
    size: Column(2, &["qty", "quantity"]),
    time: Column(4, &["time", "timestamp", "transact_time"]),
    maker: Column(5, &["is_buyer_maker", "isBuyerMaker"]),
};

pub(super) fn read_aggregate(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    records::read(request, feed, &mut Trades::new(request, &AGGREGATE)?)
}

pub(super) fn read_single(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    records::read(request, feed, &mut Trades::new(request, &SINGLE)?)
}

struct Trades {
    layout: &'static Layout,
    unit: TimeUnit,
    scale: Scale,
    symbols: Symbols,
    /// Places of id, price, size, time and maker in the rows of this text.
    columns: [usize; 5],
    last_id: Option<u64>,
}

/// A trade as printed, with the columns of its fields.
struct Printed<'a> {
    id: u64,
    price: (&'a str, u64),
    size: (&'a str, u64),
    time: (&'a str, u64),
    buyer_is_maker: bool,
}

impl Trades {
    fn new(request: &ReadRequest, layout: &'static Layout) -> Result<Self, TapeError> {
        let scale = Scale::new(only_instrument(request)?);
        let unit = request.options.unit()?.ok_or_else(|| TIME_UNIT.missing(layout.reader))?;
        let symbols = Symbols::new(request)?;
        Ok(Self { layout, unit, scale, symbols, columns: [0; 5], last_id: None })
    }

    fn trade(&mut self, printed: &Printed<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let mut off_lot = 0;
        let at_ns = self.unit.epoch_ns(printed.time.0).map_err(|fault| Fault::at(printed.time.1, fault))?;
        let price_ticks = self.scale.price(printed.price.0, printed.price.1)?;
        let size_lots = self.scale.size(printed.size.0, printed.size.1, &mut off_lot)?;
        feed.check_order(at_ns, printed.time.1)?;
        feed.report.off_lot += off_lot;
        let follows = self.last_id.is_none_or(|last| last.checked_add(1) == Some(printed.id));
        feed.report.gaps += u64::from(!follows);
        self.last_id = Some(printed.id);
        // The buyer was resting, so the aggressor sold.
        let aggressor = if printed.buyer_is_maker { Side::Ask } else { Side::Bid };
        feed.add(&[Tick {
            recv_ns: at_ns,
            exch_ns: at_ns,
            price_ticks,
            size_lots,
            id: printed.id,
            side: aggressor as u8,
            flags: flags::LAST,
            ..Tick::of(TickKind::Trade)
        }]);
        Ok(())
    }
}

/// A trade of the REST interface or of a stream.
#[derive(Deserialize)]
struct JsonTrade<'a> {
    #[serde(rename = "s")]
    symbol: Option<&'a str>,
    #[serde(rename = "a")]
    aggregate_id: Option<u64>,
    #[serde(rename = "t", alias = "id")]
    trade_id: Option<u64>,
    #[serde(rename = "p", alias = "price")]
    price: &'a str,
    #[serde(rename = "q", alias = "qty")]
    size: &'a str,
    #[serde(rename = "T", alias = "time", borrow)]
    time: &'a serde_json::value::RawValue,
    #[serde(rename = "m", alias = "isBuyerMaker")]
    buyer_is_maker: bool,
}

impl Records for Trades {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        let Layout { id, price, size, time, maker, lens, .. } = self.layout;
        let columns = [id, price, size, time, maker];
        let is_header = !row.text(0).starts_with(|c: char| c.is_ascii_digit());
        if is_header {
            for (at, Column(_, names)) in columns.iter().enumerate() {
                self.columns[at] = row.column_of(names)?;
            }
        } else {
            row.expect_len(lens)?;
            self.columns = columns.map(|column| column.0);
        }
        Ok(is_header)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        row.expect_len(&self.layout.lens)?;
        let [id, price, size, time, maker] = self.columns;
        let text = |at: usize| (row.text(at), row.column(at));
        let printed = Printed {
            id: row.number(id, "id")?,
            price: text(price),
            size: text(size),
            time: text(time),
            buyer_is_maker: row.truth(maker, "is_buyer_maker")?,
        };
        self.trade(&printed, feed)
    }

    fn value(&mut self, value: Value<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let trade: JsonTrade<'_> = value.parse()?;
        if let Some(symbol) = trade.symbol {
            match self.symbols.find(symbol) {
                Known::Instrument(_) => {}
                Known::NotChosen | Known::Unknown => return Ok(()),
            }
        }
        let (id, name) = match self.layout.reader {
            "binance-aggtrades" => (trade.aggregate_id, "a"),
            _ => (trade.trade_id, "id"),
        };
        let id = id.ok_or_else(|| Fault::at(1, RowFault::Field(format!("the trade has no {name:?}"))))?;
        let text = |part| (part, value.column_of(part));
        let (price, size, time) = (text(trade.price), text(trade.size), text(trade.time.get()));
        self.trade(&Printed { id, price, size, time, buyer_is_maker: trade.buyer_is_maker }, feed)
    }

    fn check(&mut self) -> Result<(), TapeError> {
        self.symbols.check()
    }

    fn finish(&mut self, _: &mut Feed<'_>) -> Result<(), TapeError> {
        self.symbols.finish()
    }
}

#[cfg(test)]
mod tests;
