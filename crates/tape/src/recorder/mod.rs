//! Records of a live feed, appended so that a killed process loses at most the last second.
//!
//! A [`Recorder`] appends to the segments of a folder, [`recover`] says what a segment still holds, and a [`Recording`]
//! reads all of a folder as one [`TickSource`](crate::TickSource), which [`write_recording`] makes a tape of.
//!
//! # A segment
//!
//! `000001.segment` and so on; all numbers little-endian, all checksums XXH3 of 64 bits.
//!
//! | part | bytes |
//! | --- | --- |
//! | header | magic `TWSEGMT\n`, version u32, length u32 of the definitions, definitions as JSON, checksum of all that |
//! | block | `BLCK`, count u32, length u64 of its records, first and last receive time i64, checksum, records of 48 bytes |
//! | footer | `FOOT`, count u32 of blocks, length u64 of all before it, first and last receive time i64, checksum |
//!
//! A block's or footer's checksum is taken of the checksum before it, its own first 32 bytes and its records, so a
//! block that is missing, doubled or of another file is found. A segment appears under its name with a whole header;
//! the footer is there only if it was closed. A segment is never opened for writing again: a recorder that starts in a
//! folder goes on with the next number.
mod layout;
mod recording;
mod scan;
mod segment;
mod writer;

pub use recording::{write_recording, Recording};
pub use scan::{recover, Loss, LossReason, Recovery};
pub use writer::{Recorder, RecorderOptions};

#[cfg(test)]
mod tests;
