//! Captured venue messages, plain or gzip: records or an error that names line and column, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tickwright_fuzz::read("binance-raw", bytes));
