//! Bitget (v1 and v2) and OKX: messages of one shape, books with the same checksum. Bitget's books have no numbers,
//! OKX names the number of the message before.

use serde::de::IgnoredAny;
use serde::Deserialize;
use serde_json::value::RawValue;
use tickwright_types::Side;

use super::checksum::Checksum;
use super::market::Market;
use super::printed::{Printed, Word};
use super::row::{Body, Depth, Message, Order, Row};
use super::{read_venue, Venue};
use crate::readers::feed::{Fault, Feed};
use crate::readers::ReadRequest;
use crate::TapeError;

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    read_venue(request, feed, Dialect { zero_is_none: false }, Some(Checksum::Interleaved))
}

pub(in crate::readers) fn read_okx(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    read_venue(request, feed, Dialect { zero_is_none: true }, Some(Checksum::Interleaved))
}

struct Dialect {
    /// OKX sends 0 where it no longer takes checksums.
    zero_is_none: bool,
}

#[derive(Deserialize)]
#[serde(expecting = "a message")]
struct Envelope<'a> {
    #[serde(borrow)]
    event: Option<Word<'a>>,
    #[serde(borrow)]
    action: Option<Word<'a>>,
    #[serde(borrow)]
    arg: Option<Arg<'a>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a subscription {channel, instId}")]
struct Arg<'a> {
    #[serde(borrow)]
    channel: Word<'a>,
    #[serde(borrow, rename = "instId")]
    symbol: Option<Word<'a>>,
    #[serde(borrow, rename = "instType")]
    market: Option<Word<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a book")]
struct Book<'a> {
    #[serde(borrow)]
    bids: Vec<Level<'a>>,
    #[serde(borrow)]
    asks: Vec<Level<'a>>,
    checksum: Option<i64>,
    #[serde(borrow)]
    ts: Option<Printed<'a>>,
    #[serde(rename = "seqId")]
    id: Option<u64>,
    #[serde(rename = "prevSeqId")]
    previous_id: Option<i64>,
}

/// Price, size, and of OKX two counts of orders.
#[derive(Deserialize)]
#[serde(expecting = "a level [price, size]")]
struct Level<'a>(
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Printed<'a>,
    #[serde(default)] IgnoredAny,
    #[serde(default)] IgnoredAny,
);

/// A trade of Bitget v1.
#[derive(Deserialize)]
#[serde(expecting = "a trade [time, price, size, side]")]
struct BareTrade<'a>(
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Word<'a>,
);

/// A trade of Bitget v2 and OKX.
#[derive(Deserialize)]
#[serde(expecting = "a trade")]
struct Trade<'a> {
    #[serde(borrow)]
    ts: Printed<'a>,
    #[serde(borrow, alias = "px")]
    price: Printed<'a>,
    #[serde(borrow, alias = "sz")]
    size: Printed<'a>,
    #[serde(borrow)]
    side: Word<'a>,
    #[serde(borrow, rename = "tradeId")]
    id: Option<Printed<'a>>,
}

impl Venue for Dialect {
    fn message(&mut self, row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault> {
        if row.json == "pong" {
            row.ignore("pong");
            return Ok(());
        }
        let envelope: Envelope<'_> = row.parse(row.json)?;
        if let Some(event) = &envelope.event {
            row.ignore(event);
            return Ok(());
        }
        let arg = row.need(envelope.arg.as_ref(), "arg")?;
        let channel = &*arg.channel;
        let is_trade = matches!(channel, "trade" | "trades");
        if !is_trade && !is_book(channel) {
            row.ignore(channel);
            return Ok(());
        }
        if is_trade && envelope.action.as_deref() == Some("snapshot") {
            // Trades from before the subscription.
            row.ignore("trade snapshots");
            return Ok(());
        }
        let symbol = row.need(arg.symbol.as_ref(), "instId")?;
        let Some(instrument) = row.find(market, symbol) else { return Ok(()) };
        let all: Vec<&RawValue> = row.parse(row.need(envelope.data, "data")?.get())?;
        for one in all {
            if is_trade {
                trade(row, market, instrument, one)?;
            } else {
                self.book(row, market, instrument, &envelope, arg, one)?;
            }
        }
        Ok(())
    }
}

/// Channels of whole books and their changes; those of some levels send whole books only.
fn is_book(channel: &str) -> bool {
    matches!(channel, "books" | "books1" | "books5" | "books15" | "books50" | "books-l2-tbt" | "books50-l2-tbt")
}

impl Dialect {
    fn book<'a>(
        &self,
        row: &mut Row<'a>,
        market: &Market,
        instrument: u16,
        envelope: &Envelope<'a>,
        arg: &Arg<'a>,
        raw: &'a RawValue,
    ) -> Result<(), Fault> {
        let book: Book<'a> = row.parse(raw.get())?;
        let whole = match envelope.action.as_deref() {
            Some("snapshot") | None => true,
            Some("update") => false,
            Some(other) => return Err(row.field(other, "\"action\" is neither \"snapshot\" nor \"update\"")),
        };
        let mut changes = Vec::with_capacity(book.bids.len() + book.asks.len());
        for (side, levels) in [(Side::Bid, &book.bids), (Side::Ask, &book.asks)] {
            let levels = levels.iter().map(|Level(price, size, _, _)| (price, size));
            row.changes(market.scale(instrument), side, levels, &mut changes)?;
        }
        let exch_ns = row.millis(book.ts.as_ref())?;
        let order = match book.previous_id.map(u64::try_from) {
            Some(Ok(previous)) => Order::After(previous),
            _ => Order::Unnumbered,
        };
        let channel = match &arg.market {
            Some(market) => format!("{} {}", &**market, &*arg.channel).into(),
            None => arg.channel.0.clone(),
        };
        let checksum = self.checksum(row, &book, &arg.channel, raw)?;
        let depth = Depth { channel, changes, order, most_levels: None, checksum };
        let body = if whole { Body::Snapshot(depth) } else { Body::Depth(depth) };
        row.messages.push(Message { instrument, exch_ns, id: book.id.unwrap_or(0), body });
        Ok(())
    }

    /// Only books of all levels have a checksum that means something.
    fn checksum(&self, row: &Row<'_>, book: &Book<'_>, channel: &str, raw: &RawValue) -> Result<Option<u32>, Fault> {
        let all_levels = matches!(channel, "books" | "books-l2-tbt" | "books50-l2-tbt");
        let stated = book.checksum.filter(|stated| all_levels && !(self.zero_is_none && *stated == 0));
        let signed = stated.map(|stated| {
            i32::try_from(stated).map_err(|_| row.field(raw.get(), "the checksum is no signed number of 32 bits"))
        });
        Ok(signed.transpose()?.map(|signed| signed as u32))
    }
}

fn trade<'a>(row: &mut Row<'a>, market: &Market, instrument: u16, raw: &'a RawValue) -> Result<(), Fault> {
    let trade = if raw.get().starts_with('[') {
        let BareTrade(ts, price, size, side) = row.parse(raw.get())?;
        Trade { ts, price, size, side, id: None }
    } else {
        row.parse(raw.get())?
    };
    let side = row.side(&trade.side, ["buy", "sell"])?;
    let body = Body::Trade(row.change(market.scale(instrument), side, &trade.price, &trade.size)?);
    let id = match &trade.id {
        Some(id) => id.text().parse().map_err(|_| row.field(id.raw(), "the trade id is no whole number"))?,
        None => 0,
    };
    row.messages.push(Message { instrument, exch_ns: row.millis(Some(&trade.ts))?, id, body });
    Ok(())
}

#[cfg(test)]
pub(super) mod tests;
