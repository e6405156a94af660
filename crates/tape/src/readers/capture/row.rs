use std::borrow::Cow;

use serde::Deserialize;
use tickwright_types::Side;

use super::market::Market;
use super::printed::Printed;
use crate::error::shown;
use crate::readers::feed::Fault;
use crate::readers::scale::Scale;
use crate::readers::symbols::Known;
use crate::RowFault;

/// The line being read and what was made of it so far. Nothing of it counts before the whole line is found good.
pub(super) struct Row<'a> {
    line: &'a [u8],
    pub(super) recv_ns: i64,
    /// Which input it comes from.
    pub(super) input: usize,
    /// What the venue sent.
    pub(super) json: &'a str,
    pub(super) messages: Vec<Message<'a>>,
    /// Kinds of messages in it that have no record.
    pub(super) ignored: Vec<String>,
    /// Sizes in it that were cut to whole lots.
    pub(super) off_lot: u64,
}

/// One message of one instrument.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) instrument: u16,
    /// When the venue made it, where it says so.
    pub(super) exch_ns: Option<i64>,
    /// Update id, trade id or sequence; 0 where the venue has none.
    pub(super) id: u64,
    pub(super) body: Body<'a>,
}

#[derive(Debug)]
pub(super) enum Body<'a> {
    Snapshot(Depth<'a>),
    Depth(Depth<'a>),
    /// A trade and its aggressor as the side.
    Trade(Change<'a>),
    /// The best bid and ask; a side that is empty has size 0.
    Quote([Change<'a>; 2]),
}

/// Levels of a book and what the venue says about them.
#[derive(Debug)]
pub(super) struct Depth<'a> {
    /// The channel they come from: two channels must not be mixed in one book.
    pub(super) channel: Cow<'a, str>,
    pub(super) changes: Vec<Change<'a>>,
    pub(super) order: Order,
    /// Levels a side that the venue keeps us informed of, where it is limited.
    pub(super) most_levels: Option<usize>,
    /// The venue's checksum of the book after this message.
    pub(super) checksum: Option<u32>,
}

/// How a message is known to follow the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// It is not.
    Unnumbered,
    /// Its id is the next number.
    Consecutive,
    /// It names the id of the one before.
    After(u64),
    /// It speaks of a level that no message before it made.
    Broken,
}

/// One level, trade or side of a quote.
#[derive(Clone, Debug)]
pub(super) struct Change<'a> {
    pub(super) side: Side,
    pub(super) price_ticks: i64,
    pub(super) size_lots: i64,
    /// Whether the size as printed is zero; less than a lot is not.
    pub(super) deletes: bool,
    pub(super) price: Cow<'a, str>,
    pub(super) size: Cow<'a, str>,
}

impl<'a> Row<'a> {
    pub(super) fn new(line: &'a [u8], input: usize, recv_ns: i64, json: &'a str) -> Self {
        Self { line, recv_ns, input, json, messages: Vec::new(), ignored: Vec::new(), off_lot: 0 }
    }

    /// Reads all or a part of the message.
    pub(super) fn parse<T: Deserialize<'a>>(&self, json: &'a str) -> Result<T, Fault> {
        serde_json::from_str(json).map_err(|error| {
            let text = error.to_string();
            let reason = text.split(" at line ").next().unwrap_or(&text);
            let column = self.column_of(json) + error.column().max(1) as u64 - 1;
            Fault::at(column, RowFault::Json(shown(reason, 160)))
        })
    }

    /// The instrument of a symbol, or `None` if its messages are not wanted.
    pub(super) fn find(&mut self, market: &mut Market, symbol: &str) -> Option<u16> {
        match market.symbols.find(symbol) {
            Known::Instrument(index) => Some(index),
            Known::NotChosen => {
                let kind = "symbols not chosen";
                if !self.ignored.iter().any(|ignored| ignored == kind) {
                    self.ignore(kind);
                }
                None
            }
            Known::Unknown => None,
        }
    }

    /// Notes a message that has no record.
    pub(super) fn ignore(&mut self, kind: &str) {
        self.ignored.push(shown(kind, 40));
    }

    /// One level, exact or a fault at its column.
    pub(super) fn change(
        &mut self,
        scale: &Scale,
        side: Side,
        price: &Printed<'a>,
        size: &Printed<'a>,
    ) -> Result<Change<'a>, Fault> {
        let at = |printed: &Printed<'_>, fault| Fault::at(self.column_of(printed.raw()), fault);
        let price_ticks = scale.price_ticks(price.text()).map_err(|e| at(price, RowFault::Number(e)))?;
        if price_ticks < 0 {
            return Err(at(price, RowFault::NegativePrice(shown(price.text(), 64))));
        }
        let (size_lots, deletes) = self.size(scale, size)?;
        let (price, size) = (price.clone().into_text(), size.clone().into_text());
        Ok(Change { side, price_ticks, size_lots, deletes, price, size })
    }

    /// A size in whole lots and whether it is nothing at all, or a fault at its column.
    pub(super) fn size(&mut self, scale: &Scale, size: &Printed<'a>) -> Result<(i64, bool), Fault> {
        let at = |fault| Fault::at(self.column_of(size.raw()), fault);
        let (size_lots, cut) = scale.size_lots(size.text()).map_err(|e| at(RowFault::Number(e)))?;
        if size_lots < 0 || (cut && size.text().starts_with('-')) {
            return Err(at(RowFault::NegativeSize(shown(size.text(), 64))));
        }
        self.off_lot += u64::from(cut);
        Ok((size_lots, size_lots == 0 && !cut))
    }

    /// Levels of one side.
    pub(super) fn changes<'p>(
        &mut self,
        scale: &Scale,
        side: Side,
        levels: impl IntoIterator<Item = (&'p Printed<'a>, &'p Printed<'a>)>,
        out: &mut Vec<Change<'a>>,
    ) -> Result<(), Fault>
    where
        'a: 'p,
    {
        for (price, size) in levels {
            out.push(self.change(scale, side, price, size)?);
        }
        Ok(())
    }

    /// A field that the message must have.
    pub(super) fn need<T>(&self, field: Option<T>, name: &str) -> Result<T, Fault> {
        field.ok_or_else(|| self.field(self.json, &format!("the message has no {name:?}")))
    }

    /// A fault of a field: absent, or not what it should be.
    pub(super) fn field(&self, part: &str, reason: &str) -> Fault {
        Fault::at(self.column_of(part), RowFault::Field(reason.to_owned()))
    }

    /// Which side a word stands for.
    pub(super) fn side(&self, word: &str, [bid, ask]: [&str; 2]) -> Result<Side, Fault> {
        match word {
            _ if word == bid => Ok(Side::Bid),
            _ if word == ask => Ok(Side::Ask),
            _ => Err(self.field(word, &format!("{:?} is no side: there are {bid:?} and {ask:?}", shown(word, 20)))),
        }
    }

    /// Where in the line a part of it begins, from 1.
    pub(super) fn column_of(&self, part: &str) -> u64 {
        let offset = (part.as_ptr() as usize).wrapping_sub(self.line.as_ptr() as usize);
        if offset < self.line.len() {
            offset as u64 + 1
        } else {
            1
        }
    }
}
