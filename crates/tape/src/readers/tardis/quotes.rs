use tickwright_types::{flags, Side, Tick, TickKind};

use super::Markets;
use crate::readers::csv::CsvRow;
use crate::readers::feed::{Fault, Feed};
use crate::readers::records::{self, Records};
use crate::readers::ReadRequest;
use crate::TapeError;

pub(in crate::readers) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    records::read(request, feed, &mut Quotes { markets: Markets::new(request)?, columns: [[0; 2]; 2] })
}

/// Best quotes. A side without price and amount is empty: its record has size 0.
struct Quotes {
    markets: Markets,
    /// Places of price and amount of the bid and of the ask.
    columns: [[usize; 2]; 2],
}

impl Records for Quotes {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        self.markets.header(row)?;
        let place = |name: &str| row.column_of(&[name]);
        self.columns = [[place("bid_price")?, place("bid_amount")?], [place("ask_price")?, place("ask_amount")?]];
        Ok(true)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let Some(base) = self.markets.record(row, TickKind::Quote, feed)? else { return Ok(()) };
        let mut off_lot = 0;
        let mut quote = [base; 2];
        for side in [Side::Bid, Side::Ask] {
            let columns = self.columns[side.index()];
            let is_empty = columns.iter().all(|&at| row.text(at).is_empty());
            let tick = if is_empty { base } else { self.markets.level(row, base, columns, &mut off_lot)? };
            quote[side.index()] = Tick { side: side as u8, ..tick };
        }
        quote[1].flags = flags::LAST;
        feed.check_order(base.recv_ns, self.markets.recv_column(row))?;
        feed.report.off_lot += off_lot;
        feed.add(&quote);
        Ok(())
    }

    fn check(&mut self) -> Result<(), TapeError> {
        self.markets.symbols.check()
    }

    fn finish(&mut self, _: &mut Feed<'_>) -> Result<(), TapeError> {
        self.markets.symbols.finish()
    }
}
