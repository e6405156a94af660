//! Messages of orders: records or an error, whatever the file claims.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tickwright_fuzz::read("bitstamp-log", bytes));
