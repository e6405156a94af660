//! Bars as CSV with a header, or as JSON arrays `[time, open, high, low, close, volume]`.
//!
//! A column is found by its name in any case: `open`, `high`, `low`, `close`, `volume` (optional), and for the time one of
//! [`TIME_NAMES`]. Length of a bar and which end its time is are options; so are zone or unit where the time does not
//! say them. There is no receive time: a bar is known when it closes.

use serde::Deserialize;
use serde_json::value::RawValue;
use tickwright_types::NO_SIDE;

use super::bars::{Bar, Ends};
use super::csv::CsvRow;
use super::decimals::{of_json, plain};
use super::feed::{Fault, Feed};
use super::json::Value;
use super::options::{ReadOption, BAR, BAR_TIME, TIME_UNIT, TZ};
use super::records::{self, Records};
use super::scale::Scale;
use super::symbols::only_instrument;
use super::times::{text_ns, BarLength, BarTime, TimeUnit, Zone};
use super::ReadRequest;
use crate::TapeError;

const READER: &str = "ohlcv";

/// Names of the column of times; without a name where a data frame's index was saved.
const TIME_NAMES: &[&str] = &["timestamp", "date", "time", "datetime", "timestamp_utc", "open_time", ""];

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let options = &request.options;
    let mut bars = Bars {
        scale: Scale::new(only_instrument(request)?),
        length: options.bar_length()?.ok_or_else(|| BAR.missing(READER))?,
        time: options.bar_stands_at()?.ok_or_else(|| BAR_TIME.missing(READER))?,
        side: options.bar_side()?.map_or(NO_SIDE, |side| side as u8),
        zone: options.zone()?,
        unit: options.unit()?,
        rounds: options.rounds()?,
        columns: [0; 5],
        volume: None,
        width: 0,
        ends: Ends::default(),
        lacks: None,
    };
    records::read(request, feed, &mut bars)
}

struct Bars {
    scale: Scale,
    length: BarLength,
    time: BarTime,
    side: u8,
    zone: Option<Zone>,
    unit: Option<TimeUnit>,
    /// Whether prices off the grid are rounded: adjusted ones lie on none.
    rounds: bool,
    /// Places of time, open, high, low and close in the rows of this text.
    columns: [usize; 5],
    volume: Option<usize>,
    width: usize,
    ends: Ends,
    /// An option that turned out to be needed.
    lacks: Option<&'static ReadOption>,
}

/// A field as printed and its column.
type Printed<'a> = (&'a str, u64);

/// A bar in JSON: time, open, high, low, close, volume.
#[derive(Deserialize)]
struct JsonBar<'a>(#[serde(borrow)] [&'a RawValue; 6]);

impl Records for Bars {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        let names: [&[&str]; 5] = [TIME_NAMES, &["open"], &["high"], &["low"], &["close"]];
        for (at, names) in names.into_iter().enumerate() {
            self.columns[at] = row.column_of(names)?;
        }
        self.volume = row.find(&["volume"]);
        self.width = row.len();
        if self.zone.is_none() && row.text(self.columns[0]).eq_ignore_ascii_case("timestamp_utc") {
            self.zone = Some(Zone::utc());
        }
        Ok(true)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        row.expect_len(&[self.width])?;
        let text = |at: usize| (row.text(at), row.column(at));
        self.bar(self.columns.map(text), self.volume.map(text), feed)
    }

    fn value(&mut self, value: Value<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let JsonBar(fields) = value.parse()?;
        let [time, open, high, low, close, volume] = fields.map(|raw| (of_json(raw), value.column_of(raw.get())));
        self.bar([time, open, high, low, close], Some(volume), feed)
    }

    fn check(&mut self) -> Result<(), TapeError> {
        self.lacks.map_or(Ok(()), |option| Err(option.missing(READER)))
    }
}

impl Bars {
    fn bar(
        &mut self,
        printed: [Printed<'_>; 5],
        volume: Option<Printed<'_>>,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        let [time, prices @ ..] = printed;
        let Some(at_ns) = self.time_ns(time)? else { return Ok(()) };
        let mut rounded = 0;
        let mut bar = Bar { prices: [0; 4], volume_lots: 0 };
        for (ticks, price) in bar.prices.iter_mut().zip(prices) {
            let text = plain(price.0);
            *ticks = if self.rounds {
                self.scale.nearest_price(&text, price.1, &mut rounded)?
            } else {
                self.scale.price(&text, price.1)?
            };
        }
        bar.check(prices[1].1)?;
        let mut off_lot = 0;
        if let Some(volume) = volume {
            bar.volume_lots = self.scale.size(&plain(volume.0), volume.1, &mut off_lot)?;
        }
        let open_ns = if self.time == BarTime::Open { at_ns } else { at_ns.saturating_sub(self.length.0) };
        let close_ns = self.ends.check(open_ns, self.length, time.1)?;
        feed.check_order(close_ns, time.1)?;
        self.ends.remember(close_ns);
        feed.report.off_lot += off_lot;
        feed.report.rounded += rounded;
        feed.add(&bar.records(close_ns, self.length, self.side));
        Ok(())
    }

    /// The time of a bar, or `None` if an option is needed to know it.
    fn time_ns(&mut self, (text, column): Printed<'_>) -> Result<Option<i64>, Fault> {
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        // Eight digits are a day, as in 20120201; no time in s since 1970 has so few.
        if is_number && text.len() != 8 {
            let Some(unit) = self.unit else {
                self.lacks = Some(&TIME_UNIT);
                return Ok(None);
            };
            return unit.epoch_ns(text).map(Some).map_err(|fault| Fault::at(column, fault));
        }
        match text_ns(text, self.zone.as_ref()) {
            Ok(ns) => Ok(Some(ns)),
            Err(Some(fault)) => Err(Fault::at(column, fault)),
            Err(None) => {
                self.lacks = Some(&TZ);
                Ok(None)
            }
        }
    }
}

#[cfg(test)]
mod tests;
