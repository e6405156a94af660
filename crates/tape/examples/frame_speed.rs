//! Nanoseconds from the bytes of a JSON depth message of 20 levels to a book that has them.
//!
//! `cargo run --release -p tickwright-tape --example frame_speed [rounds]`
//!
//! Each message goes the whole way of a recording: line, UTF-8, JSON, prices and sizes as exact ticks and lots, sequence
//! numbers, records, levels of a book. Its last book is compared with a plain map of the levels that were written.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Instant;

use tickwright_book::L2Book;
use tickwright_tape::{quiet, Input, ReadRequest, Reader, TapeError};
use tickwright_types::{Instrument, Rng, Tick, TickKind};

const FRAMES: u64 = 10_000;
/// Changed levels a side of a message.
const SIDE_LEVELS: usize = 10;
/// Levels that a side may have.
const DEPTH: u32 = 50;
const BEST_BID: i64 = 618_000;
const FIRST_NS: u64 = 1_723_161_255_000_000_000;

/// Levels by side and price, as lots.
type Plain = BTreeMap<(usize, i64), i64>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds: usize = std::env::args().nth(1).map_or(Ok(21), |text| text.parse())?;
    let btc: Instrument = serde_json::from_str(
        r#"{"id":"BTCUSDT-PERP","venue":"binance","symbol":"BTCUSDT","kind":"linear_perpetual","tick_size":"0.1",
            "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}"#,
    )?;
    let (text, plain) = recording();
    let bytes = text.len() as u64 / FRAMES;
    let request = ReadRequest::new(vec![Input::Bytes("frames".into(), text.into_bytes())], vec![btc]);
    let reader = Reader::by_name("binance-raw")?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let mut book = L2Book::default();
        let started = Instant::now();
        let mut take = |ticks: &[Tick]| -> Result<(), TapeError> {
            apply(ticks, &mut book);
            Ok(())
        };
        reader.read(&request, &mut take, &mut quiet)?;
        times.push(started.elapsed().as_nanos() as f64 / FRAMES as f64);
        assert_eq!(levels_of(&book), plain, "the book has other levels than were written");
    }
    let first = times[0];
    times.sort_by(f64::total_cmp);
    let (least, median) = (times[0], times[times.len() / 2]);
    println!("depth frame of 20 levels, {bytes} bytes ns: first {first:.0}, least {least:.0}, median {median:.0}");
    Ok(())
}

fn apply(ticks: &[Tick], book: &mut L2Book) {
    for tick in ticks {
        match tick.kind() {
            Some(TickKind::BookDelta) => {
                book.apply_level(usize::from(tick.side), tick.price_ticks, tick.size_lots);
            }
            Some(TickKind::SnapshotBegin) => book.snapshot_begin(),
            Some(TickKind::SnapshotLevel) => {
                book.snapshot_level(usize::from(tick.side), tick.price_ticks, tick.size_lots);
            }
            Some(TickKind::SnapshotEnd) => {
                book.snapshot_end();
            }
            _ => {}
        }
    }
}

/// A snapshot and messages of 20 changed levels, a fifth of them deletes, and the levels in force at the end.
fn recording() -> (String, Plain) {
    let mut rng = Rng::from_state(0x9E37_79B9_7F4A_7C15);
    let mut plain = Plain::from([((0, BEST_BID), 1), ((1, BEST_BID + 1), 1)]);
    let mut text = format!("{FIRST_NS} {{\"lastUpdateId\":1,\"E\":1723161255000,\"T\":1723161255000,");
    text.push_str("\"bids\":[[\"61800.00\",\"0.001\"]],\"asks\":[[\"61800.10\",\"0.001\"]]}\n");
    for n in 1..=FRAMES {
        let (ns, ms) = (FIRST_NS + n * 1_000_000, FIRST_NS / 1_000_000 + n);
        let _ = write!(
            text,
            "{ns} {{\"stream\":\"btcusdt@depth@0ms\",\"data\":{{\"e\":\"depthUpdate\",\"E\":{ms},\"T\":{ms},\
             \"s\":\"BTCUSDT\",\"U\":{},\"u\":{},\"pu\":{},\"b\":[{}],\"a\":[{}]}}}}",
            n + 1,
            n + 1,
            n,
            side(0, &mut plain, &mut rng),
            side(1, &mut plain, &mut rng),
        );
        text.push('\n');
    }
    (text, plain)
}

/// The changed levels of a side, as the venue writes them.
fn side(side: usize, plain: &mut Plain, rng: &mut Rng) -> String {
    let mut levels = Vec::new();
    while levels.len() < SIDE_LEVELS {
        let away = i64::from(rng.next_u32() % DEPTH);
        let price = if side == 0 { BEST_BID - away } else { BEST_BID + 1 + away };
        let lots = if rng.next_u32().is_multiple_of(5) { 0 } else { 1 + i64::from(rng.next_u32() % 5_000) };
        // A venue names a level once a message.
        if levels.iter().all(|&(other, _)| other != price) {
            levels.push((price, lots));
        }
    }
    for &(price, lots) in &levels {
        plain.insert((side, price), lots);
        if lots == 0 {
            plain.remove(&(side, price));
        }
    }
    let texts = levels
        .iter()
        .map(|&(price, lots)| format!("[\"{}.{}0\",\"{}.{:03}\"]", price / 10, price % 10, lots / 1_000, lots % 1_000));
    texts.collect::<Vec<_>>().join(",")
}

fn levels_of(book: &L2Book) -> Plain {
    let side = |side: usize| book.levels(side).map(move |(price, lots)| ((side, price), lots));
    side(0).chain(side(1)).collect()
}
