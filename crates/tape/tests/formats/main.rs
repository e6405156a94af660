//! Every format on real recordings, each against what was computed from the file in another way. Recordings that may not
//! ship are read from the folder in `TICKWRIGHT_TEST_DATA`.

mod bars;
mod binance;
mod examples;
mod lean;
mod quotes;

use std::io::{stderr, Read, Write};
use std::path::{Path, PathBuf};

use tickwright_tape::{quiet, Input, ReadOptions, ReadReport, ReadRequest, Reader, TapeError};
use tickwright_types::{Instrument, Tick};

/// A file of the folder of recordings, or `None`, said aloud, if there is no such folder.
fn recording(name: &str) -> Option<PathBuf> {
    let Ok(folder) = std::env::var("TICKWRIGHT_TEST_DATA") else {
        // Not `println!`, which the test harness swallows when a test passes.
        let said = writeln!(stderr(), "SKIPPED: {name} does not ship and TICKWRIGHT_TEST_DATA is not set");
        said.expect("standard error takes a line");
        return None;
    };
    Some(Path::new(&folder).join(name))
}

/// A file that ships with the repository.
fn bundled(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name)
}

fn instrument(symbol: &str, kind: &str, tick_size: &str, lot_size: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"X","venue":"v","symbol":"{symbol}","kind":"{kind}","tick_size":"{tick_size}",
            "lot_size":"{lot_size}","base":"B","quote":"Q","settlement":"Q"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// Reads inputs to the end, holding that blocks and report agree and that nothing goes backwards.
fn read(
    reader: &str,
    inputs: Vec<Input>,
    instrument: Instrument,
    options: ReadOptions,
) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let request = ReadRequest { options, ..ReadRequest::new(inputs, vec![instrument]) };
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name(reader)?.read(&request, &mut take, &mut quiet)?;
    assert_eq!(report.ticks, ticks.len() as u64);
    assert!(ticks.is_sorted_by_key(|tick| tick.recv_ns));
    assert!(ticks.last().is_none_or(Tick::is_last), "the last message is whole");
    Ok((ticks, report))
}

fn files(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().cloned().map(Input::File).collect()
}

/// The text of a gzip file.
fn text_of(path: &Path) -> String {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn options(set: impl FnOnce(&mut ReadOptions)) -> ReadOptions {
    let mut options = ReadOptions::default();
    set(&mut options);
    options
}

/// Steps of `10^-decimals` in a decimal text, by hand.
fn steps(text: &str, decimals: usize) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= decimals || part[decimals..].bytes().all(|b| b == b'0'), "{text} has more decimals");
    let part: String = part.chars().chain("0".repeat(decimals).chars()).take(decimals).collect();
    format!("{whole}{part}").parse().unwrap()
}
