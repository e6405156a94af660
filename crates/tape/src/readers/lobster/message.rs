use tickwright_types::{flags, Side, Tick, TickKind, NO_SIDE};

use crate::error::shown;
use crate::readers::csv::CsvRow;
use crate::readers::feed::{Fault, Feed};
use crate::readers::fixed::FixedPoint;
use crate::readers::options::{ReadOptions, DATE, TZ};
use crate::readers::times::{Day, TimeUnit, Zone};
use crate::{RowFault, TapeError};

/// Fields of a message from 0.
mod field {
    pub(super) const TIME: usize = 0;
    pub(super) const KIND: usize = 1;
    pub(super) const ID: usize = 2;
    pub(super) const SIZE: usize = 3;
    pub(super) const PRICE: usize = 4;
    pub(super) const DIRECTION: usize = 5;
}

/// Seconds after midnight to ns since the Unix epoch.
pub(super) struct Clock {
    day: Day,
    zone: Zone,
    /// The second that was turned last, and its time.
    second: (i64, i64),
}

impl Clock {
    pub(super) fn new(options: &ReadOptions) -> Result<Self, TapeError> {
        let day = options.date()?.ok_or_else(|| DATE.missing("lobster"))?;
        let zone = options.zone()?.ok_or_else(|| TZ.missing("lobster"))?;
        Ok(Self { day, zone, second: (-1, 0) })
    }

    fn at_ns(&mut self, text: &str) -> Result<i64, String> {
        const SECOND_NS: i64 = 1_000_000_000;
        let nanos = TimeUnit::Seconds
            .span_ns(text)
            .ok_or_else(|| format!("{:?} is no time in seconds after midnight", shown(text, 40)))?;
        let second = nanos / SECOND_NS;
        if second != self.second.0 {
            self.second = (second, self.zone.clock_ns(self.day, second * SECOND_NS)?);
        }
        Ok(self.second.1 + nanos % SECOND_NS)
    }
}

/// A message: a trade, an event of an order, or both.
pub(super) struct Message {
    pub(super) at_ns: i64,
    pub(super) trade: Option<Tick>,
    pub(super) order: Option<Tick>,
}

impl Message {
    pub(super) fn read(row: CsvRow<'_>, scale: &FixedPoint, clock: &mut Clock) -> Result<Self, Fault> {
        row.expect_len(&[6])?;
        let at_ns =
            clock.at_ns(row.text(field::TIME)).map_err(|reason| row.fault(field::TIME, RowFault::Time(reason)))?;
        let base = Tick { recv_ns: at_ns, exch_ns: at_ns, ..Tick::of(TickKind::Trade) };
        let kind = match row.text(field::KIND) {
            "1" => Some(TickKind::OrderAdd),
            "2" | "3" => Some(TickKind::OrderCancel),
            "4" => Some(TickKind::OrderExecute),
            "5" | "6" => None,
            // A halt or its end: the price says which.
            "7" => return Ok(Self { at_ns, trade: None, order: None }),
            other => {
                let reason = format!("type {:?} is not known, there are 1 to 7", shown(other, 10));
                return Err(row.fault(field::KIND, RowFault::Event(reason)));
            }
        };
        let resting = direction(row)?;
        let whole = Tick { price_ticks: price(row, scale)?, size_lots: size(row, scale)?, ..base };
        let is_trade = !matches!(kind, Some(TickKind::OrderAdd | TickKind::OrderCancel));
        // Who met a resting buyer sold; a cross has no aggressor.
        let aggressor = if row.text(field::KIND) == "6" { NO_SIDE } else { resting.opposite() as u8 };
        let id = if row.text(field::ID).starts_with('-') { 0 } else { row.number(field::ID, "order id")? };
        let order = |kind: TickKind| Tick { kind: kind as u8, id, side: resting as u8, ..whole };
        Ok(Self { at_ns, trade: is_trade.then_some(Tick { id, side: aggressor, ..whole }), order: kind.map(order) })
    }

    /// Its records where there is nothing beside it.
    pub(super) fn whole(&self) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = self.trade.into_iter().chain(self.order).collect();
        if let Some(last) = ticks.last_mut() {
            last.flags |= flags::LAST;
        }
        ticks
    }

    /// Counts a message that has no record.
    pub(super) fn note(&self, feed: &mut Feed<'_>) {
        if self.trade.is_none() && self.order.is_none() {
            feed.ignore("halts");
        }
    }
}

fn direction(row: CsvRow<'_>) -> Result<Side, Fault> {
    match row.text(field::DIRECTION) {
        "1" => Ok(Side::Bid),
        "-1" => Ok(Side::Ask),
        other => {
            let reason = format!("direction {:?} is neither 1 (buy) nor -1 (sell)", shown(other, 10));
            Err(row.fault(field::DIRECTION, RowFault::Field(reason)))
        }
    }
}

fn price(row: CsvRow<'_>, scale: &FixedPoint) -> Result<i64, Fault> {
    let stored = row.number(field::PRICE, "price")?;
    let stored = i64::try_from(stored).unwrap_or(i64::MAX);
    scale.price_ticks(stored).map_err(|e| row.fault(field::PRICE, RowFault::Number(e)))
}

fn size(row: CsvRow<'_>, scale: &FixedPoint) -> Result<i64, Fault> {
    let number = |e| row.fault(field::SIZE, RowFault::Number(e));
    let (lots, cut) = scale.size_lots(row.number(field::SIZE, "size")?).map_err(number)?;
    if cut || lots == 0 {
        let reason = format!("{} shares are no whole number of lots above 0", shown(row.text(field::SIZE), 40));
        return Err(row.fault(field::SIZE, RowFault::Field(reason)));
    }
    Ok(lots)
}
