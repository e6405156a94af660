//! An instrument file: refused with a code, or an instrument whose grid reads and writes the same text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tickwright_types::{Instrument, InstrumentSpec};

fuzz_target!(|input: (&str, i64, i64)| {
    let (text, ticks, lots) = input;
    let Ok(spec) = serde_json::from_str::<InstrumentSpec>(text) else { return };
    let instrument = match Instrument::new(spec) {
        Ok(instrument) => instrument,
        Err(error) => return assert!(error.code().starts_with("E_"), "{error}"),
    };
    if let Ok(read) = instrument.price_ticks(&instrument.price_text(ticks)) {
        assert_eq!(read, ticks);
    }
    if let Ok(read) = instrument.size_lots(&instrument.size_text(lots)) {
        assert_eq!(read, lots);
    }
});
