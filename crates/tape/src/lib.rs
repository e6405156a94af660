//! Recorded markets as Parquet tapes.
//!
//! A recording of some format is read by a [`Reader`] and written as a tape by [`convert()`]; a tape is read by a
//! [`TapeReader`], or through a [`CachedTape`] that maps it into memory. [`Merge`] and [`Slice`] make one source of
//! several and less of one; [`verify()`], [`cat`] and [`write_bbo`] look at what a tape holds.
//!
//! A tape (`NAME.tape.parquet`) is a Parquet file, zstd, with a required column for each field of a
//! [`Tick`](tickwright_types::Tick); anything that reads Parquet reads it. Its metadata hold the format's version, the
//! instrument definitions, counts, and the [content hash](ContentHasher).
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
pub use readers::{Input, ReadReport, ReadRequest, Reader, NO_EXCH_TIME, READERS};
pub use rows::{cat, TapeRow};
pub use slice::{slice, Slice, SliceOptions};
pub use source::{Blocks, MemorySource, TickSource};
pub use verify::{verify, verify_source, Finding, Place, VerifyReport};
pub use writer::{TapeOptions, TapeWriter};
