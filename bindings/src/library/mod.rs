//! The parts of the engine as single objects for JavaScript: books, indicators, bars, tapes.
//!
//! [`raw`] makes the hot functions and is the only `unsafe` here. Objects lie in [`Slab`]s of their environment and are
//! named by handles; arguments and results pass through a block of shared memory ([`cell`]), so that a call creates
//! nothing on either side.

mod aggregator;
mod bars;
mod book;
mod indicators;
mod native;
mod price_buffer;
mod raw;
mod settings;
mod slab;
mod tape_reader;

use tickwright_book::L2Book;
use tickwright_indicators::{
    Atr, BollingerBands, Ema, IndicatorError, Macd, PriceBuffer, RollingMax, RollingMin, RollingStd, RollingVwap, Rsi,
    SessionVwap, Sma, VolumeRatio, ZScore,
};
use tickwright_tape::TapeError;
use tickwright_types::TypesError;

use crate::raw::Raised;
use slab::Slab;

/// Places in the shared block; `ts/src/engine/library/native.ts` has the same numbers.
mod cell {
    /// Which object is meant.
    pub(super) const HANDLE: usize = 0;
    /// Arguments, as the function counts them.
    pub(super) const ARGS: usize = 1;
    /// Results, as the function counts them.
    pub(super) const RESULTS: usize = 8;
    /// Best bid and ask in ticks, then their sizes in lots: of the book that was called last.
    pub(super) const TOP: usize = 20;
    /// How many there are.
    pub(super) const COUNT: usize = 32;
}

/// Every object of one environment.
struct Objects {
    books: Slab<L2Book>,
    emas: Slab<Ema>,
    smas: Slab<Sma>,
    stds: Slab<RollingStd>,
    rsis: Slab<Rsi>,
    z_scores: Slab<ZScore>,
    mins: Slab<RollingMin>,
    maxs: Slab<RollingMax>,
    ratios: Slab<VolumeRatio>,
    vwaps: Slab<RollingVwap>,
    sessions: Slab<SessionVwap>,
    bands: Slab<BollingerBands>,
    macds: Slab<Macd>,
    atrs: Slab<Atr>,
    bars: Slab<bars::Bars>,
    aggregators: Slab<aggregator::Aggregator>,
    buffers: Slab<PriceBuffer>,
    tapes: Slab<tape_reader::Tape>,
}

impl Objects {
    fn new() -> Self {
        Self {
            books: Slab::new("OrderBook"),
            emas: Slab::new("Ema"),
            smas: Slab::new("Sma"),
            stds: Slab::new("RollingStd"),
            rsis: Slab::new("Rsi"),
            z_scores: Slab::new("ZScore"),
            mins: Slab::new("RollingMin"),
            maxs: Slab::new("RollingMax"),
            ratios: Slab::new("VolumeRatio"),
            vwaps: Slab::new("RollingVwap"),
            sessions: Slab::new("SessionVwap"),
            bands: Slab::new("BollingerBands"),
            macds: Slab::new("Macd"),
            atrs: Slab::new("Atr"),
            bars: Slab::new("BarBuilder"),
            aggregators: Slab::new("BarAggregator"),
            buffers: Slab::new("PriceBuffer"),
            tapes: Slab::new("TapeReader"),
        }
    }
}

/// What a hot function ends with.
type Done = Result<(), Raised>;

macro_rules! raised {
    ($($error:ty),*) => {$(
        impl From<$error> for Raised {
            fn from(error: $error) -> Self {
                Self { code: error.code(), message: error.to_string() }
            }
        }
    )*};
}

raised!(IndicatorError, TapeError, TypesError);

/// An argument that a caller must mend.
#[cold]
fn bad_argument(message: String) -> Raised {
    Raised { code: "E_ARGUMENT", message }
}

/// A whole number that a double holds exactly, or an error that names it.
fn whole(what: &str, value: f64) -> Result<i64, Raised> {
    if value.abs() <= 9_007_199_254_740_991.0 && value.fract() == 0.0 {
        return Ok(value as i64);
    }
    Err(bad_argument(format!("{what} is {value}: give a whole number within ±(2^53 − 1)")))
}

/// A time in whole µs since the Unix epoch, as ns.
fn ns_of(what: &str, us: f64) -> Result<i64, Raised> {
    Ok(whole(what, us)?.saturating_mul(1000))
}

/// NaN stands for "not ready" in a cell.
fn shown(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}
