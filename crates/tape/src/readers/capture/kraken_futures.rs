//! Kraken Futures v1: books with a number a product, one level a message, and trades.

use serde::Deserialize;
use tickwright_types::Side;

use super::market::Market;
use super::printed::{Printed, Word};
use super::row::{Body, Depth, Message, Order, Row};
use super::{read_venue, Venue};
use crate::readers::feed::{Fault, Feed};
use crate::readers::ReadRequest;
use crate::TapeError;

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    read_venue(request, feed, KrakenFutures, None)
}

struct KrakenFutures;

#[derive(Deserialize)]
#[serde(expecting = "a message")]
struct Envelope<'a> {
    #[serde(borrow)]
    event: Option<Word<'a>>,
    #[serde(borrow)]
    feed: Option<Word<'a>>,
    #[serde(borrow)]
    product_id: Option<Word<'a>>,
    seq: Option<u64>,
    #[serde(borrow)]
    timestamp: Option<Printed<'a>>,
    #[serde(borrow)]
    time: Option<Printed<'a>>,
    #[serde(borrow)]
    bids: Option<Vec<Level<'a>>>,
    #[serde(borrow)]
    asks: Option<Vec<Level<'a>>>,
    #[serde(borrow)]
    side: Option<Word<'a>>,
    #[serde(borrow)]
    price: Option<Printed<'a>>,
    #[serde(borrow)]
    qty: Option<Printed<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a level {price, qty}")]
struct Level<'a> {
    #[serde(borrow)]
    price: Printed<'a>,
    #[serde(borrow)]
    qty: Printed<'a>,
}

impl Venue for KrakenFutures {
    fn message(&mut self, row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault> {
        let envelope: Envelope<'_> = row.parse(row.json)?;
        if let Some(event) = &envelope.event {
            row.ignore(event);
            return Ok(());
        }
        let feed = &**row.need(envelope.feed.as_ref(), "feed")?;
        // `trade_snapshot` has trades from before the subscription.
        if !matches!(feed, "book_snapshot" | "book" | "trade") {
            row.ignore(feed);
            return Ok(());
        }
        let symbol = row.need(envelope.product_id.as_ref(), "product_id")?;
        let Some(instrument) = row.find(market, symbol) else { return Ok(()) };
        let id = row.need(envelope.seq, "seq")?;
        let exch_ns = row.millis(envelope.timestamp.as_ref().or(envelope.time.as_ref()))?;
        let body = match feed {
            "book_snapshot" => snapshot(row, market, instrument, &envelope)?,
            _ => one_level(row, market, instrument, &envelope, feed == "trade")?,
        };
        row.messages.push(Message { instrument, exch_ns, id, body });
        Ok(())
    }
}

fn snapshot<'a>(
    row: &mut Row<'a>,
    market: &Market,
    instrument: u16,
    envelope: &Envelope<'a>,
) -> Result<Body<'a>, Fault> {
    let mut changes = Vec::new();
    let (bids, asks) = (row.need(envelope.bids.as_ref(), "bids")?, row.need(envelope.asks.as_ref(), "asks")?);
    for (side, levels) in [(Side::Bid, bids), (Side::Ask, asks)] {
        let levels = levels.iter().map(|level| (&level.price, &level.qty));
        row.changes(market.scale(instrument), side, levels, &mut changes)?;
    }
    Ok(Body::Snapshot(depth(changes)))
}

fn one_level<'a>(
    row: &mut Row<'a>,
    market: &Market,
    instrument: u16,
    envelope: &Envelope<'a>,
    is_trade: bool,
) -> Result<Body<'a>, Fault> {
    let side = row.side(row.need(envelope.side.as_ref(), "side")?, ["buy", "sell"])?;
    let price = row.need(envelope.price.as_ref(), "price")?;
    let size = row.need(envelope.qty.as_ref(), "qty")?;
    let change = row.change(market.scale(instrument), side, price, size)?;
    Ok(if is_trade { Body::Trade(change) } else { Body::Depth(depth(vec![change])) })
}

fn depth(changes: Vec<super::row::Change<'_>>) -> Depth<'_> {
    Depth { channel: "book".into(), changes, order: Order::Consecutive, most_levels: None, checksum: None }
}

#[cfg(test)]
pub(super) mod tests;
