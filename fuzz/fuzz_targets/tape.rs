//! A file that may be a tape: opened and verified, or refused with a code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Write;
use tickwright_tape::{quiet, verify};

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    if let Err(error) = verify(file.path(), &mut quiet) {
        assert!(error.code().starts_with("E_"), "{error}");
    }
});
