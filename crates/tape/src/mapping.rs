//! The one place of this crate with `unsafe` in it.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// Maps a whole file for reading.
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes of a mapping must not change under a shared reference. Cache files are written under another
    // name, synced and renamed; no process of ours ever opens one for writing after that (a new one replaces the name,
    // not the bytes), and on Unix they are read-only. Somebody who truncates one by force ends the process with SIGBUS,
    // as with every mapped file.
    unsafe { Mmap::map(file) }
}
