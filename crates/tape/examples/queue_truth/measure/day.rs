use std::path::PathBuf;

use tickwright_tape::{quiet, Input, ReadOptions, ReadRequest, Reader};
use tickwright_types::{Instrument, Tick};

/// 25 December 2023, 23:00 UTC: the session of the recorded day opens. Before it the book may be crossed.
pub const OPEN_NS: i64 = 1_703_545_200_000_000_000;

/// The future of the recording. Each lot counts once: money is not measured.
pub fn esh4() -> Instrument {
    let text = r#"{"id":"ESH4","venue":"cme","symbol":"ESH4","kind":"future","tick_size":"0.25","lot_size":"1",
        "multiplier":"50","expiry":"2024-03-15T13:30:00Z","base":"ES","quote":"USD","settlement":"USD"}"#;
    serde_json::from_str(text).expect("an instrument")
}

/// The records by order of a file of Databento's.
pub fn read(file: PathBuf) -> Vec<Tick> {
    let request =
        ReadRequest { options: ReadOptions::default(), ..ReadRequest::new(vec![Input::File(file)], vec![esh4()]) };
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let reader = Reader::by_name("databento").expect("a reader of that name");
    reader.read(&request, &mut take, &mut quiet).expect("a readable recording");
    ticks
}
