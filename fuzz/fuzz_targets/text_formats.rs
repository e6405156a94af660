//! Files of CSV and JSON formats, plain, gzip or zip; the first byte chooses the format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tickwright_tape::ReadOptions;

const FORMATS: [(&str, &str); 10] = [
    ("binance-aggtrades", "a.csv"),
    ("binance-trades", "a.csv"),
    ("binance-rest", "a.json"),
    ("freqtrade-trades", "a.json"),
    ("ohlcv", "a.csv"),
    ("truefx", "a.csv"),
    ("lean", "20131007_btcusdt_tick_quote.csv"),
    ("tardis-book", "a.csv"),
    ("tardis-trades", "a.csv"),
    ("tardis-quotes", "a.csv"),
];

/// What the format needs, and nothing that it has no use for.
fn options(format: &str) -> ReadOptions {
    let text = |text: &str| Some(text.to_owned());
    let none = ReadOptions::default();
    match format {
        "binance-aggtrades" | "binance-trades" => ReadOptions { time_unit: text("ms"), ..none },
        "ohlcv" => ReadOptions {
            bar: text("1m"),
            bar_time: text("open"),
            time_unit: text("ms"),
            tz: text("America/New_York"),
            off_grid: text("round"),
            ..none
        },
        "truefx" => ReadOptions { quote_size: text("1"), ..none },
        "lean" => ReadOptions { tz: text("America/New_York"), bar: text("1h"), quote_size: text("1"), ..none },
        _ => none,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let (format, file) = FORMATS[usize::from(*first) % FORMATS.len()];
    tickwright_fuzz::read_with(format, file, bytes, &options(format));
});
