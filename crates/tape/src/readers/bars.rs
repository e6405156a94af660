//! What the readers of bars share: a bar's four records.

use tickwright_types::{flags, Tick, TickKind};

use super::feed::Fault;
use super::times::BarLength;
use crate::RowFault;

/// Open, high, low and close in ticks, and the volume in lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) prices: [i64; 4],
    pub(super) volume_lots: i64,
}

impl Bar {
    /// Checks that no price lies above the high or below the low; `column` is that of the high.
    pub(super) fn check(&self, column: u64) -> Result<(), Fault> {
        let [open, high, low, close] = self.prices;
        if high >= open.max(close) && low <= open.min(close) {
            return Ok(());
        }
        let reason = "open or close lies above the high or below the low: are the columns in order?";
        Err(Fault::at(column, RowFault::Field(reason.to_owned())))
    }

    /// The records of a bar that closed at `close_ns`: only then is it known, so all of them have this time. Volume is
    /// on the close, for how it came to be is not known.
    pub(super) fn records(&self, close_ns: i64, length: BarLength, side: u8) -> [Tick; 4] {
        let kinds = [TickKind::BarOpen, TickKind::BarHigh, TickKind::BarLow, TickKind::BarClose];
        let mut ticks = std::array::from_fn(|at| Tick {
            recv_ns: close_ns,
            exch_ns: close_ns,
            price_ticks: self.prices[at],
            id: length.0 as u64,
            side,
            ..Tick::of(kinds[at])
        });
        ticks[3].size_lots = self.volume_lots;
        ticks[3].flags = flags::LAST;
        ticks
    }
}

/// Checks that bars follow each other without overlap.
#[derive(Default)]
pub(super) struct Ends(Option<i64>);

/// How much shorter a day may be where clocks are turned.
const TURNED_NS: i64 = 3_600_000_000_000;
const DAY_NS: i64 = 24 * TURNED_NS;

impl Ends {
    /// A bar that opened at `open_ns`; `column` is that of its time. Remembered once `Ok`.
    pub(super) fn check(&mut self, open_ns: i64, length: BarLength, column: u64) -> Result<i64, Fault> {
        let slack = if length.0 % DAY_NS == 0 { TURNED_NS } else { 0 };
        if self.0.is_some_and(|end| open_ns < end - slack) {
            let reason = "the bar begins before the one before it has ended: is --bar right, are the rows in order?";
            return Err(Fault::at(column, RowFault::Time(reason.to_owned())));
        }
        let end = open_ns.checked_add(length.0);
        end.ok_or_else(|| Fault::at(column, RowFault::Time("the bar ends after the year 2262".to_owned())))
    }

    pub(super) fn remember(&mut self, close_ns: i64) {
        self.0 = Some(close_ns);
    }
}
