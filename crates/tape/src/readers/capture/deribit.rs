//! Deribit: `book.<instrument>.<interval>` (each change names the one before) and trades.

use serde::Deserialize;
use serde_json::value::RawValue;
use tickwright_types::Side;

use super::market::Market;
use super::printed::{Printed, Word};
use super::row::{Body, Depth, Message, Order, Row};
use super::{read_venue, Venue};
use crate::readers::feed::{Fault, Feed};
use crate::readers::ReadRequest;
use crate::TapeError;

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    read_venue(request, feed, Deribit, None)
}

struct Deribit;

#[derive(Deserialize)]
#[serde(expecting = "a message")]
struct Envelope<'a> {
    #[serde(borrow)]
    params: Option<Params<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a channel and its data")]
struct Params<'a> {
    #[serde(borrow)]
    channel: Option<Word<'a>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a book")]
struct Book<'a> {
    #[serde(borrow, rename = "type")]
    kind: Word<'a>,
    #[serde(borrow, rename = "instrument_name")]
    symbol: Word<'a>,
    #[serde(borrow)]
    timestamp: Option<Printed<'a>>,
    change_id: u64,
    #[serde(rename = "prev_change_id")]
    previous_id: Option<u64>,
    #[serde(borrow)]
    bids: Vec<Level<'a>>,
    #[serde(borrow)]
    asks: Vec<Level<'a>>,
}

/// `new`, `change` or `delete`, price, amount.
#[derive(Deserialize)]
#[serde(expecting = "a level [action, price, amount]")]
struct Level<'a>(#[serde(borrow)] Word<'a>, #[serde(borrow)] Printed<'a>, #[serde(borrow)] Printed<'a>);

#[derive(Deserialize)]
#[serde(expecting = "a trade")]
struct Trade<'a> {
    #[serde(borrow, rename = "instrument_name")]
    symbol: Word<'a>,
    #[serde(borrow)]
    timestamp: Printed<'a>,
    #[serde(rename = "trade_seq")]
    sequence: u64,
    #[serde(borrow)]
    price: Printed<'a>,
    #[serde(borrow)]
    amount: Printed<'a>,
    #[serde(borrow)]
    direction: Word<'a>,
}

impl Venue for Deribit {
    fn message(&mut self, row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault> {
        let envelope: Envelope<'_> = row.parse(row.json)?;
        let Some(Params { channel: Some(channel), data: Some(data) }) = envelope.params else {
            row.ignore("messages without channel");
            return Ok(());
        };
        let parts: Vec<&str> = channel.split('.').collect();
        match parts.as_slice() {
            ["book", _, interval] => book(row, market, interval, data.get()),
            ["trades", ..] => trades(row, market, data.get()),
            // Books in groups of prices have five parts and are no changes of a book.
            [kind, ..] => {
                row.ignore(kind);
                Ok(())
            }
            [] => Err(row.field(&channel, "the channel has no name")),
        }
    }
}

fn book<'a>(row: &mut Row<'a>, market: &mut Market, interval: &str, data: &'a str) -> Result<(), Fault> {
    let book: Book<'a> = row.parse(data)?;
    let Some(instrument) = row.find(market, &book.symbol) else { return Ok(()) };
    let whole = match &*book.kind {
        "snapshot" => true,
        "change" => false,
        _ => return Err(row.field(&book.kind, "\"type\" is neither \"snapshot\" nor \"change\"")),
    };
    let mut changes = Vec::with_capacity(book.bids.len() + book.asks.len());
    for (side, levels) in [(Side::Bid, &book.bids), (Side::Ask, &book.asks)] {
        for Level(action, price, size) in levels {
            if !matches!(&**action, "new" | "change" | "delete") {
                return Err(row.field(action, "a level is \"new\", \"change\" or \"delete\""));
            }
            let mut change = row.change(market.scale(instrument), side, price, size)?;
            if &**action == "delete" {
                (change.size_lots, change.deletes) = (0, true);
            }
            changes.push(change);
        }
    }
    let order = match book.previous_id {
        Some(previous) => Order::After(previous),
        None if whole => Order::Unnumbered,
        None => return Err(row.field(data, "the change has no \"prev_change_id\"")),
    };
    let channel = format!("book.{interval}").into();
    let depth = Depth { channel, changes, order, most_levels: None, checksum: None };
    let body = if whole { Body::Snapshot(depth) } else { Body::Depth(depth) };
    let exch_ns = row.millis(book.timestamp.as_ref())?;
    row.messages.push(Message { instrument, exch_ns, id: book.change_id, body });
    Ok(())
}

fn trades<'a>(row: &mut Row<'a>, market: &mut Market, data: &'a str) -> Result<(), Fault> {
    let trades: Vec<Trade<'a>> = row.parse(data)?;
    for trade in trades {
        let Some(instrument) = row.find(market, &trade.symbol) else { continue };
        let side = row.side(&trade.direction, ["buy", "sell"])?;
        let body = Body::Trade(row.change(market.scale(instrument), side, &trade.price, &trade.amount)?);
        let exch_ns = row.millis(Some(&trade.timestamp))?;
        row.messages.push(Message { instrument, exch_ns, id: trade.sequence, body });
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests;
