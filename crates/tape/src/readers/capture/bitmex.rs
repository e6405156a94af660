//! `BitMEX`: `orderBookL2` (levels known by an id), trades and quotes. The messages have no numbers: a change of an
//! unknown level shows that one was lost.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use tickwright_types::Side;

use super::market::Market;
use super::printed::{Printed, Word};
use super::row::{Body, Change, Depth, Message, Order, Row};
use super::{read_venue, Venue};
use crate::readers::feed::{Fault, Feed};
use crate::readers::scale::Scale;
use crate::readers::ReadRequest;
use crate::TapeError;

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    read_venue(request, feed, Bitmex::default(), None)
}

/// The levels of a table's instrument by their id.
type Ids = BTreeMap<u64, (Side, i64)>;

/// The levels of an instrument and what a message changes of them, which counts once the whole message is good.
struct Staged<'b, 'a> {
    before: Option<&'b Ids>,
    edits: Vec<(u64, Option<(Side, i64)>)>,
    message: Message<'a>,
}

impl Staged<'_, '_> {
    fn find(&self, id: u64) -> Option<(Side, i64)> {
        let edited = self.edits.iter().rev().find(|(edited, _)| *edited == id);
        edited.map_or_else(|| self.before?.get(&id).copied(), |(_, level)| *level)
    }
}

#[derive(Default)]
struct Bitmex {
    levels: BTreeMap<(String, u16), Ids>,
}

#[derive(Deserialize)]
#[serde(expecting = "a message")]
struct Envelope<'a> {
    #[serde(borrow)]
    table: Option<Word<'a>>,
    #[serde(borrow)]
    action: Option<Word<'a>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a level or trade")]
struct Item<'a> {
    #[serde(borrow)]
    symbol: Word<'a>,
    id: Option<u64>,
    #[serde(borrow)]
    side: Option<Word<'a>>,
    #[serde(borrow)]
    size: Option<Printed<'a>>,
    #[serde(borrow)]
    price: Option<Printed<'a>>,
    #[serde(borrow)]
    timestamp: Option<Word<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a quote")]
struct Quote<'a> {
    #[serde(borrow)]
    timestamp: Word<'a>,
    #[serde(borrow)]
    symbol: Word<'a>,
    #[serde(borrow, rename = "bidPrice")]
    bid: Option<Printed<'a>>,
    #[serde(borrow, rename = "bidSize")]
    bid_size: Option<Printed<'a>>,
    #[serde(borrow, rename = "askPrice")]
    ask: Option<Printed<'a>>,
    #[serde(borrow, rename = "askSize")]
    ask_size: Option<Printed<'a>>,
}

impl Venue for Bitmex {
    fn message(&mut self, row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault> {
        let envelope: Envelope<'_> = row.parse(row.json)?;
        let Some(table) = &envelope.table else {
            row.ignore("messages without table");
            return Ok(());
        };
        let action = &**row.need(envelope.action.as_ref(), "action")?;
        let data = row.need(envelope.data, "data")?.get();
        match (&**table, action) {
            ("orderBookL2" | "orderBookL2_25", _) => self.books(row, market, table, action, data),
            ("trade", "insert") => trades(row, market, data),
            // Trades from before the subscription.
            ("trade", _) => {
                row.ignore("trade snapshots");
                Ok(())
            }
            ("quote", "partial" | "insert") => quotes(row, market, data),
            (other, _) => {
                row.ignore(other);
                Ok(())
            }
        }
    }
}

impl Bitmex {
    fn books<'a>(
        &mut self,
        row: &mut Row<'a>,
        market: &mut Market,
        table: &Word<'a>,
        action: &str,
        data: &'a str,
    ) -> Result<(), Fault> {
        if !matches!(action, "partial" | "insert" | "update" | "delete") {
            return Err(row.field(action, "\"action\" is none of partial, insert, update and delete"));
        }
        let mut staged: BTreeMap<u16, Staged<'_, 'a>> = BTreeMap::new();
        let items: Vec<Item<'a>> = row.parse(data)?;
        for item in items {
            let Some(instrument) = row.find(market, &item.symbol) else { continue };
            let staged = staged.entry(instrument).or_insert_with(|| {
                let before = self.levels.get(&(table.to_string(), instrument)).filter(|_| action != "partial");
                Staged { before, edits: Vec::new(), message: empty(instrument, table, action) }
            });
            staged.message.exch_ns = staged.message.exch_ns.max(row.utc(item.timestamp.as_ref())?);
            let (change, order) = changes(row, market.scale(instrument), action, &item, staged)?;
            let (Body::Snapshot(depth) | Body::Depth(depth)) = &mut staged.message.body else { continue };
            depth.changes.extend(change);
            depth.order = if order == Order::Broken { order } else { depth.order };
        }
        let done: Vec<_> = staged.into_iter().map(|(index, staged)| (index, staged.edits, staged.message)).collect();
        for (instrument, edits, message) in done {
            let levels = self.levels.entry((table.to_string(), instrument)).or_default();
            if action == "partial" {
                levels.clear();
            }
            for (id, level) in edits {
                match level {
                    Some(level) => levels.insert(id, level),
                    None => levels.remove(&id),
                };
            }
            row.messages.push(message);
        }
        Ok(())
    }
}

fn empty<'a>(instrument: u16, table: &Word<'a>, action: &str) -> Message<'a> {
    let channel = table.0.clone();
    let depth = Depth { channel, changes: Vec::new(), order: Order::Unnumbered, most_levels: None, checksum: None };
    let body = if action == "partial" { Body::Snapshot(depth) } else { Body::Depth(depth) };
    Message { instrument, exch_ns: None, id: 0, body }
}

/// The changes that an item makes, and whether it speaks of a level that is not known.
fn changes<'a>(
    row: &mut Row<'a>,
    scale: &Scale,
    action: &str,
    item: &Item<'a>,
    staged: &mut Staged<'_, 'a>,
) -> Result<(Vec<Change<'a>>, Order), Fault> {
    let id = row.need(item.id, "id")?;
    let side = row.side(row.need(item.side.as_ref(), "side")?, ["Buy", "Sell"])?;
    if matches!(action, "partial" | "insert") {
        let (price, size) = (row.need(item.price.as_ref(), "price")?, row.need(item.size.as_ref(), "size")?);
        let change = row.change(scale, side, price, size)?;
        staged.edits.push((id, Some((side, change.price_ticks))));
        return Ok((vec![change], Order::Unnumbered));
    }
    let Some((old_side, price_ticks)) = staged.find(id) else { return Ok((Vec::new(), Order::Broken)) };
    let gone = Change { side: old_side, price_ticks, size_lots: 0, deletes: true, price: "".into(), size: "0".into() };
    if action == "delete" {
        staged.edits.push((id, None));
        return Ok((vec![gone], Order::Unnumbered));
    }
    staged.edits.push((id, Some((side, price_ticks))));
    let (size_lots, deletes) = row.size(scale, row.need(item.size.as_ref(), "size")?)?;
    let moved = (old_side != side).then(|| gone.clone());
    let now = Change { side, size_lots, deletes, ..gone };
    Ok((moved.into_iter().chain([now]).collect(), Order::Unnumbered))
}

fn trades<'a>(row: &mut Row<'a>, market: &mut Market, data: &'a str) -> Result<(), Fault> {
    let items: Vec<Item<'a>> = row.parse(data)?;
    for item in items {
        let Some(instrument) = row.find(market, &item.symbol) else { continue };
        let side = row.side(row.need(item.side.as_ref(), "side")?, ["Buy", "Sell"])?;
        let (price, size) = (row.need(item.price.as_ref(), "price")?, row.need(item.size.as_ref(), "size")?);
        let body = Body::Trade(row.change(market.scale(instrument), side, price, size)?);
        let exch_ns = row.utc(item.timestamp.as_ref())?;
        row.messages.push(Message { instrument, exch_ns, id: 0, body });
    }
    Ok(())
}

fn quotes<'a>(row: &mut Row<'a>, market: &mut Market, data: &'a str) -> Result<(), Fault> {
    let quotes: Vec<Quote<'a>> = row.parse(data)?;
    for quote in quotes {
        let Some(instrument) = row.find(market, &quote.symbol) else { continue };
        let mut side = |side, price: &Option<Printed<'a>>, size: &Option<Printed<'a>>| match (price, size) {
            (Some(price), Some(size)) => row.change(market.scale(instrument), side, price, size),
            _ => Ok(Change { side, price_ticks: 0, size_lots: 0, deletes: true, price: "".into(), size: "0".into() }),
        };
        let bid = side(Side::Bid, &quote.bid, &quote.bid_size)?;
        let ask = side(Side::Ask, &quote.ask, &quote.ask_size)?;
        let exch_ns = row.utc(Some(&quote.timestamp))?;
        row.messages.push(Message { instrument, exch_ns, id: 0, body: Body::Quote([bid, ask]) });
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests;
