use tickwright_types::{flags, Side, Tick, TickKind, NO_SIDE};

use super::Markets;
use crate::error::shown;
use crate::readers::csv::CsvRow;
use crate::readers::feed::{Fault, Feed};
use crate::readers::records::{self, Records};
use crate::readers::ReadRequest;
use crate::{RowFault, TapeError};

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    records::read(request, feed, &mut Trades { markets: Markets::new(request)?, columns: [0; 4], place: 0 })
}

/// Trades; `side` is the aggressor's. An id that is no number is replaced by the row's place in the recording, from 1.
struct Trades {
    markets: Markets,
    /// Places of id, side, price and amount.
    columns: [usize; 4],
    place: u64,
}

impl Records for Trades {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        self.markets.header(row)?;
        for (at, name) in ["id", "side", "price", "amount"].into_iter().enumerate() {
            self.columns[at] = row.column_of(&[name])?;
        }
        Ok(true)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        self.place += 1;
        let Some(base) = self.markets.record(row, TickKind::Trade, feed)? else { return Ok(()) };
        let [id, side, price, amount] = self.columns;
        let aggressor = match row.text(side) {
            "buy" => Side::Bid as u8,
            "sell" => Side::Ask as u8,
            "unknown" | "" => NO_SIDE,
            other => {
                let reason = format!("side: {:?} is none of buy, sell, unknown", shown(other, 40));
                return Err(row.fault(side, RowFault::Field(reason)));
            }
        };
        let mut off_lot = 0;
        let trade = self.markets.level(row, base, [price, amount], &mut off_lot)?;
        feed.check_order(base.recv_ns, self.markets.recv_column(row))?;
        feed.report.off_lot += off_lot;
        let id = row.text(id).parse().unwrap_or(self.place);
        feed.add(&[Tick { id, side: aggressor, flags: flags::LAST, ..trade }]);
        Ok(())
    }

    fn check(&mut self) -> Result<(), TapeError> {
        self.markets.symbols.check()
    }

    fn finish(&mut self, _: &mut Feed<'_>) -> Result<(), TapeError> {
        self.markets.symbols.finish()
    }
}
