//! Event arrays of hftbacktest v2: `.npz` files with one array `data` of 64-byte rows.
//!
//! The format has no message boundaries, so every record ends one. Rows that only the exchange side of a backtest
//! sees are left out: each event is taken once, where it was received. A clear is written as the deletes of the levels
//! it removes. By-order rows have no level and are refused.

mod npy;

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use tickwright_types::{flags, Instrument, Side, Tick, TickKind, TypesError, NO_SIDE};

use super::feed::{Fault, Feed};
use super::symbols::only_instrument;
use super::{Input, ReadRequest};
use crate::error::shown;
use crate::{RowFault, TapeError};
use npy::{Event, ROW};

const DEPTH: u64 = 1;
const TRADE: u64 = 2;
const DEPTH_CLEAR: u64 = 3;
const DEPTH_SNAPSHOT: u64 = 4;
const LOCAL: u64 = 1 << 30;
const BUY: u64 = 1 << 29;
const SELL: u64 = 1 << 28;

/// Fields of a row as columns of an error, from 1.
mod column {
    pub(super) const EV: u64 = 1;
    pub(super) const EXCH_TS: u64 = 2;
    pub(super) const LOCAL_TS: u64 = 3;
    pub(super) const PX: u64 = 4;
    pub(super) const QTY: u64 = 5;
}

/// How far from a whole number of steps a price or size may lie: doubles of decimal prices are never further.
const TOLERANCE: f64 = 1e-6;

/// Largest count that an instrument allows.
const MAX_COUNT: f64 = (1u64 << 53) as f64;

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let mut events = Events::new(only_instrument(request)?);
    let mut bytes_before = 0;
    for input in &request.inputs {
        let length = input.length()?;
        read_file(input, &mut events, feed, bytes_before, length)?;
        bytes_before += length;
    }
    Ok(())
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

fn read_file(
    input: &Input,
    events: &mut Events<'_>,
    feed: &mut Feed<'_>,
    bytes_before: u64,
    length: u64,
) -> Result<(), TapeError> {
    let path = input.name();
    let npz = |reason: String| TapeError::Npz { path: path.to_owned(), reason };
    let source: Box<dyn ReadSeek + '_> = match input {
        Input::File(path) => Box::new(std::fs::File::open(path).map_err(TapeError::io(path, "open"))?),
        Input::Bytes(_, bytes) => Box::new(Cursor::new(bytes.as_slice())),
    };
    let mut archive = zip::ZipArchive::new(source).map_err(|e| npz(shown(&e.to_string(), 160)))?;
    let mut array =
        archive.by_name("data.npy").map_err(|e| npz(format!("data.npy: {}", shown(&e.to_string(), 160))))?;
    let rows = npy::read_header(&mut array).map_err(npz)?;
    if rows == 0 {
        return Err(TapeError::Empty { path: path.to_owned() });
    }
    let mut chunk = vec![0; ROW * 4_096];
    let mut done = 0;
    while done < rows {
        let now = (rows - done).min(4_096);
        let bytes = &mut chunk[..now as usize * ROW];
        array.read_exact(bytes).map_err(|e| cut_off(path, done, rows, &e))?;
        for (at, row) in bytes.chunks_exact(ROW).enumerate() {
            let event = Event::from_bytes(row.try_into().expect("a whole row"));
            let outcome = events.row(&event, feed);
            let line = done + at as u64 + 1;
            let so_far = bytes_before + (u128::from(length) * u128::from(line) / u128::from(rows)) as u64;
            feed.row_done(path, line, so_far, outcome)?;
            events.hand_on(feed)?;
        }
        done += now;
    }
    match array.read(&mut [0]) {
        Ok(0) => Ok(()),
        Ok(_) => Err(TapeError::Npz { path: path.to_owned(), reason: format!("it goes on after its {rows} rows") }),
        Err(e) => Err(cut_off(path, rows, rows, &e)),
    }
}

fn cut_off(path: &Path, done: u64, rows: u64, error: &std::io::Error) -> TapeError {
    let reason = format!("after row {done} of {rows}: {}: it is cut off or damaged", shown(&error.to_string(), 100));
    TapeError::Npz { path: path.to_owned(), reason }
}

/// The events of one instrument up to some row.
struct Events<'a> {
    instrument: &'a Instrument,
    price: Grid,
    size: Grid,
    /// Known levels by side, so that a clear can be written as deletes.
    levels: [BTreeSet<i64>; 2],
    next_id: u64,
    out: Vec<Tick>,
}

impl<'a> Events<'a> {
    fn new(instrument: &'a Instrument) -> Self {
        let spec = instrument.spec();
        let (price, size) = (Grid(spec.tick_size.to_f64()), Grid(spec.lot_size.to_f64()));
        Self { instrument, price, size, levels: Default::default(), next_id: 1, out: Vec::new() }
    }

    fn hand_on(&mut self, feed: &mut Feed<'_>) -> Result<(), TapeError> {
        feed.push(&self.out)?;
        self.out.clear();
        Ok(())
    }

    fn row(&mut self, event: &Event, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let id = self.next_id;
        self.next_id += 1;
        if event.ev & LOCAL == 0 {
            *feed.report.ignored.entry("rows of the exchange side only".to_owned()).or_default() += 1;
            return Ok(());
        }
        for (ns, column) in [(event.exch_ts, column::EXCH_TS), (event.local_ts, column::LOCAL_TS)] {
            if ns < 0 {
                return Err(Fault::at(column, RowFault::Time(format!("{ns} is no time in ns since the Unix epoch"))));
            }
        }
        let kind = event.ev & 0xff;
        let tick = Tick {
            recv_ns: event.local_ts,
            exch_ns: event.exch_ts,
            id,
            flags: flags::LAST,
            side: side_of(event.ev)?,
            ..Tick::of(if kind == TRADE { TickKind::Trade } else { TickKind::BookDelta })
        };
        match kind {
            DEPTH | DEPTH_SNAPSHOT => self.level(tick, event, feed),
            TRADE => self.trade(tick, event, feed),
            DEPTH_CLEAR => self.clear(tick, event, feed),
            other => {
                let reason = format!("event kind {other} is not read: 1 depth, 2 trade, 3 clear and 4 snapshot are");
                Err(Fault::at(column::EV, RowFault::Event(reason)))
            }
        }
    }

    fn level(&mut self, tick: Tick, event: &Event, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let side = book_side(tick.side)?;
        let (price_ticks, size_lots, cut) = self.price_and_size(event)?;
        feed.check_order(event.local_ts, column::LOCAL_TS)?;
        feed.report.off_lot += u64::from(cut);
        if size_lots == 0 {
            self.levels[side].remove(&price_ticks);
        } else {
            self.levels[side].insert(price_ticks);
        }
        self.out.push(Tick { price_ticks, size_lots, ..tick });
        Ok(())
    }

    fn trade(&mut self, tick: Tick, event: &Event, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let (price_ticks, size_lots, cut) = self.price_and_size(event)?;
        feed.check_order(event.local_ts, column::LOCAL_TS)?;
        feed.report.off_lot += u64::from(cut);
        self.out.push(Tick { price_ticks, size_lots, ..tick });
        Ok(())
    }

    /// Levels from the best up to the given price are gone; of both sides, all levels, where no side is given.
    fn clear(&mut self, tick: Tick, event: &Event, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let gone: Vec<(u8, i64)> = if tick.side == NO_SIDE {
            (0..2).flat_map(|side| self.levels[side].iter().map(move |price| (side as u8, *price))).collect()
        } else {
            let side = usize::from(tick.side);
            let edge = self.price.nearest(event.px).ok_or_else(|| self.off_grid(event.px))?;
            let beyond = |price: i64| if side == 0 { price < edge } else { price > edge };
            self.levels[side].iter().filter(|price| !beyond(**price)).map(|price| (tick.side, *price)).collect()
        };
        feed.check_order(event.local_ts, column::LOCAL_TS)?;
        for (side, price_ticks) in gone {
            self.levels[usize::from(side)].remove(&price_ticks);
            self.out.push(Tick { price_ticks, side, ..tick });
        }
        Ok(())
    }

    fn price_and_size(&self, event: &Event) -> Result<(i64, i64, bool), Fault> {
        let price_ticks = self.price.nearest(event.px).ok_or_else(|| self.off_grid(event.px))?;
        if event.qty < 0.0 {
            return Err(Fault::at(column::QTY, RowFault::NegativeSize(event.qty.to_string())));
        }
        let (size_lots, cut) = self.size.whole(event.qty).ok_or_else(|| {
            let what = format!("{}: size", self.instrument.id());
            let allowed = format!("at most 2^53 steps of {}", self.instrument.spec().lot_size);
            Fault::at(column::QTY, RowFault::Number(TypesError::Range { what, given: event.qty.to_string(), allowed }))
        })?;
        Ok((price_ticks, size_lots, cut))
    }

    fn off_grid(&self, px: f64) -> Fault {
        let spec = self.instrument.spec();
        let (instrument, step) = (spec.id.clone(), spec.tick_size.to_string());
        let error = if px.is_finite() && (px / self.price.0).abs() <= MAX_COUNT {
            TypesError::OffGrid { instrument, what: "price", given: px.to_string(), step }
        } else {
            let allowed = format!("at most 2^53 steps of {step}");
            TypesError::Range { what: format!("{instrument}: price"), given: px.to_string(), allowed }
        };
        Fault::at(column::PX, RowFault::Number(error))
    }
}

/// The steps of a price or size that the format stores as a double.
struct Grid(f64);

impl Grid {
    fn steps(&self, value: f64) -> Option<f64> {
        let steps = value / self.0;
        (steps.abs() <= MAX_COUNT).then_some(steps)
    }

    fn nearest(&self, value: f64) -> Option<i64> {
        let steps = self.steps(value)?;
        ((steps - steps.round()).abs() <= tolerance(steps)).then_some(steps.round() as i64)
    }

    /// Whole steps, rounded towards zero, and whether something was cut off.
    fn whole(&self, value: f64) -> Option<(i64, bool)> {
        match self.nearest(value) {
            Some(steps) => Some((steps, false)),
            None => self.steps(value).map(|steps| (steps.trunc() as i64, true)),
        }
    }
}

/// A millionth of a step, or where steps are counted in more digits than that leaves, the rounding of the division.
fn tolerance(steps: f64) -> f64 {
    TOLERANCE.max(steps.abs() * 4.0 * f64::EPSILON).min(0.25)
}

fn side_of(ev: u64) -> Result<u8, Fault> {
    match (ev & BUY != 0, ev & SELL != 0) {
        (true, false) => Ok(Side::Bid as u8),
        (false, true) => Ok(Side::Ask as u8),
        (false, false) => Ok(NO_SIDE),
        (true, true) => Err(Fault::at(column::EV, RowFault::Event("the row is of both sides".to_owned()))),
    }
}

fn book_side(side: u8) -> Result<usize, Fault> {
    if side == NO_SIDE {
        return Err(Fault::at(column::EV, RowFault::Event("a depth row needs a side".to_owned())));
    }
    Ok(usize::from(side))
}

#[cfg(test)]
mod tests;
