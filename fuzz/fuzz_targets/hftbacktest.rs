//! Zipped arrays: records or an error, whatever the archive or the array's header claims.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tickwright_fuzz::read("hftbacktest", bytes));
