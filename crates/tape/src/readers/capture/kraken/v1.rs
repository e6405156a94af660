use serde::de::IgnoredAny;
use serde::Deserialize;
use serde_json::value::RawValue;
use tickwright_types::Side;

use super::DEFAULT_DEPTH;
use crate::readers::capture::market::Market;
use crate::readers::capture::printed::{Printed, Word};
use crate::readers::capture::row::{Body, Change, Depth, Message, Order, Row};
use crate::readers::feed::Fault;

/// One part of a book message: a snapshot has `as` and `bs`, an update `a`, `b` or both in two parts, and `c` in the
/// last one.
#[derive(Deserialize)]
#[serde(expecting = "an object of levels")]
struct Part<'a> {
    #[serde(borrow, rename = "as")]
    all_asks: Option<Vec<Level<'a>>>,
    #[serde(borrow, rename = "bs")]
    all_bids: Option<Vec<Level<'a>>>,
    #[serde(borrow, rename = "a")]
    asks: Option<Vec<Level<'a>>>,
    #[serde(borrow, rename = "b")]
    bids: Option<Vec<Level<'a>>>,
    #[serde(borrow, rename = "c")]
    checksum: Option<Printed<'a>>,
}

/// Price, volume, time, and perhaps `r` where a level comes back into the subscribed depth.
#[derive(Deserialize)]
#[serde(expecting = "a level [price, volume, time]")]
struct Level<'a>(
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow, default)] Option<Word<'a>>,
);

/// Price, volume, time, side of the aggressor, order type, miscellaneous.
#[derive(Deserialize)]
#[serde(expecting = "a trade [price, volume, time, side, order type, miscellaneous]")]
struct Trade<'a>(
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Printed<'a>,
    #[serde(borrow)] Word<'a>,
    IgnoredAny,
    IgnoredAny,
);

/// `[channel id, part, …, channel name, pair]`.
pub(super) fn message(row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault> {
    let all: Vec<&RawValue> = row.parse(row.json)?;
    let [_, parts @ .., name, pair] = all.as_slice() else {
        return Err(row.field(row.json, "a message is [channel id, data, channel name, pair]"));
    };
    let (name, pair): (Word<'_>, Word<'_>) = (row.parse(name.get())?, row.parse(pair.get())?);
    let (kind, depth) = name.split_once('-').unwrap_or((&name, ""));
    if !matches!(kind, "book" | "trade") {
        row.ignore(&name);
        return Ok(());
    }
    let Some(instrument) = row.find(market, &pair) else { return Ok(()) };
    if kind == "trade" {
        return trades(row, market, instrument, parts);
    }
    let most = match depth {
        "" => DEFAULT_DEPTH,
        depth => depth.parse().map_err(|_| row.field(&name, "a book's name is book or book-<depth>"))?,
    };
    book(row, market, instrument, parts, name, most)
}

fn trades<'a>(row: &mut Row<'a>, market: &Market, instrument: u16, parts: &[&'a RawValue]) -> Result<(), Fault> {
    for part in parts {
        let trades: Vec<Trade<'a>> = row.parse(part.get())?;
        for Trade(price, size, time, side, _, _) in &trades {
            let exch_ns = Some(row.seconds(time)?);
            let side = row.side(side, ["b", "s"])?;
            let body = Body::Trade(row.change(market.scale(instrument), side, price, size)?);
            row.messages.push(Message { instrument, exch_ns, id: 0, body });
        }
    }
    Ok(())
}

fn book<'a>(
    row: &mut Row<'a>,
    market: &Market,
    instrument: u16,
    parts: &[&'a RawValue],
    name: Word<'a>,
    most: usize,
) -> Result<(), Fault> {
    let (mut changes, mut exch_ns, mut checksum, mut whole) = (Vec::new(), None, None, false);
    for part in parts {
        let part: Part<'a> = row.parse(part.get())?;
        whole |= part.all_asks.is_some() || part.all_bids.is_some();
        for (side, levels) in
            [(Side::Ask, &part.all_asks), (Side::Bid, &part.all_bids), (Side::Ask, &part.asks), (Side::Bid, &part.bids)]
        {
            for level in levels.iter().flatten() {
                changes.push(change(row, market, instrument, side, level)?);
                exch_ns = exch_ns.max(Some(row.seconds(&level.2)?));
            }
        }
        if let Some(stated) = part.checksum {
            let stated = stated.text().parse().map_err(|_| row.field(stated.raw(), "the checksum has 32 bits"))?;
            checksum = Some(stated);
        }
    }
    let depth = Depth { channel: name.0, changes, order: Order::Unnumbered, most_levels: Some(most), checksum };
    let body = if whole { Body::Snapshot(depth) } else { Body::Depth(depth) };
    row.messages.push(Message { instrument, exch_ns, id: 0, body });
    Ok(())
}

fn change<'a>(
    row: &mut Row<'a>,
    market: &Market,
    instrument: u16,
    side: Side,
    Level(price, size, _, again): &Level<'a>,
) -> Result<Change<'a>, Fault> {
    if let Some(word) = again.as_ref().filter(|word| &***word != "r") {
        return Err(row.field(word, "a level has price, volume, time and perhaps \"r\""));
    }
    row.change(market.scale(instrument), side, price, size)
}
