//! Trade lists of freqtrade: JSON arrays `[ms, id, type, side, price, amount, cost]`, or CSV with a header of those names.
//!
//! Columns after freqtrade's `DEFAULT_TRADES_COLUMNS`: the time is that of the trade in ms, the side that of the
//! aggressor. There is no receive time: that of the trade stands for it. An id that is no number is replaced by the
//! trade's place in the recording, from 1.

use serde::Deserialize;
use serde_json::value::RawValue;
use tickwright_types::{flags, Side, Tick, TickKind, NO_SIDE};

use super::csv::CsvRow;
use super::decimals::{of_json, plain};
use super::feed::{Fault, Feed};
use super::json::Value;
use super::records::{self, Records};
use super::scale::Scale;
use super::symbols::only_instrument;
use super::times::TimeUnit;
use super::ReadRequest;
use crate::error::shown;
use crate::{RowFault, TapeError};

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let scale = Scale::new(only_instrument(request)?);
    records::read(request, feed, &mut Trades { scale, columns: [0; 5], width: 0, place: 0 })
}

struct Trades {
    scale: Scale,
    /// Places of time, id, side, price and amount in the rows of this text.
    columns: [usize; 5],
    width: usize,
    place: u64,
}

/// The fields of a trade as printed, each with its column: time, id, side, price, amount.
type Printed<'a> = [(&'a str, u64); 5];

/// A trade in JSON: time, id, type, side, price, amount, cost.
#[derive(Deserialize)]
struct JsonTrade<'a>(
    #[serde(borrow)] &'a RawValue,
    #[serde(borrow)] &'a RawValue,
    #[serde(borrow)] &'a RawValue,
    #[serde(borrow)] &'a RawValue,
    #[serde(borrow)] &'a RawValue,
    #[serde(borrow)] &'a RawValue,
    #[serde(borrow)] &'a RawValue,
);

impl Records for Trades {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        for (at, name) in ["timestamp", "id", "side", "price", "amount"].into_iter().enumerate() {
            self.columns[at] = row.column_of(&[name])?;
        }
        self.width = row.len();
        Ok(true)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        row.expect_len(&[self.width])?;
        self.trade(&self.columns.map(|at| (row.text(at), row.column(at))), feed)
    }

    fn value(&mut self, value: Value<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let JsonTrade(time, id, _kind, side, price, amount, _cost) = value.parse()?;
        self.trade(&[time, id, side, price, amount].map(|raw| (of_json(raw), value.column_of(raw.get()))), feed)
    }
}

impl Trades {
    fn trade(&mut self, printed: &Printed<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let [time, id, side, price, amount] = *printed;
        let mut off_lot = 0;
        self.place += 1;
        let at_ns = TimeUnit::Millis.epoch_ns(time.0).map_err(|fault| Fault::at(time.1, fault))?;
        let side = aggressor(side.0).ok_or_else(|| {
            let reason = format!("side: {:?} is neither buy nor sell", shown(side.0, 40));
            Fault::at(side.1, RowFault::Field(reason))
        })?;
        let price_ticks = self.scale.price(&plain(price.0), price.1)?;
        let size_lots = self.scale.size(&plain(amount.0), amount.1, &mut off_lot)?;
        feed.check_order(at_ns, time.1)?;
        feed.report.off_lot += off_lot;
        feed.add(&[Tick {
            recv_ns: at_ns,
            exch_ns: at_ns,
            price_ticks,
            size_lots,
            id: id.0.parse().unwrap_or(self.place),
            side,
            flags: flags::LAST,
            ..Tick::of(TickKind::Trade)
        }]);
        Ok(())
    }
}

/// The aggressor's side; none where the venue does not say.
fn aggressor(text: &str) -> Option<u8> {
    match text {
        "buy" => Some(Side::Bid as u8),
        "sell" => Some(Side::Ask as u8),
        "" | "null" => Some(NO_SIDE),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
