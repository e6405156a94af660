use std::path::Path;

use tickwright_tape::{TapeError, TapeInfo, TapeReader, TickSource};
use tickwright_types::Tick;

use super::raw::Numbers;
use super::slab::Slab;
use super::{cell, Done};
use crate::raw::Raised;

/// Words of 8 bytes in a record.
const WORDS: usize = size_of::<Tick>() / 8;

/// A tape that is read from its beginning.
pub(super) struct Tape {
    reader: TapeReader,
    block: Vec<Tick>,
    /// Records of the block that were handed out.
    taken: usize,
}

impl Tape {
    /// Opens a tape and checks what its footer says.
    pub(super) fn open(path: &str) -> Result<Self, TapeError> {
        Ok(Self { reader: TapeReader::open(Path::new(path))?, block: Vec::new(), taken: 0 })
    }

    pub(super) fn info(&self) -> &TapeInfo {
        self.reader.info()
    }

    /// Whether a record is at hand, after reading on where that is needed.
    fn has_rest(&mut self) -> Result<bool, TapeError> {
        if self.taken < self.block.len() {
            return Ok(true);
        }
        self.taken = 0;
        self.reader.next_block(&mut self.block)
    }
}

/// Fills `out` with the next whole records and leaves how many they are; 0 at the end.
pub(super) fn fill(tapes: &mut Slab<Tape>, cells: Numbers<'_>, out: Numbers<'_>) -> Done {
    let wanted = out.len() / WORDS;
    let filled = tapes.with(cells.handle(), |tape| {
        let mut filled = 0;
        while filled < wanted && tape.has_rest().map_err(Raised::from)? {
            let rest = &tape.block[tape.taken..];
            let rest = &rest[..rest.len().min(wanted - filled)];
            let words = bytemuck::cast_slice::<Tick, u64>(rest);
            words.iter().enumerate().for_each(|(k, &word)| out.set_bits(filled * WORDS + k, word));
            (filled, tape.taken) = (filled + rest.len(), tape.taken + rest.len());
        }
        Ok(filled)
    })?;
    cells.set(cell::RESULTS, filled as f64);
    Ok(())
}
