use sha2::{Digest, Sha256};
use tickwright_types::{Instrument, InstrumentSpec, Tick};

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

    /// Adds records; costs about 25 ns a record where the processor has SHA instructions, else 150.
    pub fn update(&mut self, ticks: &[Tick]) {
        self.0.update(bytemuck::cast_slice::<Tick, u8>(ticks));
    }

    /// The 32 bytes of the hash.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The definitions as compact JSON with the keys in the order of [`InstrumentSpec`] and numbers without idle zeros.
pub(crate) fn canonical_json(instruments: &[Instrument]) -> String {
    let specs: Vec<&InstrumentSpec> = instruments.iter().map(Instrument::spec).collect();
    serde_json::to_string(&specs).expect("a definition is plain data")
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The SHA-256 of some text as lower-case hexadecimal.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
