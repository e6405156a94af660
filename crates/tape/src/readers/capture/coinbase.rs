//! Coinbase Exchange: `level2` books (no numbers, no checksums) and matches.

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
    read_venue(request, feed, Coinbase, None)
}

struct Coinbase;

#[derive(Deserialize)]
#[serde(expecting = "a message")]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Word<'a>,
    #[serde(borrow)]
    product_id: Option<Word<'a>>,
    #[serde(borrow)]
    bids: Option<Vec<Level<'a>>>,
    #[serde(borrow)]
    asks: Option<Vec<Level<'a>>>,
    #[serde(borrow)]
    changes: Option<Vec<SidedLevel<'a>>>,
    #[serde(borrow)]
    time: Option<Word<'a>>,
    trade_id: Option<u64>,
    #[serde(borrow)]
    side: Option<Word<'a>>,
    #[serde(borrow)]
    price: Option<Printed<'a>>,
    #[serde(borrow)]
    size: Option<Printed<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a level [price, size]")]
struct Level<'a>(#[serde(borrow)] Printed<'a>, #[serde(borrow)] Printed<'a>);

#[derive(Deserialize)]
#[serde(expecting = "a change [side, price, size]")]
struct SidedLevel<'a>(#[serde(borrow)] Word<'a>, #[serde(borrow)] Printed<'a>, #[serde(borrow)] Printed<'a>);

impl Venue for Coinbase {
    fn message(&mut self, row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault> {
        let envelope: Envelope<'_> = row.parse(row.json)?;
        let kind = &*envelope.kind;
        // `last_match` is a trade from before the subscription.
        if !matches!(kind, "snapshot" | "l2update" | "match") {
            row.ignore(kind);
            return Ok(());
        }
        let symbol = row.need(envelope.product_id.as_ref(), "product_id")?;
        let Some(instrument) = row.find(market, symbol) else { return Ok(()) };
        let exch_ns = row.utc(envelope.time.as_ref())?;
        let (id, body) = match kind {
            "snapshot" => (0, Body::Snapshot(snapshot(row, market, instrument, &envelope)?)),
            "l2update" => (0, Body::Depth(update(row, market, instrument, &envelope)?)),
            _ => (row.need(envelope.trade_id, "trade_id")?, trade(row, market, instrument, &envelope)?),
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
) -> Result<Depth<'a>, Fault> {
    let mut changes = Vec::new();
    let (bids, asks) = (row.need(envelope.bids.as_ref(), "bids")?, row.need(envelope.asks.as_ref(), "asks")?);
    for (side, levels) in [(Side::Bid, bids), (Side::Ask, asks)] {
        let levels = levels.iter().map(|Level(price, size)| (price, size));
        row.changes(market.scale(instrument), side, levels, &mut changes)?;
    }
    Ok(depth(changes))
}

fn update<'a>(
    row: &mut Row<'a>,
    market: &Market,
    instrument: u16,
    envelope: &Envelope<'a>,
) -> Result<Depth<'a>, Fault> {
    let mut changes = Vec::new();
    for SidedLevel(side, price, size) in row.need(envelope.changes.as_ref(), "changes")? {
        let side = row.side(side, ["buy", "sell"])?;
        changes.push(row.change(market.scale(instrument), side, price, size)?);
    }
    Ok(depth(changes))
}

fn depth(changes: Vec<super::row::Change<'_>>) -> Depth<'_> {
    Depth { channel: "level2".into(), changes, order: Order::Unnumbered, most_levels: None, checksum: None }
}

fn trade<'a>(row: &mut Row<'a>, market: &Market, instrument: u16, envelope: &Envelope<'a>) -> Result<Body<'a>, Fault> {
    // The venue names the side of the maker.
    let maker = row.side(row.need(envelope.side.as_ref(), "side")?, ["buy", "sell"])?;
    let price = row.need(envelope.price.as_ref(), "price")?;
    let size = row.need(envelope.size.as_ref(), "size")?;
    Ok(Body::Trade(row.change(market.scale(instrument), maker.opposite(), price, size)?))
}

#[cfg(test)]
pub(super) mod tests;
