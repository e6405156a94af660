use dbn::{rtype, FlagSet, OhlcvMsg};
use tickwright_types::{flags, Tick, TickKind};

use super::row::{column, shown_price, Row};
use crate::readers::feed::Fault;
use crate::RowFault;

const SECOND_NS: u64 = 1_000_000_000;

impl Row<'_, '_> {
    /// A bar, whose time in the file is that of its open; its four records come when it closes, for it is not known
    /// before.
    pub(super) fn bar(&mut self, msg: &OhlcvMsg) -> Result<(), Fault> {
        let length_ns = match msg.hd.rtype {
            rtype::OHLCV_1S => SECOND_NS,
            rtype::OHLCV_1M => 60 * SECOND_NS,
            rtype::OHLCV_1H => 3_600 * SECOND_NS,
            rtype::OHLCV_1D => 86_400 * SECOND_NS,
            _ => {
                self.feed.ignore("bars of no fixed length");
                return Ok(());
            }
        };
        if msg.low > msg.open.min(msg.close) || msg.high < msg.open.max(msg.close) {
            let [open, high, low, close] = [msg.open, msg.high, msg.low, msg.close].map(shown_price);
            let reason = format!("the bar's open {open} or close {close} lies outside of {low} to {high}");
            return Err(Fault::at(column::PRICE, RowFault::Field(reason)));
        }
        let closed_ns = msg.hd.ts_event.saturating_add(length_ns);
        let base = self.tick(TickKind::BarOpen, &msg.hd, closed_ns, FlagSet::empty())?;
        let (volume, off_lot) = self.size(msg.volume)?;
        let part = |kind: TickKind, stored: i64| {
            let price_ticks = self.price(stored)?;
            Ok(Tick { exch_ns: base.recv_ns, price_ticks, id: length_ns, kind: kind as u8, ..base })
        };
        let close = part(TickKind::BarClose, msg.close)?;
        let ticks = [
            part(TickKind::BarOpen, msg.open)?,
            part(TickKind::BarHigh, msg.high)?,
            part(TickKind::BarLow, msg.low)?,
            Tick { size_lots: volume, flags: flags::LAST, ..close },
        ];
        self.take(&ticks, off_lot)
    }
}
