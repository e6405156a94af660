//! Recordings by order against what independent replays of them found. None may ship: they are read from the folder in
//! `TICKWRIGHT_TEST_DATA`. What ships are samples of a few rows.

mod bitstamp;
mod cme;
mod lobster;
mod samples;

use std::collections::BTreeMap;
use std::io::{stderr, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use tickwright_book::{L3Book, OrderCounts};
use tickwright_tape::{quiet, verify_source, Input, MemorySource, ReadOptions, ReadReport, ReadRequest, Reader};
use tickwright_types::{flags, Instrument, Tick, TickKind, NO_SIDE};

/// A file of the folder, or `None`, said aloud, if there is no such folder.
fn other(name: &str) -> Option<PathBuf> {
    let Ok(folder) = std::env::var("TICKWRIGHT_TEST_DATA") else {
        // Not `println!`, which the test harness swallows when a test passes.
        let said = writeln!(stderr(), "SKIPPED: {name:?} does not ship and TICKWRIGHT_TEST_DATA is not set");
        said.expect("standard error takes a line");
        return None;
    };
    Some(Path::new(&folder).join(name))
}

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn instrument(symbol: &str, kind: &str, tick_size: &str, lot_size: &str, multiplier: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"{symbol}","venue":"v","symbol":"{symbol}","kind":"{kind}","tick_size":"{tick_size}",
            "lot_size":"{lot_size}","multiplier":"{multiplier}","base":"B","quote":"USD","settlement":"USD"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

struct Recording {
    ticks: Vec<Tick>,
    report: ReadReport,
    instruments: Vec<Instrument>,
}

fn read(from: &str, files: Vec<PathBuf>, instruments: Vec<Instrument>, options: ReadOptions) -> Recording {
    let inputs = files.into_iter().map(Input::File).collect();
    let request = ReadRequest { options, ..ReadRequest::new(inputs, instruments.clone()) };
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name(from).unwrap().read(&request, &mut take, &mut quiet).unwrap();
    assert_eq!(report.ticks, ticks.len() as u64);
    Recording { ticks, report, instruments }
}
