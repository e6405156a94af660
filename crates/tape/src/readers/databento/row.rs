use dbn::{FlagSet, RecordHeader};
use tickwright_types::{flags, Side, Tick, TickKind, NO_SIDE};

use crate::readers::feed::{Fault, Feed};
use crate::readers::fixed::{decimal_text, FixedPoint};
use crate::{RowFault, NO_EXCH_TIME};

/// Fields of a record as columns of an error, from 1.
pub(super) mod column {
    pub(in super::super) const HEADER: u64 = 1;
    pub(in super::super) const TS_EVENT: u64 = 2;
    pub(in super::super) const PRICE: u64 = 3;
    pub(in super::super) const SIZE: u64 = 4;
    pub(in super::super) const ACTION: u64 = 5;
    pub(in super::super) const SIDE: u64 = 6;
    pub(in super::super) const TS_RECV: u64 = 7;
}

/// A record of one instrument that becomes ticks; one with a fault changes nothing.
pub(super) struct Row<'a, 'b> {
    pub(super) index: u16,
    pub(super) scale: &'a FixedPoint,
    pub(super) feed: &'a mut Feed<'b>,
}

impl Row<'_, '_> {
    /// A tick with the record's times, and its flags where it ends an event or the book may have a gap.
    pub(super) fn tick(&self, kind: TickKind, hd: &RecordHeader, ts_recv: u64, set: FlagSet) -> Result<Tick, Fault> {
        let recv_ns = time(ts_recv, column::TS_RECV)?;
        let exch_ns =
            if hd.ts_event == dbn::UNDEF_TIMESTAMP { NO_EXCH_TIME } else { time(hd.ts_event, column::TS_EVENT)? };
        let mut bits = if set.is_last() { flags::LAST } else { 0 };
        if set.is_maybe_bad_book() {
            bits |= flags::GAP;
        }
        Ok(Tick { recv_ns, exch_ns, instrument: self.index, flags: bits, ..Tick::of(kind) })
    }

    pub(super) fn price(&self, stored: i64) -> Result<i64, Fault> {
        if stored == dbn::UNDEF_PRICE {
            return Err(Fault::at(column::PRICE, RowFault::Field("the record has no price".to_owned())));
        }
        self.scale.price_ticks(stored).map_err(|e| Fault::at(column::PRICE, RowFault::Number(e)))
    }

    /// A size in lots, and how many lots were cut: 0 or 1.
    pub(super) fn size(&self, units: u64) -> Result<(i64, u64), Fault> {
        let (lots, cut) = self.scale.size_lots(units).map_err(|e| Fault::at(column::SIZE, RowFault::Number(e)))?;
        Ok((lots, u64::from(cut)))
    }

    /// Takes ticks that are whole and in order.
    pub(super) fn take(&mut self, ticks: &[Tick], off_lot: u64) -> Result<(), Fault> {
        let Some(first) = ticks.first() else { return Ok(()) };
        self.feed.check_order(first.recv_ns, column::TS_RECV)?;
        self.feed.report.off_lot += off_lot;
        self.feed.report.gaps += u64::from(first.flags & flags::GAP != 0);
        self.feed.add(ticks);
        Ok(())
    }
}

pub(super) fn time(ns: u64, column: u64) -> Result<i64, Fault> {
    i64::try_from(ns).map_err(|_| {
        Fault::at(column, RowFault::Time(format!("{ns} is no time in ns since the Unix epoch before the year 2262")))
    })
}

/// Bid or buyer, ask or seller, or none.
pub(super) fn side(stored: std::ffi::c_char) -> Result<u8, Fault> {
    match stored as u8 {
        b'B' => Ok(Side::Bid as u8),
        b'A' => Ok(Side::Ask as u8),
        b'N' => Ok(NO_SIDE),
        other => Err(unknown("side", other, "A, B and N", column::SIDE)),
    }
}

pub(super) fn book_side(stored: std::ffi::c_char) -> Result<u8, Fault> {
    match side(stored)? {
        NO_SIDE => Err(Fault::at(column::SIDE, RowFault::Event("an order needs a side, A or B".to_owned()))),
        side => Ok(side),
    }
}

pub(super) fn unknown(what: &str, stored: u8, known: &str, column: u64) -> Fault {
    let given = char::from(stored).escape_debug();
    Fault::at(column, RowFault::Event(format!("{what} '{given}' is not known, there are {known}")))
}

/// A price in a message.
pub(super) fn shown_price(stored: i64) -> String {
    decimal_text(stored, super::DECIMALS)
}
