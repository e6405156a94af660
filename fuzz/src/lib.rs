//! What the targets share: one instrument and a reader run over bytes in memory.

use std::path::PathBuf;

use tickwright_tape::{quiet, Input, ReadOptions, ReadRequest, Reader};
use tickwright_types::{Instrument, InstrumentSpec};

/// A perpetual with the grid of the seeds.
///
/// # Panics
/// Never: the definition is a constant.
pub fn perpetual() -> Instrument {
    let text = r#"{"id":"X","venue":"v","symbol":"BTCUSDT","kind":"linear_perpetual","tick_size":"0.1",
        "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}"#;
    let spec: InstrumentSpec = serde_json::from_str(text).expect("a constant");
    Instrument::new(spec).expect("a constant")
}

/// Reads `bytes` as a recording of `format`: strictly and forgivingly, each ends in records or an error with a code.
///
/// # Panics
/// Where a reader loses records in silence: that is the finding.
pub fn read(format: &str, bytes: &[u8]) {
    read_with(format, "fuzz", bytes, &ReadOptions::default());
}

/// Reads `bytes` as a file of that name with what its format needs.
///
/// # Panics
/// As [`read`].
pub fn read_with(format: &str, file: &str, bytes: &[u8], options: &ReadOptions) {
    let reader = Reader::by_name(format).expect("a reader of that name");
    for skip_bad in [0, 1_000] {
        let input = Input::Bytes(PathBuf::from(file), bytes.to_vec());
        let request = ReadRequest {
            skip_bad,
            allow_missing_snapshot: skip_bad > 0,
            options: options.clone(),
            ..ReadRequest::new(vec![input], vec![perpetual()])
        };
        let mut ticks = 0;
        let mut take = |block: &[tickwright_types::Tick]| {
            ticks += block.len() as u64;
            Ok(())
        };
        match reader.read(&request, &mut take, &mut quiet) {
            Ok(report) => assert_eq!(report.ticks, ticks, "records that were reported and records that came differ"),
            Err(error) => assert!(error.code().starts_with("E_"), "{error}"),
        }
    }
}
