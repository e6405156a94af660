use tickwright_types::{Side, Tick, TickKind};

use super::message::{Levels, Value};
use crate::error::shown;
use crate::readers::feed::Fault;
use crate::readers::scale::Scale;
use crate::RowFault;

/// The line being read.
pub(super) struct Row<'a> {
    pub(super) line: &'a [u8],
    /// Its receive time.
    pub(super) recv_ns: i64,
    /// Sizes of it that were cut to whole lots.
    pub(super) off_lot: u64,
}

impl Row<'_> {
    pub(super) fn record(&self, kind: TickKind, instrument: u16, exch_ns: i64, id: u64) -> Tick {
        Tick { recv_ns: self.recv_ns, exch_ns, instrument, id, ..Tick::of(kind) }
    }

    pub(super) fn levels(
        &mut self,
        scale: &Scale,
        base: Tick,
        side: Side,
        levels: &Levels<'_>,
        out: &mut Vec<Tick>,
    ) -> Result<(), Fault> {
        for level in levels {
            out.push(self.level(scale, base, side, *level)?);
        }
        Ok(())
    }

    pub(super) fn level(&mut self, scale: &Scale, base: Tick, side: Side, level: [&str; 2]) -> Result<Tick, Fault> {
        let [price, size] = level;
        let at = |text: &str, fault| Fault::at(column_of(self.line, text), fault);
        let price_ticks = scale.price_ticks(price).map_err(|e| at(price, RowFault::Number(e)))?;
        if price_ticks < 0 {
            return Err(at(price, RowFault::NegativePrice(shown(price, 64))));
        }
        let (size_lots, cut) = scale.size_lots(size).map_err(|e| at(size, RowFault::Number(e)))?;
        if size_lots < 0 || (cut && size.starts_with('-')) {
            return Err(at(size, RowFault::NegativeSize(shown(size, 64))));
        }
        self.off_lot += u64::from(cut);
        Ok(Tick { price_ticks, size_lots, side: side as u8, ..base })
    }
}

pub(super) fn receive_time(line: &[u8]) -> Result<(i64, usize), Fault> {
    let space = line.iter().take(32).position(|&byte| byte == b' ');
    let digits = space.and_then(|space| std::str::from_utf8(&line[..space]).ok());
    let time = digits.filter(|text| text.bytes().all(|b| b.is_ascii_digit())).and_then(|text| text.parse().ok());
    let (Some(recv_ns), Some(space)) = (time, space) else {
        let reason = "a line begins with the receive time in ns since the Unix epoch and a space";
        return Err(Fault::at(1, RowFault::Time(reason.to_owned())));
    };
    Ok((recv_ns, space + 1))
}

pub(super) fn json_fault(error: &serde_json::Error, json_at: usize) -> Fault {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    Fault::at((json_at + error.column().max(1)) as u64, RowFault::Json(shown(reason, 160)))
}

pub(super) fn number<'a>(value: &Value<'a>, name: &str) -> Result<&'a str, Fault> {
    match value {
        Value::Number(text) => Ok(text),
        Value::Absent => Err(field(0, &format!("the message has no {name:?}"))),
        Value::Levels(_) | Value::Id(_) | Value::Other => {
            Err(field(0, &format!("{name:?} is not a decimal number as a string")))
        }
    }
}

pub(super) fn absent(kind: &str, name: &str) -> Fault {
    field(0, &format!("the {kind} message has no {name:?}"))
}

pub(super) fn field(at: usize, reason: &str) -> Fault {
    Fault::at(at as u64 + 1, RowFault::Field(reason.to_owned()))
}

/// Where in a line a part of it begins, from 1.
fn column_of(line: &[u8], part: &str) -> u64 {
    let offset = (part.as_ptr() as usize).wrapping_sub(line.as_ptr() as usize);
    if offset < line.len() {
        offset as u64 + 1
    } else {
        1
    }
}
