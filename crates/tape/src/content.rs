use std::hash::Hasher;

use sha2::{Digest, Sha256};
use tickwright_types::{Instrument, InstrumentSpec, Tick};
use twox_hash::XxHash3_64;

#[cfg(target_endian = "big")]
compile_error!("ticks are hashed and cached as they lie in memory, which must be little-endian");

/// The hash that names what a tape holds: SHA-256 over the canonical JSON of its instrument definitions, one line
/// feed, and its records as 48 little-endian bytes each.
///
/// The writer, the compression and the row groups have no part in it.
pub struct ContentHasher(Sha256);

impl ContentHasher {
    /// Starts with the definitions.
    pub fn new(instruments: &[Instrument]) -> Self {
        let mut hash = Sha256::new();
        hash.update(canonical_json(instruments).as_bytes());
        hash.update(b"\n");
        Self(hash)
    }

    /// Adds records; costs about 25 ns a record where the processor has SHA instructions, else 200.
    pub fn update(&mut self, ticks: &[Tick]) {
        self.0.update(bytemuck::cast_slice::<Tick, u8>(ticks));
    }

    /// The 32 bytes of the hash.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// A fast checksum of the records, XXH3 of 64 bits: finds damage on every read where the content hash would cost more
/// than decoding. It does not find forgery.
pub(crate) struct Checksum(XxHash3_64);

impl Checksum {
    pub(crate) fn new() -> Self {
        Self(XxHash3_64::new())
    }

    pub(crate) fn update(&mut self, ticks: &[Tick]) {
        self.update_bytes(bytemuck::cast_slice(ticks));
    }

    pub(crate) fn update_bytes(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    pub(crate) fn finish(&self) -> u64 {
        self.0.finish()
    }
}

/// The definitions as compact JSON with the keys in the order of [`InstrumentSpec`] and numbers without idle zeros.
pub(crate) fn canonical_json(instruments: &[Instrument]) -> String {
    let specs: Vec<&InstrumentSpec> = instruments.iter().map(Instrument::spec).collect();
    serde_json::to_string(&specs).expect("a definition is plain data")
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The SHA-256 of some text as lower-case hexadecimal.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
