use std::path::Path;

use serde::Serialize;
use tickwright_types::{flags, Decimal, Instrument, Side, Tick, TickKind, MONEY_DECIMALS};

use crate::{TapeError, TapeReader, TickSource};

/// A record in words: names for numbers, prices and sizes as exact decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TapeRow {
    /// Receive time in ns since the Unix epoch.
    pub recv_ns: String,
    /// Exchange time in ns since the Unix epoch.
    pub exch_ns: String,
    /// The instrument's id.
    pub instrument: String,
    /// Name of the kind.
    pub kind: &'static str,
    /// `bid`, `ask` or nothing.
    pub side: &'static str,
    /// Price, or rate of a funding payment; nothing where the kind has none.
    pub price: String,
    /// Size; nothing where the kind has none.
    pub size: String,
    /// Update id, trade id or sequence.
    pub id: String,
    /// Names of the flags, separated by `|`.
    pub flags: String,
}

impl TapeRow {
    /// Puts a record of a checked source into words.
    pub fn of(tick: &Tick, instruments: &[Instrument]) -> Self {
        let instrument = &instruments[usize::from(tick.instrument)];
        let kind = tick.kind().unwrap_or(TickKind::Timer);
        let price = match kind {
            TickKind::SnapshotBegin | TickKind::SnapshotEnd | TickKind::Timer | TickKind::BookClear => String::new(),
            TickKind::FundingRate => {
                Decimal::new(i128::from(tick.price_ticks), MONEY_DECIMALS).unwrap_or_default().to_string()
            }
            _ => instrument.price_text(tick.price_ticks),
        };
        let sized = !price.is_empty() && !matches!(kind, TickKind::FundingRate | TickKind::MarkPrice);
        Self {
            recv_ns: tick.recv_ns.to_string(),
            exch_ns: tick.exch_ns.to_string(),
            instrument: instrument.id().to_owned(),
            kind: kind.name(),
            side: tick.side().map_or("", Side::name),
            price,
            size: if sized { instrument.size_text(tick.size_lots) } else { String::new() },
            id: tick.id.to_string(),
            flags: flag_names(tick.flags),
        }
    }
}

fn flag_names(bits: u8) -> String {
    let names = [(flags::LAST, "last"), (flags::GAP, "gap"), (flags::BAD_CHECKSUM, "bad_checksum")];
    names.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| *name).collect::<Vec<_>>().join("|")
}

/// Up to `limit` records of a tape from record number `offset` (from 0) on, in words.
///
/// Whole row groups before them are passed over without decoding; the content hash is not checked.
pub fn cat(path: &Path, offset: u64, limit: usize) -> Result<Vec<TapeRow>, TapeError> {
    let mut tape = TapeReader::open(path)?;
    let mut to_skip = tape.seek(offset) as usize;
    let instruments = tape.instruments().to_vec();
    let (mut rows, mut block) = (Vec::new(), Vec::new());
    while rows.len() < limit && tape.next_block(&mut block)? {
        let taken = block.iter().skip(to_skip).take(limit - rows.len());
        rows.extend(taken.map(|tick| TapeRow::of(tick, &instruments)));
        to_skip = to_skip.saturating_sub(block.len());
    }
    Ok(rows)
}
