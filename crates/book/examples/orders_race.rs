//! [`L3Book`] as one of those that take turns: reads `{"path": …, "records": …}` a line and answers `{"ns": …}` with the
//! sum of best bid and ask after every 1000th record.
//!
//! The file holds 32-byte events: time i64, price i32, kind u32 (4 and 5 add a bid or an ask, 6 and 7 cancel one), quantity
//! f64 in thousandths, id u64, all little-endian.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::Instant;

use serde_json::{json, Value};
use tickwright_book::L3Book;

const EVENT_BYTES: usize = 32;
const FIRST_CANCEL: u32 = 6;

struct Event {
    id: u64,
    price_ticks: i64,
    size_lots: i64,
    kind: u32,
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", json!({ "versions": { "tickwright-book": env!("CARGO_PKG_VERSION") } }))?;
    let (mut kept, mut events) = (Value::Null, Vec::new());
    let mut book = L3Book::default();
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        if kept != request {
            events = read(&request)?;
            kept = request;
        }
        book.clear();
        let started = Instant::now();
        let checksum = replay(&events, &mut book);
        let ns = started.elapsed().as_nanos() as u64;
        writeln!(out, "{}", json!({ "ns": ns, "answer": { "checksum": checksum } }))?;
    }
    Ok(())
}

fn read(request: &Value) -> std::io::Result<Vec<Event>> {
    let bytes = std::fs::read(request["path"].as_str().unwrap_or_default())?;
    let records = request["records"].as_u64().unwrap_or(0) as usize;
    let word = |event: &[u8], at: usize| u64::from_le_bytes(std::array::from_fn(|n| event[at + n]));
    let events = bytes.chunks_exact(EVENT_BYTES).take(records).map(|event| Event {
        id: word(event, 24),
        price_ticks: i64::from(word(event, 8) as i32),
        size_lots: (f64::from_bits(word(event, 16)) * 1_000.0).round() as i64,
        kind: (word(event, 8) >> 32) as u32,
    });
    Ok(events.collect())
}

#[inline(never)]
fn replay(events: &[Event], book: &mut L3Book) -> i64 {
    let (mut checksum, mut countdown) = (0, 1_000);
    for event in events {
        let done = if event.kind < FIRST_CANCEL {
            book.add(event.id, (event.kind & 1) as usize, event.price_ticks, event.size_lots).is_ok()
        } else {
            book.cancel(event.id, event.size_lots).is_ok()
        };
        let (bid, ask) = (book.best_price(0), book.best_price(1));
        countdown -= 1;
        if countdown == 0 {
            checksum += bid + ask;
            countdown = 1_000;
        }
        black_box((bid, ask, done));
    }
    checksum
}
