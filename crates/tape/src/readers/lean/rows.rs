use tickwright_types::{flags, Side, Tick, TickKind, NO_SIDE};

use super::{Files, QUOTE_SIZE};
use crate::readers::bars::Bar;
use crate::readers::csv::CsvRow;
use crate::readers::feed::{Fault, Feed};
use crate::readers::times::BarLength;
use crate::RowFault;

/// Fields of a bar of trades, and of one of quotes.
const TRADE_BAR: usize = 6;
const QUOTE_BAR: usize = 11;

impl Files {
    /// `ms,price,size` and more; who was the aggressor is not recorded.
    pub(super) fn trade(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        row.expect_len(&[3, 4, 6])?;
        let mut off_lot = 0;
        let at_ns = self.time_ns(row)?;
        let price_ticks = self.price(row, 1)?;
        let size_lots = self.size(row, 2, &mut off_lot)?;
        feed.check_order(at_ns, row.column(0))?;
        feed.report.off_lot += off_lot;
        let trade = Tick { price_ticks, size_lots, flags: flags::LAST, ..Tick::of(TickKind::Trade) };
        let trade = self.tick(trade, at_ns);
        feed.add(&[trade]);
        Ok(())
    }

    /// `ms,bid,ask`, or `ms,bid,bidSize,ask,askSize` and more.
    pub(super) fn quote(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        row.expect_len(&[3, 5, 6, 8])?;
        let places = if row.len() == 3 { [(1, None), (2, None)] } else { [(1, Some(2)), (3, Some(4))] };
        let (at_ns, mut off_lot, mut sides) = (self.time_ns(row)?, 0, Vec::with_capacity(2));
        for (side, (price, size)) in [Side::Bid, Side::Ask].into_iter().zip(places) {
            if matches!(row.text(price), "0" | "") {
                continue;
            }
            let price_ticks = self.price(row, price)?;
            let size_lots = match (size, self.quote_lots) {
                (Some(size), _) => self.size(row, size, &mut off_lot)?,
                (None, Some(lots)) => lots,
                (None, None) => {
                    self.lacks = Some(&QUOTE_SIZE);
                    return Ok(());
                }
            };
            sides.push(Tick { price_ticks, size_lots, side: side as u8, ..Tick::of(TickKind::Quote) });
        }
        feed.check_order(at_ns, row.column(0))?;
        feed.report.off_lot += off_lot;
        let Some(last) = sides.last_mut() else {
            feed.ignore("quotes without a price");
            return Ok(());
        };
        last.flags = flags::LAST;
        for side in sides {
            let tick = self.tick(side, at_ns);
            feed.add(&[tick]);
        }
        Ok(())
    }

    /// `time,open,high,low,close,volume`, or the same of bid and ask, each with its last size.
    pub(super) fn bar(
        &mut self,
        row: CsvRow<'_>,
        length: BarLength,
        is_quote: Option<bool>,
        feed: &mut Feed<'_>,
    ) -> Result<(), Fault> {
        match is_quote {
            Some(true) => row.expect_len(&[QUOTE_BAR])?,
            Some(false) => row.expect_len(&[TRADE_BAR])?,
            None => row.expect_len(&[TRADE_BAR, QUOTE_BAR])?,
        }
        let sides: &[(u8, usize)] =
            if row.len() == TRADE_BAR { &[(NO_SIDE, 1)] } else { &[(Side::Bid as u8, 1), (Side::Ask as u8, 6)] };
        let (open_ns, mut off_lot, mut bars) = (self.time_ns(row)?, 0, Vec::with_capacity(2));
        for &(side, first) in sides {
            if (first..first + 4).all(|at| row.text(at).is_empty()) {
                continue;
            }
            let mut bar = Bar { prices: [0; 4], volume_lots: 0 };
            for (at, ticks) in bar.prices.iter_mut().enumerate() {
                *ticks = self.price(row, first + at)?;
            }
            bar.check(row.column(first + 1))?;
            bar.volume_lots = self.size(row, first + 4, &mut off_lot)?;
            bars.push((side, bar));
        }
        if bars.is_empty() {
            return Err(row.fault(1, RowFault::Field("the bar has no prices".to_owned())));
        }
        let close_ns = self.ends.check(open_ns, length, row.column(0))?;
        feed.check_order(close_ns, row.column(0))?;
        self.ends.remember(close_ns);
        feed.report.off_lot += off_lot;
        for (side, bar) in bars {
            feed.add(&bar.records(close_ns, length, side));
        }
        Ok(())
    }
}
