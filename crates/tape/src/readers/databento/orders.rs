use dbn::MboMsg;
use tickwright_types::{flags, Tick, TickKind};

use super::row::{book_side, column, side, unknown, Row};
use crate::readers::feed::Fault;

impl Row<'_, '_> {
    /// A record of mbo: an order's event, a trade or a clearing of the book.
    pub(super) fn order(&mut self, msg: &MboMsg) -> Result<(), Fault> {
        let kind = match msg.action as u8 {
            b'A' => TickKind::OrderAdd,
            b'M' => TickKind::OrderModify,
            b'C' => TickKind::OrderCancel,
            b'F' => TickKind::OrderExecute,
            b'T' => TickKind::Trade,
            b'R' => TickKind::BookClear,
            b'N' => {
                self.feed.ignore("records without an effect");
                return Ok(());
            }
            other => return Err(unknown("action", other, "A, C, F, M, N, R and T", column::ACTION)),
        };
        let mut tick = self.tick(kind, &msg.hd, msg.ts_recv, msg.flags)?;
        if kind == TickKind::BookClear {
            tick.id = u64::from(msg.sequence);
            return self.take(&[tick], 0);
        }
        let (size_lots, off_lot) = self.size(u64::from(msg.size))?;
        let price_ticks = self.price(msg.price)?;
        tick = Tick { price_ticks, size_lots, id: msg.order_id, ..tick };
        match kind {
            TickKind::Trade => {
                tick.side = side(msg.side)?;
                tick.id = u64::from(msg.sequence);
            }
            // At an auction some fills are of no side.
            TickKind::OrderExecute => {
                tick.side = side(msg.side)?;
                tick.flags |= flags::REPORT;
            }
            _ => tick.side = book_side(msg.side)?,
        }
        self.take(&[tick], off_lot)
    }
}
