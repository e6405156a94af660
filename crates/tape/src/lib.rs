//! Recorded markets as Parquet tapes.
//!
//! A recording of some format is read by a [`Reader`] and written as a tape by [`convert()`]; a tape is read by a
//! [`TapeReader`], or through a [`CachedTape`] that maps it into memory. [`Merge`] and [`Slice`] make one source of
//! several and less of one; [`verify()`], [`cat`] and [`write_bbo`] look at what a tape holds. A [`Recorder`] appends a
//! live feed to crash-safe segments, of which [`write_recording`] makes a tape.
//!
//! # The format
//!
//! A tape (`NAME.tape.parquet`) is a Parquet file, zstd, with a required column for each field of a
//! [`Tick`](tickwright_types::Tick); anything that reads Parquet reads it. Rows are in the order received, in groups of
//! at most 131 072.
//!
//! | column | type | |
//! | --- | --- | --- |
//! | `recv_ns`, `exch_ns` | int64 | receive and exchange time, ns since the Unix epoch |
//! | `price_ticks`, `size_lots` | int64 | whole ticks and lots of the instrument |
//! | `id` | uint64 | update id, trade id or sequence |
//! | `instrument` | uint16 | index into the definitions |
//! | `kind` | uint8 | number of a [`TickKind`](tickwright_types::TickKind) |
//! | `side` | uint8 | 0 bid, 1 ask, 2 none |
//! | `flags` | uint8 | bits of [`flags`](tickwright_types::flags) |
//!
//! | metadata key | |
//! | --- | --- |
//! | `tape_version` | [`FORMAT_VERSION`] |
//! | `instruments` | the definitions, a JSON array of [`InstrumentSpec`](tickwright_types::InstrumentSpec) |
//! | `content_sha256` | the [content hash](ContentHasher) |
//! | `records_xxh3` | XXH3 (64 bits) of the records, compared on every read |
//! | `ticks`, `by_kind`, `first_ts_ns`, `last_ts_ns` | counts, and receive times of the first and last record |
//! | `exch_shift_ns` | what was added to every exchange time; empty where merged tapes differ |
//! | `off_lot`, `skipped` | sizes cut to whole lots, rows left out as bad |
//! | `metadata_sha256` | SHA-256 of the lines `key=value` of all the others, in this order |
//!
//! Operations block and tell an [`OnProgress`] how far they are, which may stop them. This crate starts no thread,
//! reads no clock and no environment, and touches no file but those it is given and partial ones beside them.
#![deny(unsafe_code)]

mod bbo;
mod books;
mod cache;
mod content;
mod convert;
mod error;
mod format;
mod mapping;
mod merge;
mod metadata;
mod progress;
mod publish;
mod reader;
mod readers;
mod recorder;
mod rows;
mod slice;
mod source;
mod spool;
mod verify;
mod writer;

pub use bbo::{write_bbo, Bbo, BboTracker, BBO_HEADER};
pub use books::Touch;
pub use cache::CachedTape;
pub use content::ContentHasher;
pub use convert::{convert, ConvertReport, ConvertRequest, BASE_LATENCY_NS};
pub use error::{RowError, RowFault, TapeError};
pub use format::{FORMAT_VERSION, ROW_GROUP_ROWS};
pub use merge::{merge, Merge};
pub use metadata::TapeInfo;
pub use progress::{quiet, Flow, OnProgress, Progress, Stage};
pub use reader::TapeReader;
pub use readers::{
    Checksums, Input, ReadOption, ReadOptions, ReadReport, ReadRequest, Reader, NO_EXCH_TIME, READERS, READ_OPTIONS,
};
pub use recorder::{recover, write_recording, Loss, LossReason, Recorder, RecorderOptions, Recording, Recovery};
pub use rows::{cat, TapeRow};
pub use slice::{slice, Slice, SliceOptions};
pub use source::{Blocks, MemorySource, TickSource};
pub use verify::{verify, verify_source, Finding, Place, VerifyReport};
pub use writer::{TapeOptions, TapeWriter};
