//! Captured websockets: the first byte says whose. Records or an error that names line and column, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

const READERS: [&str; 8] = [
    "kraken-ws",
    "bitget-ws",
    "okx-ws",
    "binance-futures-ws",
    "coinbase-ws",
    "bitmex-ws",
    "kraken-futures-ws",
    "deribit-ws",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((which, lines)) = bytes.split_first() else { return };
    tickwright_fuzz::read(READERS[usize::from(*which) % READERS.len()], lines);
});
