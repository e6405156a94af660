//! Binance USD-M and COIN-M futures: the messages and rules of `binance-raw` in the lines of a capture. Each
//! instrument's snapshot is the answer to its own request, which names the symbol.

use super::{run, CaptureLine, CaptureReader, What};
use crate::readers::binance_raw::Recording;
use crate::readers::feed::{Fault, Feed};
use crate::readers::ReadRequest;
use crate::{RowFault, TapeError};

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    run(request, feed, &mut BinanceFutures(Recording::of_capture(request)?))
}

struct BinanceFutures(Recording);

impl CaptureReader for BinanceFutures {
    fn line(&mut self, line: &CaptureLine<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        match line.what {
            What::Received { recv_ns, json } => self.0.message(line.text, recv_ns, json, None, feed),
            What::Response { url, recv_ns, json } if path(url).ends_with("/depth") => {
                let symbol = parameter(url, "symbol").ok_or_else(|| {
                    Fault::at(1, RowFault::Field("the request names no symbol: …/depth?symbol=…".to_owned()))
                })?;
                self.0.message(line.text, recv_ns, json, Some(symbol), feed)
            }
            What::Response { recv_ns, .. } => {
                feed.check_order(recv_ns, 1)?;
                *feed.report.ignored.entry("responses".to_owned()).or_default() += 1;
                Ok(())
            }
            What::Sent { .. } | What::Opened | What::Note => Ok(()),
        }
    }

    fn hand_on(&mut self, feed: &mut Feed<'_>) -> Result<(), TapeError> {
        self.0.hand_on(feed)
    }

    fn finish(&self) -> Result<(), TapeError> {
        self.0.finish()
    }
}

fn path(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
pub(super) mod tests;
