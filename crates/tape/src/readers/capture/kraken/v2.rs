use std::collections::BTreeMap;

use serde::Deserialize;
use tickwright_types::Side;

use super::Envelope;
use crate::readers::capture::market::Market;
use crate::readers::capture::printed::{Printed, Word};
use crate::readers::capture::row::{Body, Depth, Message, Order, Row};
use crate::readers::feed::Fault;

#[derive(Deserialize)]
#[serde(expecting = "a book")]
struct Book<'a> {
    #[serde(borrow)]
    symbol: Word<'a>,
    #[serde(borrow)]
    bids: Vec<Level<'a>>,
    #[serde(borrow)]
    asks: Vec<Level<'a>>,
    checksum: Option<u32>,
    #[serde(borrow)]
    timestamp: Option<Word<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a level {price, qty}")]
struct Level<'a> {
    #[serde(borrow)]
    price: Printed<'a>,
    #[serde(borrow)]
    qty: Printed<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "a trade")]
struct Trade<'a> {
    #[serde(borrow)]
    symbol: Word<'a>,
    #[serde(borrow)]
    side: Word<'a>,
    #[serde(borrow)]
    price: Printed<'a>,
    #[serde(borrow)]
    qty: Printed<'a>,
    #[serde(rename = "trade_id")]
    id: u64,
    #[serde(borrow)]
    timestamp: Word<'a>,
}

pub(super) fn message<'a>(
    row: &mut Row<'a>,
    market: &mut Market,
    channel: &Word<'a>,
    envelope: &Envelope<'a>,
    depths: &BTreeMap<String, usize>,
) -> Result<(), Fault> {
    let kind = envelope.kind.as_deref().unwrap_or_default();
    match (&**channel, kind) {
        ("book", "snapshot" | "update") => books(row, market, envelope, kind == "snapshot", depths),
        ("trade", "update") => trades(row, market, envelope),
        // Trades from before the subscription.
        ("trade", "snapshot") => {
            row.ignore("trade snapshots");
            Ok(())
        }
        ("book" | "trade", _) => Err(row.field(row.json, "\"type\" is neither \"snapshot\" nor \"update\"")),
        (other, _) => {
            row.ignore(other);
            Ok(())
        }
    }
}

fn books<'a>(
    row: &mut Row<'a>,
    market: &mut Market,
    envelope: &Envelope<'a>,
    whole: bool,
    depths: &BTreeMap<String, usize>,
) -> Result<(), Fault> {
    let books: Vec<Book<'a>> = row.parse(row.need(envelope.data, "data")?.get())?;
    for book in books {
        let Some(instrument) = row.find(market, &book.symbol) else { continue };
        let Some(most) = depths.get(&*book.symbol) else {
            let reason = "its depth is not known: keep the line of the subscription or of its acknowledgement";
            return Err(row.field(&book.symbol, reason));
        };
        let mut changes = Vec::with_capacity(book.bids.len() + book.asks.len());
        for (side, levels) in [(Side::Bid, &book.bids), (Side::Ask, &book.asks)] {
            let levels = levels.iter().map(|level| (&level.price, &level.qty));
            row.changes(market.scale(instrument), side, levels, &mut changes)?;
        }
        let exch_ns = row.utc(book.timestamp.as_ref())?;
        let channel = format!("book of depth {most}").into();
        let (order, checksum) = (Order::Unnumbered, book.checksum);
        let depth = Depth { channel, changes, order, most_levels: Some(*most), checksum };
        let body = if whole { Body::Snapshot(depth) } else { Body::Depth(depth) };
        row.messages.push(Message { instrument, exch_ns, id: 0, body });
    }
    Ok(())
}

fn trades<'a>(row: &mut Row<'a>, market: &mut Market, envelope: &Envelope<'a>) -> Result<(), Fault> {
    let trades: Vec<Trade<'a>> = row.parse(row.need(envelope.data, "data")?.get())?;
    for trade in trades {
        let Some(instrument) = row.find(market, &trade.symbol) else { continue };
        let side = row.side(&trade.side, ["buy", "sell"])?;
        let body = Body::Trade(row.change(market.scale(instrument), side, &trade.price, &trade.qty)?);
        let exch_ns = row.utc(Some(&trade.timestamp))?;
        row.messages.push(Message { instrument, exch_ns, id: trade.id, body });
    }
    Ok(())
}
