//! Kraken spot: websocket v1 (arrays) and v2 (objects), each with its own rules for the depth of a subscription.

mod v1;
mod v2;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::checksum::Checksum;
use super::market::Market;
use super::printed::Word;
use super::row::Row;
use super::{read_venue, Venue};
use crate::readers::feed::{Fault, Feed};
use crate::readers::ReadRequest;
use crate::TapeError;

/// Levels a side where a subscription names no depth.
const DEFAULT_DEPTH: usize = 10;

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    read_venue(request, feed, Kraken::default(), Some(Checksum::Kraken))
}

#[derive(Default)]
struct Kraken {
    /// Depth of the v2 books by symbol, as subscribed or acknowledged: their messages do not say it.
    depths: BTreeMap<String, usize>,
}

/// Everything that is an object: v2 messages, and the events of v1.
#[derive(Deserialize)]
#[serde(expecting = "a message")]
struct Envelope<'a> {
    #[serde(borrow)]
    channel: Option<Word<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Word<'a>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<Word<'a>>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    event: Option<Word<'a>>,
}

impl Venue for Kraken {
    fn message(&mut self, row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault> {
        if row.json.starts_with('[') {
            return v1::message(row, market);
        }
        let envelope: Envelope<'_> = row.parse(row.json)?;
        match &envelope {
            Envelope { channel: Some(channel), .. } => v2::message(row, market, channel, &envelope, &self.depths),
            Envelope { method: Some(method), result, .. } => {
                row.ignore(method);
                self.learn(row, method, *result)
            }
            Envelope { event: Some(event), .. } => {
                row.ignore(event);
                Ok(())
            }
            _ => Err(row.field(row.json, "neither a v1 array, nor a v2 channel or method, nor an event")),
        }
    }

    fn sent(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let envelope: Envelope<'_> = row.parse(row.json)?;
        match &envelope.method {
            Some(method) => self.learn(row, method, envelope.params),
            None => Ok(()),
        }
    }
}

impl Kraken {
    /// The acknowledgement names one symbol and the depth, the request several symbols and perhaps no depth.
    fn learn<'a>(&mut self, row: &Row<'a>, method: &str, subscription: Option<&'a RawValue>) -> Result<(), Fault> {
        #[derive(Deserialize)]
        #[serde(expecting = "a subscription")]
        struct Subscription<'a> {
            #[serde(borrow)]
            channel: Option<Word<'a>>,
            #[serde(borrow)]
            symbol: Option<&'a RawValue>,
            depth: Option<usize>,
        }
        let Some(subscription) = subscription.filter(|_| method == "subscribe") else { return Ok(()) };
        let subscription: Subscription<'a> = row.parse(subscription.get())?;
        let (Some(channel), Some(symbol)) = (subscription.channel, subscription.symbol) else { return Ok(()) };
        if &*channel != "book" {
            return Ok(());
        }
        let symbols: Vec<Word<'a>> =
            if symbol.get().starts_with('[') { row.parse(symbol.get())? } else { vec![row.parse(symbol.get())?] };
        let depth = subscription.depth.unwrap_or(DEFAULT_DEPTH);
        self.depths.extend(symbols.iter().map(|symbol| (symbol.to_string(), depth)));
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests;
