use tickwright_types::Side;

use super::orders::{Action, OrderEvent, Orders};
use crate::error::shown;
use crate::readers::csv::CsvRow;
use crate::readers::feed::{Fault, Feed};
use crate::readers::fixed::decimal_text;
use crate::readers::records::{self, Records};
use crate::readers::scale::Scale;
use crate::readers::symbols::only_instrument;
use crate::readers::times::TimeUnit;
use crate::readers::ReadRequest;
use crate::{RowFault, TapeError, NO_EXCH_TIME};

/// Columns, in the order of [`Rows::columns`].
const NAMES: [&str; 7] = ["id", "timestamp", "exchange.timestamp", "price", "volume", "action", "direction"];
const ID: usize = 0;
const RECEIVED: usize = 1;
const EXCHANGE: usize = 2;
const PRICE: usize = 3;
const VOLUME: usize = 4;
const ACTION: usize = 5;
const DIRECTION: usize = 6;

/// Digits after the dot of a volume, which is stored without it.
const VOLUME_DECIMALS: u32 = 8;

pub(in crate::readers) fn read_orders(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let scale = Scale::new(only_instrument(request)?);
    records::read(request, feed, &mut Rows { scale, orders: Orders::default(), columns: [0; NAMES.len()] })
}

struct Rows {
    scale: Scale,
    orders: Orders,
    /// Where each of [`NAMES`] stands.
    columns: [usize; NAMES.len()],
}

impl Rows {
    fn event(&self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<OrderEvent, Fault> {
        let at = |name: usize| self.columns[name];
        let text = |name: usize| row.text(at(name));
        let unknown = |name: usize, allowed: &str| {
            let reason = format!("{} {:?} is not one of {allowed}", NAMES[name], shown(text(name), 40));
            row.fault(at(name), RowFault::Field(reason))
        };
        let time = |name: usize| TimeUnit::Millis.epoch_ns(text(name)).map_err(|fault| row.fault(at(name), fault));
        let action = match text(ACTION) {
            "created" => Action::Created,
            "changed" => Action::Changed,
            "deleted" => Action::Deleted,
            _ => return Err(unknown(ACTION, "created, changed and deleted")),
        };
        let side = match text(DIRECTION) {
            "bid" => Side::Bid,
            "ask" => Side::Ask,
            _ => return Err(unknown(DIRECTION, "bid and ask")),
        };
        let volume = i64::try_from(row.number(at(VOLUME), "volume")?).unwrap_or(i64::MAX);
        let mut off_lot = 0;
        let left_lots =
            self.scale.size(&decimal_text(volume, VOLUME_DECIMALS), row.column(at(VOLUME)), &mut off_lot)?;
        let exch_ns = time(EXCHANGE)?;
        let event = OrderEvent {
            action,
            side,
            left_lots,
            id: row.number(at(ID), "id")?,
            price_ticks: self.scale.price(text(PRICE), row.column(at(PRICE)))?,
            recv_ns: time(RECEIVED)?,
            // Every row has the time at which its order was created, not that of the event.
            exch_ns: if action == Action::Created { exch_ns } else { NO_EXCH_TIME },
        };
        feed.check_order(event.recv_ns, row.column(at(RECEIVED)))?;
        feed.report.off_lot += off_lot;
        Ok(event)
    }
}

impl Records for Rows {
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault> {
        for (column, name) in self.columns.iter_mut().zip(NAMES) {
            *column = row.column_of(&[name])?;
        }
        Ok(true)
    }

    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        row.expect_len(&[NAMES.len()])?;
        let event = self.event(row, feed)?;
        feed.add(self.orders.apply(&event).ticks());
        Ok(())
    }
}
