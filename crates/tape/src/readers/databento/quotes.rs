use dbn::{BidAskPair, Mbp1Msg, TradeMsg};
use tickwright_types::{flags, Side, Tick, TickKind};

use super::row::{column, side, unknown, Row};
use crate::readers::feed::Fault;

impl Row<'_, '_> {
    /// A record of mbp-1: the best quote after a change, or a trade.
    pub(super) fn quote(&mut self, msg: &Mbp1Msg) -> Result<(), Fault> {
        match msg.action as u8 {
            b'A' | b'C' | b'M' | b'R' => {}
            b'T' => {
                let tick = self.tick(TickKind::Trade, &msg.hd, msg.ts_recv, msg.flags)?;
                return self.traded(tick, msg.price, msg.size, msg.side, msg.sequence);
            }
            other => return Err(unknown("action", other, "A, C, M, R and T", column::ACTION)),
        }
        let tick = Tick { id: u64::from(msg.sequence), ..self.tick(TickKind::Quote, &msg.hd, msg.ts_recv, msg.flags)? };
        let BidAskPair { bid_px, ask_px, bid_sz, ask_sz, .. } = msg.levels[0];
        let (bid, cut_bid) = self.best(tick, Side::Bid, bid_px, bid_sz)?;
        let (ask, cut_ask) = self.best(tick, Side::Ask, ask_px, ask_sz)?;
        // A quote is whole with its second record; a gap is noted at its first.
        let bid = Tick { flags: bid.flags & !flags::LAST, ..bid };
        let ask = Tick { flags: ask.flags & !flags::GAP, ..ask };
        self.take(&[bid, ask], cut_bid + cut_ask)
    }

    /// A record of the schema trades, which has nothing else: each ends a message.
    pub(super) fn trade(&mut self, msg: &TradeMsg) -> Result<(), Fault> {
        let tick = self.tick(TickKind::Trade, &msg.hd, msg.ts_recv, msg.flags)?;
        let tick = Tick { flags: tick.flags | flags::LAST, ..tick };
        self.traded(tick, msg.price, msg.size, msg.side, msg.sequence)
    }

    fn traded(
        &mut self,
        tick: Tick,
        price: i64,
        size: u32,
        aggressor: std::ffi::c_char,
        sequence: u32,
    ) -> Result<(), Fault> {
        let (size_lots, off_lot) = self.size(u64::from(size))?;
        let (price_ticks, side) = (self.price(price)?, side(aggressor)?);
        self.take(&[Tick { price_ticks, size_lots, side, id: u64::from(sequence), ..tick }], off_lot)
    }

    /// A side without a price is empty.
    fn best(&self, tick: Tick, side: Side, price: i64, size: u32) -> Result<(Tick, u64), Fault> {
        let side = side as u8;
        if price == dbn::UNDEF_PRICE {
            return Ok((Tick { side, ..tick }, 0));
        }
        let (size_lots, off_lot) = self.size(u64::from(size))?;
        Ok((Tick { price_ticks: self.price(price)?, size_lots, side, ..tick }, off_lot))
    }
}
