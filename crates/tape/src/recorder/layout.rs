use std::path::{Path, PathBuf};

use tickwright_types::{Instrument, Tick};

use crate::content::{canonical_json, Checksum};
use crate::metadata::check_instruments;
use crate::TapeError;

pub(super) const MAGIC: &[u8; 8] = b"TWSEGMT\n";
pub(super) const VERSION: u32 = 1;

/// Bytes of a header before the definitions: magic, version and their length.
pub(super) const PREFIX: usize = 16;

pub(super) const CHECKSUM: usize = 8;

/// Most bytes of definitions: 65 535 of a thousand bytes each.
pub(super) const MAX_DEFINITIONS: usize = 1 << 26;

/// Bytes of a block before its records, and of a footer.
pub(super) const FRAME: usize = 40;

/// Most records of a block.
pub(super) const BLOCK_TICKS: usize = 4_096;

pub(super) const RECORD: usize = std::mem::size_of::<Tick>();

pub(super) const BLOCK: [u8; 4] = *b"BLCK";
pub(super) const FOOTER: [u8; 4] = *b"FOOT";

/// What stands before the records of a block, or at the end of a closed segment.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) tag: [u8; 4],
    pub(super) count: u32,
    pub(super) length: u64,
    pub(super) first_ns: i64,
    pub(super) last_ns: i64,
}

impl Frame {
    /// The frame and the checksum of it and its records, given the checksum before it.
    pub(super) fn to_bytes(self, before: u64, ticks: &[Tick]) -> ([u8; FRAME], u64) {
        let mut bytes = [0; FRAME];
        bytes[..4].copy_from_slice(&self.tag);
        bytes[4..8].copy_from_slice(&self.count.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.length.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first_ns.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.last_ns.to_le_bytes());
        let mut checksum = Checksum::new();
        checksum.update_bytes(&before.to_le_bytes());
        checksum.update_bytes(&bytes[..32]);
        checksum.update(ticks);
        let checksum = checksum.finish();
        bytes[32..].copy_from_slice(&checksum.to_le_bytes());
        (bytes, checksum)
    }

    pub(super) fn from_bytes(bytes: &[u8; FRAME]) -> Self {
        Self {
            tag: [bytes[0], bytes[1], bytes[2], bytes[3]],
            count: u32_at(bytes, 4),
            length: u64_at(bytes, 8),
            first_ns: u64_at(bytes, 16) as i64,
            last_ns: u64_at(bytes, 24) as i64,
        }
    }
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The header of a segment and its checksum.
pub(super) fn header(instruments: &[Instrument]) -> Result<(Vec<u8>, u64), TapeError> {
    check_instruments(instruments)?;
    let json = canonical_json(instruments);
    if json.len() > MAX_DEFINITIONS {
        let reason = format!("their definitions are {} bytes, a segment takes {MAX_DEFINITIONS}", json.len());
        return Err(TapeError::Option { option: "instrument", reason });
    }
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&(json.len() as u32).to_le_bytes());
    bytes.extend_from_slice(json.as_bytes());
    let checksum = sum(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    Ok((bytes, checksum))
}

pub(super) fn sum(bytes: &[u8]) -> u64 {
    let mut checksum = Checksum::new();
    checksum.update_bytes(bytes);
    checksum.finish()
}

const SUFFIX: &str = ".segment";

pub(super) fn segment_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}{SUFFIX}"))
}

/// The segments of a folder by number; other files are left alone.
pub(super) fn segments_of(folder: &Path) -> Result<Vec<(u32, PathBuf)>, TapeError> {
    let listed = || TapeError::io(folder, "list");
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(listed())? {
        let name = entry.map_err(listed())?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(SUFFIX)).and_then(|digits| digits.parse().ok());
        if let Some(number) = number.filter(|&number| segment_path(folder, number) == folder.join(&name)) {
            segments.push((number, folder.join(&name)));
        }
    }
    segments.sort();
    Ok(segments)
}
