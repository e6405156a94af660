use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use tickwright_types::{Instrument, Tick};

use super::layout::{header, segment_path, Frame, BLOCK, FOOTER};
use crate::publish::PartialFile;
use crate::TapeError;

/// The segment that is appended to.
pub(super) struct Segment {
    number: u32,
    path: PathBuf,
    file: File,
    length: u64,
    checksum: u64,
    blocks: u32,
    times_ns: Option<(i64, i64)>,
}

impl Segment {
    /// Begins the segment after that number. It gets its name with a whole, synced header.
    pub(super) fn after(number: u32, folder: &Path, instruments: &[Instrument]) -> Result<Self, TapeError> {
        let number = number.checked_add(1).ok_or_else(|| TapeError::Option {
            option: "folder",
            reason: format!("it has segment {number}, the last there can be: record to another folder"),
        })?;
        let path = segment_path(folder, number);
        let (bytes, checksum) = header(instruments)?;
        let partial = PartialFile::create(&path, false)?;
        partial.file().write_all(&bytes).map_err(TapeError::io(&path, "write"))?;
        partial.publish()?;
        let file = File::options().append(true).open(&path).map_err(TapeError::io(&path, "open"))?;
        Ok(Self { number, path, file, length: bytes.len() as u64, checksum, blocks: 0, times_ns: None })
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes written so far.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Writes records as a block; `bytes` is room for it.
    pub(super) fn write_block(
        &mut self,
        ticks: &[Tick],
        (first_ns, last_ns): (i64, i64),
        bytes: &mut Vec<u8>,
    ) -> Result<(), TapeError> {
        let length = std::mem::size_of_val(ticks) as u64;
        self.write(Frame { tag: BLOCK, count: ticks.len() as u32, length, first_ns, last_ns }, ticks, bytes)?;
        self.blocks += 1;
        self.times_ns = Some((self.times_ns.map_or(first_ns, |times| times.0), last_ns));
        Ok(())
    }

    pub(super) fn write_footer(&mut self, bytes: &mut Vec<u8>) -> Result<(), TapeError> {
        let (first_ns, last_ns) = self.times_ns.unwrap_or((0, 0));
        let footer = Frame { tag: FOOTER, count: self.blocks, length: self.length, first_ns, last_ns };
        self.write(footer, &[], bytes)
    }

    pub(super) fn sync(&self) -> Result<(), TapeError> {
        self.file.sync_data().map_err(TapeError::io(&self.path, "sync"))
    }

    fn write(&mut self, frame: Frame, ticks: &[Tick], bytes: &mut Vec<u8>) -> Result<(), TapeError> {
        let (frame, checksum) = frame.to_bytes(self.checksum, ticks);
        bytes.clear();
        bytes.extend_from_slice(&frame);
        bytes.extend_from_slice(bytemuck::cast_slice(ticks));
        self.file.write_all(bytes).map_err(TapeError::io(&self.path, "write"))?;
        self.length += bytes.len() as u64;
        self.checksum = checksum;
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn break_file(&mut self) {
        self.file = File::open(&self.path).unwrap();
    }
}
