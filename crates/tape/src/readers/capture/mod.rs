//! Captures of venues' websockets: one line a message, `<seconds>: <JSON>`, with what the client sent and requested.
//!
//! | line | what it is |
//! | --- | --- |
//! | `<seconds>: <JSON>` | a message received |
//! | `<url> -> <seconds>: <JSON>` | the answer to a REST request |
//! | `<url> <- <seconds>: <JSON>` | a message sent, such as a subscription |
//! | `<url> <-> <seconds>` | a connection opened |
//! | `configuration: <JSON>` | a note of the recorder |
//!
//! The files of a capture are merged by receive time. Each venue's module says what its messages mean; what they have
//! in common is here: exact numbers as printed, whole lines or nothing, the last change of a level counts, deletes
//! first, gaps, checksums. Trades from before the capture, which some venues send at a subscription, are left out.

mod binance_futures;
mod bitget;
mod bitmex;
mod checksum;
mod coinbase;
mod deribit;
mod inputs;
mod kraken;
mod kraken_futures;
mod levels;
mod line;
mod list;
mod market;
mod printed;
mod row;
mod time;

use super::feed::{Fault, Feed};
use super::lines::MAX_LINE;
use super::ReadRequest;
use crate::{RowFault, TapeError};
use checksum::Checksum;
use inputs::{Inputs, Placed};
use line::{CaptureLine, What};
use market::Market;
use row::Row;

pub(super) use list::{BINANCE_FUTURES, BITGET, BITMEX, COINBASE, DERIBIT, KRAKEN, KRAKEN_FUTURES, OKX};

/// What takes the lines of a capture.
trait CaptureReader {
    /// Makes records of a line. A line with a fault changes nothing.
    fn line(&mut self, line: &CaptureLine<'_>, feed: &mut Feed<'_>) -> Result<(), Fault>;

    /// Hands on the records of the line.
    fn hand_on(&mut self, feed: &mut Feed<'_>) -> Result<(), TapeError>;

    /// What must hold when all was read.
    fn finish(&self) -> Result<(), TapeError>;
}

/// Reads all files of a capture.
fn run(request: &ReadRequest, feed: &mut Feed<'_>, reader: &mut dyn CaptureReader) -> Result<(), TapeError> {
    let mut inputs = Inputs::open(&request.inputs)?;
    let mut take = |placed: &Placed<'_>| {
        let outcome = match placed.text {
            Some(text) => {
                What::of(text).and_then(|what| reader.line(&CaptureLine { text, input: placed.input, what }, feed))
            }
            None => Err(Fault::at(1, RowFault::TooLong(MAX_LINE))),
        };
        feed.row_done(placed.name, placed.number, placed.bytes_done, outcome)?;
        reader.hand_on(feed)
    };
    while inputs.next(&mut take)? {}
    reader.finish()
}

/// A venue whose snapshots come on the connection itself.
trait Venue {
    /// Turns a message into `row.messages`. It changes nothing but itself, and itself only as its last step.
    fn message(&mut self, row: &mut Row<'_>, market: &mut Market) -> Result<(), Fault>;

    /// Learns from what the client sent, such as the depth of a subscription.
    fn sent(&mut self, _row: &Row<'_>) -> Result<(), Fault> {
        Ok(())
    }
}

/// Reads a capture of such a venue.
fn read_venue(
    request: &ReadRequest,
    feed: &mut Feed<'_>,
    venue: impl Venue,
    checksum: Option<Checksum>,
) -> Result<(), TapeError> {
    let mut desk = Desk { venue, market: Market::new(request, checksum)?, opened: vec![false; request.inputs.len()] };
    run(request, feed, &mut desk)
}

struct Desk<V> {
    venue: V,
    market: Market,
    /// Whether a connection was opened in that input.
    opened: Vec<bool>,
}

impl<V: Venue> CaptureReader for Desk<V> {
    fn line(&mut self, line: &CaptureLine<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        match line.what {
            What::Received { recv_ns, json } => {
                feed.in_order(recv_ns, 1)?;
                let mut row = Row::new(line.text, line.input, recv_ns, json);
                self.venue.message(&mut row, &mut self.market)?;
                self.market.check(&row)?;
                feed.check_order(recv_ns, 1)?;
                self.market.commit(row, &mut feed.report);
            }
            What::Response { recv_ns, .. } => {
                feed.check_order(recv_ns, 1)?;
                *feed.report.ignored.entry("responses".to_owned()).or_default() += 1;
            }
            What::Sent { json } => self.venue.sent(&Row::new(line.text, line.input, 0, json))?,
            What::Opened if std::mem::replace(&mut self.opened[line.input], true) => self.market.reopened(line.input),
            What::Opened | What::Note => {}
        }
        Ok(())
    }

    fn hand_on(&mut self, feed: &mut Feed<'_>) -> Result<(), TapeError> {
        feed.push(&self.market.out)?;
        self.market.out.clear();
        self.market.symbols.check()
    }

    fn finish(&self) -> Result<(), TapeError> {
        self.market.finish()
    }
}

#[cfg(test)]
mod flips;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod tests;
