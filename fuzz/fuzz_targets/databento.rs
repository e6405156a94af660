//! Binary records of Databento: records or an error, whatever the file claims.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tickwright_fuzz::read("databento", bytes));
