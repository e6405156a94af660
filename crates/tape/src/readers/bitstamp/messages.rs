use std::borrow::Cow;

use serde::Deserialize;
use tickwright_types::{flags, Side, Tick, TickKind};

use super::orders::{Action, OrderEvent, Orders};
use crate::error::shown;
use crate::readers::feed::{Fault, Feed};
use crate::readers::lines::{Line, Lines, MAX_LINE};
use crate::readers::scale::Scale;
use crate::readers::symbols::only_instrument;
use crate::readers::times::TimeUnit;
use crate::readers::ReadRequest;
use crate::{RowFault, TapeError, NO_EXCH_TIME};

/// Digits after the dot of an amount; a price has fewer.
const DECIMALS: usize = 8;

pub(in crate::readers) fn read_log(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let mut log = Log { scale: Scale::new(only_instrument(request)?), orders: Orders::default() };
    let mut bytes_before = 0;
    for input in &request.inputs {
        let mut lines = Lines::open(input)?;
        while let Some(line) = lines.next()? {
            let outcome = match line {
                Line::Whole(line) => log.row(line, feed),
                Line::TooLong => Err(Fault::at(1, RowFault::TooLong(MAX_LINE))),
            };
            feed.row_done(input.name(), lines.number(), bytes_before + lines.bytes_read(), outcome)?;
        }
        if lines.number() == 0 {
            return Err(TapeError::Empty { path: input.name().to_owned() });
        }
        bytes_before += lines.bytes_read();
    }
    Ok(())
}

/// A line: `<receive ms> <kind> <JSON>`.
struct LogLine<'a> {
    recv_ns: i64,
    kind: &'a str,
    json: &'a str,
    json_at: u64,
}

#[derive(Deserialize)]
struct OrderMessage<'a> {
    #[serde(borrow)]
    price: Cow<'a, str>,
    #[serde(borrow)]
    amount: Cow<'a, str>,
    #[serde(borrow)]
    datetime: Cow<'a, str>,
    id: u64,
    order_type: u8,
}

/// Its numbers are printed as doubles, the nearest to a decimal of eight digits.
#[derive(Deserialize)]
struct TradeMessage {
    price: f64,
    amount: f64,
    id: u64,
}

struct Log {
    scale: Scale,
    orders: Orders,
}

impl Log {
    fn row(&mut self, line: &[u8], feed: &mut Feed<'_>) -> Result<(), Fault> {
        let line = LogLine::of(line)?;
        let action = match line.kind {
            "order_created" => Action::Created,
            "order_changed" => Action::Changed,
            "order_deleted" => Action::Deleted,
            "trade" => return self.trade(&line, feed),
            // Periodic books are a feed of their own, which runs beside that of the orders.
            other => {
                feed.ignore(&shown(other, 40));
                return Ok(());
            }
        };
        let message: OrderMessage<'_> = line.parse()?;
        let side = match message.order_type {
            0 => Side::Bid,
            1 => Side::Ask,
            other => return Err(line.fault(format!("order_type {other} is neither 0 (buy) nor 1 (sell)"))),
        };
        let mut off_lot = 0;
        let created_ns = TimeUnit::Seconds.epoch_ns(&message.datetime).map_err(|e| Fault::at(line.json_at, e))?;
        let event = OrderEvent {
            action,
            side,
            id: message.id,
            price_ticks: self.scale.price(&message.price, line.json_at)?,
            left_lots: self.scale.size(&message.amount, line.json_at, &mut off_lot)?,
            recv_ns: line.recv_ns,
            // Every message has the time at which its order was created, not that of the event.
            exch_ns: if action == Action::Created { created_ns } else { NO_EXCH_TIME },
        };
        feed.check_order(line.recv_ns, 1)?;
        feed.report.off_lot += off_lot;
        feed.add(self.orders.apply(&event).ticks());
        Ok(())
    }

    fn trade(&self, line: &LogLine<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let message: TradeMessage = line.parse()?;
        let mut off_lot = 0;
        let price_ticks = self.scale.price(&decimal(message.price), line.json_at)?;
        let size_lots = self.scale.size(&decimal(message.amount), line.json_at, &mut off_lot)?;
        feed.check_order(line.recv_ns, 1)?;
        feed.report.off_lot += off_lot;
        feed.add(&[Tick {
            recv_ns: line.recv_ns,
            exch_ns: NO_EXCH_TIME,
            price_ticks,
            size_lots,
            id: message.id,
            flags: flags::LAST,
            ..Tick::of(TickKind::Trade)
        }]);
        Ok(())
    }
}

/// The decimal that was printed as a double.
fn decimal(printed: f64) -> String {
    format!("{printed:.DECIMALS$}")
}

impl<'a> LogLine<'a> {
    fn of(line: &'a [u8]) -> Result<Self, Fault> {
        let shape = |at: usize, reason: &str| Fault::at(at as u64 + 1, RowFault::Field(reason.to_owned()));
        let text = std::str::from_utf8(line).map_err(|e| shape(e.valid_up_to(), "the line is not UTF-8"))?;
        let (time, rest) = text
            .split_once(' ')
            .ok_or_else(|| shape(0, "a line is `<receive ms> <kind> <JSON>`: nothing but one word"))?;
        let (kind, json) = rest
            .split_once(' ')
            .ok_or_else(|| shape(time.len() + 1, "a line is `<receive ms> <kind> <JSON>`: no JSON"))?;
        let recv_ns = TimeUnit::Millis.epoch_ns(time).map_err(|fault| Fault::at(1, fault))?;
        Ok(Self { recv_ns, kind, json, json_at: (text.len() - json.len()) as u64 + 1 })
    }

    fn parse<T: Deserialize<'a>>(&self) -> Result<T, Fault> {
        serde_json::from_str(self.json).map_err(|e| {
            let text = e.to_string();
            let reason = text.split(" at line ").next().unwrap_or(&text);
            let column = self.json_at + (e.column().max(1) - 1) as u64;
            Fault::at(column, RowFault::Json(shown(reason, 160)))
        })
    }

    fn fault(&self, reason: String) -> Fault {
        Fault::at(self.json_at, RowFault::Field(reason))
    }
}
