//! One reader is one folder or file: what a format's rows mean as records, and nothing about tapes.
//!
//! A new format is a module with a function of the shape of [`ReadFn`] and an entry in [`READERS`].

mod bars;
mod binance_raw;
mod binance_rest;
mod binance_trades;
mod bitstamp;
mod capture;
mod csv;
mod databento;
mod decimals;
mod feed;
mod fixed;
mod freqtrade_trades;
mod hftbacktest;
mod json;
mod lean;
mod lines;
mod list;
mod lobster;
mod ohlcv;
mod options;
mod records;
mod scale;
mod symbols;
mod tardis;
#[cfg(test)]
mod test_kit;
mod text;
mod times;
mod truefx;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tickwright_types::{Instrument, Tick};

use crate::error::{quoted, shown};
use crate::metadata::check_instruments;
use crate::{OnProgress, RowError, TapeError};
use feed::Feed;

pub use list::READERS;
pub use options::{ReadOption, ReadOptions, READ_OPTIONS};

/// The exchange time of a record for which the recording has none and knows none before it.
pub const NO_EXCH_TIME: i64 = i64::MIN;

/// One file of a recording.
#[derive(Clone, Debug)]
pub enum Input {
    /// A file on disk.
    File(PathBuf),
    /// A file's content in memory, and the name to show in errors.
    Bytes(PathBuf, Vec<u8>),
}

impl Input {
    /// Its name in errors.
    pub fn name(&self) -> &Path {
        match self {
            Self::File(path) | Self::Bytes(path, _) => path,
        }
    }

    fn length(&self) -> Result<u64, TapeError> {
        match self {
            Self::File(path) => Ok(path.metadata().map_err(TapeError::io(path, "open"))?.len()),
            Self::Bytes(_, bytes) => Ok(bytes.len() as u64),
        }
    }

    fn open(&self) -> Result<Box<dyn Read + '_>, TapeError> {
        match self {
            Self::File(path) if path.is_dir() => {
                let reason = format!("{} is a folder: name the files in it", quoted(path));
                Err(TapeError::Option { option: "inputs", reason })
            }
            Self::File(path) => {
                let file = File::open(path).map_err(TapeError::io(path, "open"))?;
                Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
            }
            Self::Bytes(_, bytes) => Ok(Box::new(Cursor::new(bytes.as_slice()))),
        }
    }
}

/// What to read and how.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// The files in order; the second continues the first.
    pub inputs: Vec<Input>,
    /// One instrument for each symbol of the recording; a record's instrument is an index into them.
    pub instruments: Vec<Instrument>,
    /// The symbols to keep; all when empty.
    pub only: Vec<String>,
    /// How many bad rows are left out and reported instead of ending the read.
    pub skip_bad: u64,
    /// Whether depth changes are kept although no snapshot came before them; the first is then flagged as a gap.
    pub allow_missing_snapshot: bool,
    /// What the files do not say.
    pub options: ReadOptions,
}

impl ReadRequest {
    /// A strict read of these files for these instruments.
    pub fn new(inputs: Vec<Input>, instruments: Vec<Instrument>) -> Self {
        let options = ReadOptions::default();
        Self { inputs, instruments, only: Vec::new(), skip_bad: 0, allow_missing_snapshot: false, options }
    }
}

/// What a reader saw beside the records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReadReport {
    /// Lines or rows.
    pub rows: u64,
    /// Records handed on.
    pub ticks: u64,
    /// Sizes cut to whole lots.
    pub off_lot: u64,
    /// Prices rounded to the tick grid on request.
    pub rounded: u64,
    /// Messages that do not follow the one before.
    pub gaps: u64,
    /// Whole books.
    pub snapshots: u64,
    /// Whole books that were older than the book they would have replaced, and were left out.
    pub old_snapshots: u64,
    /// Depth messages from before the snapshot, which has them in it.
    pub stale_messages: u64,
    /// Checksums of books that the venue sent.
    pub checksums: Checksums,
    /// Messages of kinds that have no record, by kind.
    pub ignored: BTreeMap<String, u64>,
    /// Bad rows that were left out.
    #[serde(serialize_with = "as_text")]
    pub bad_rows: Vec<RowError>,
}

/// How many checksums of the venue were compared with the book, and how many agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checksums {
    /// Compared.
    pub checked: u64,
    /// Equal; the others flag their record.
    pub equal: u64,
}

fn as_text<S: serde::Serializer>(rows: &[RowError], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rows.iter().map(ToString::to_string))
}

/// Reads a recording and hands its records on, whole messages in the order received.
type ReadFn = fn(&ReadRequest, &mut Feed<'_>) -> Result<(), TapeError>;

/// A format that can be read.
#[derive(Clone, Copy)]
pub struct Reader {
    /// Its name, as in `--from NAME`.
    pub name: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// What follows `tickwright tape convert --from NAME` in a line that runs in a clone of this repository.
    pub example: &'static str,
    /// Options without which nothing can be read.
    pub needs: &'static [&'static ReadOption],
    /// Options that it has use for where a file does not say it.
    pub takes: &'static [&'static ReadOption],
    read: ReadFn,
}

impl Reader {
    /// The reader of that name.
    ///
    /// Returns `E_UNKNOWN_READER` naming those that exist.
    pub fn by_name(name: &str) -> Result<&'static Reader, TapeError> {
        READERS.iter().find(|reader| reader.name == name).ok_or_else(|| TapeError::UnknownReader {
            given: shown(name, 64),
            known: READERS.iter().map(|reader| reader.name).collect::<Vec<_>>().join(", "),
        })
    }

    /// Reads a recording, handing blocks of records to `take` in the order received.
    ///
    /// A record without a known exchange time carries [`NO_EXCH_TIME`].
    pub fn read(
        &self,
        request: &ReadRequest,
        take: &mut dyn FnMut(&[Tick]) -> Result<(), TapeError>,
        on_progress: OnProgress<'_>,
    ) -> Result<ReadReport, TapeError> {
        check_instruments(&request.instruments)?;
        request.options.check(self)?;
        if request.inputs.is_empty() {
            let reason = "none was given: name the files of the recording in order".to_owned();
            return Err(TapeError::Option { option: "inputs", reason });
        }
        let total = request.inputs.iter().map(Input::length).sum::<Result<u64, _>>()?;
        let mut feed = Feed::new(take, on_progress, total, request.skip_bad);
        (self.read)(request, &mut feed)?;
        feed.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_reader_is_answered_with_the_known_ones() {
        let err = Reader::by_name("binance").err().unwrap();
        assert_eq!(err.code(), "E_UNKNOWN_READER");
        let known: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
        assert_eq!(err.to_string(), format!("\"binance\" is no reader; there are: {}", known.join(", ")));
    }
}
