//! The one place of this crate with `unsafe` in it.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;

use memmap2::Mmap;
use tickwright_types::{Tick, TickOwner};

use crate::CachedTape;

/// Maps a whole file for reading.
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes of a mapping must not change under a shared reference. Cache files are written under another
    // name, synced and renamed; no process of ours ever opens one for writing after that (a new one replaces the name,
    // not the bytes), and on Unix they are read-only. Somebody who truncates one by force ends the process with SIGBUS,
    // as with every mapped file.
    unsafe { Mmap::map(file) }
}

// SAFETY: the records lie in the mapping that the tape owns; it is mapped once, at a fixed place, and its bytes do not
// change (see `map`).
unsafe impl TickOwner for CachedTape {
    fn ticks(&self) -> &[Tick] {
        self.ticks()
    }
}
