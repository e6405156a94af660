//! Nanoseconds an update of [`L2Book`]: `cargo run --release -p tickwright-book --example book_speed [EVENTS.bin]`.
//!
//! Prints the fastest and the median round of a walking touch in one book, of the same rule over 500 books at random,
//! and of a file of 32-byte events if one is given. After every record both best prices are read; the answer of the
//! walk is known and checked.
#![allow(clippy::disallowed_methods)]

use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

use tickwright_book::{BookConfig, BookMonitor, BookState, L2Book};
use tickwright_types::{prefetch_ahead, Rng};

const RECORDS: usize = 1_000_000;
const BOOKS: usize = 500;
const ROUNDS: usize = 25;
/// Records timed at a time.
const PART: usize = 10_000;
/// Sum of best bid and ask after every 1000th of the first million records, agreed on by several engines.
const WALK_CHECKSUM: i64 = 200_335_256;
const KIND_TRADE: u8 = 2;
/// How many records ahead the stream itself is asked for: 2 KB.
const STREAM_AHEAD: usize = 43;

/// A market record as an engine holds it: 48 bytes.
#[derive(Clone, Copy)]
#[repr(C)]
struct Record {
    recv_ns: i64,
    exch_ns: i64,
    price_ticks: i64,
    size_lots: i64,
    id: u64,
    book: u16,
    /// 0 bid level, 1 ask level, 2 trade.
    kind: u8,
}

fn record(ts_ns: i64, id: usize, book: usize, kind: u8, price_ticks: i64, size_lots: i64) -> Record {
    Record { recv_ns: ts_ns, exch_ns: ts_ns, price_ticks, size_lots, id: id as u64, book: book as u16, kind }
}

/// Levels around a touch that walks because it is deleted and improved; each record for one of `books` books.
fn walk(records: usize, books: usize) -> Vec<Record> {
    let mut rng = Rng::from_state(0x9E37_79B9_7F4A_7C15);
    let mut state = vec![L2Book::default(); books];
    let mut ts_ns = 1_700_000_000_000_000_000;
    let mut out = Vec::with_capacity(records);
    for n in 0..records + 2_000 * (books - 1) {
        ts_ns += 1_000 + i64::from(rng.next_u32() % 199_001);
        let seeding = n < 2_000 * books;
        let book = if books == 1 {
            0
        } else if seeding {
            n / 2_000
        } else {
            rng.next_u32() as usize % books
        };
        let (kind, price, lots) = if seeding { seed(n % 2_000, &mut rng) } else { next(&state[book], &mut rng) };
        if kind < KIND_TRADE {
            state[book].apply_level(usize::from(kind), price, lots);
        }
        out.push(record(ts_ns, n, book, kind, price, lots));
    }
    out
}

fn seed(n: usize, rng: &mut Rng) -> (u8, i64, i64) {
    let depth = n as i64 / 2;
    let price = if n.is_multiple_of(2) { 99_999 - depth } else { 100_001 + depth };
    ((n % 2) as u8, price, 1 + i64::from(rng.next_u32() % 5_000))
}

fn next(book: &L2Book, rng: &mut Rng) -> (u8, i64, i64) {
    if rng.next_u32() % 1_000 < 100 {
        let side = rng.next_u32() as usize % 2;
        return (KIND_TRADE, book.best_price(side), 1 + i64::from(rng.next_u32() % 2_000));
    }
    let side = rng.next_u32() as usize % 2;
    let distance = if rng.next_u32() % 100 >= 95 {
        i64::from(rng.next_u32() % 2_000)
    } else {
        std::iter::repeat_with(|| rng.next_u32()).take_while(|draw| draw % 9 != 0).count() as i64
    };
    let price = if side == 0 { book.best_price(1) - 1 - distance } else { book.best_price(0) + 1 + distance };
    let delete = rng.next_u32() % 100 < 35 && book.size_at(side, price) > 0 && book.level_count(side) > 1;
    (side as u8, price, if delete { 0 } else { 1 + i64::from(rng.next_u32() % 5_000) })
}

/// Events of 32 bytes: time i64, price i32, kind u32, quantity f64 in thousandths, id u64.
fn read_events(path: &str) -> std::io::Result<Vec<Record>> {
    let bytes = std::fs::read(path)?;
    let events = bytes.chunks_exact(32).map(|event| {
        let word = |at: usize| i64::from_le_bytes(std::array::from_fn(|n| event[at + n]));
        let lots = (f64::from_bits(word(16) as u64) * 1_000.0).round() as i64;
        record(word(0), word(24) as usize, 0, (word(8) >> 32).min(2) as u8, i64::from(word(8) as i32), lots)
    });
    Ok(events.collect())
}

#[derive(Clone, Copy)]
enum Mode {
    Plain,
    Monitored,
}

/// Applies every record and reads both best prices; returns the checksum.
#[inline(never)]
fn replay<const MONITOR: bool>(
    records: &[Record],
    part: Range<usize>,
    books: &mut [L2Book],
    monitors: &mut [BookMonitor],
) -> i64 {
    let (mut checksum, mut countdown, mut live) = (0i64, 1_000, 0u64);
    for r in &records[part] {
        prefetch_ahead(r, STREAM_AHEAD);
        let book = &mut books[usize::from(r.book)];
        if r.kind < KIND_TRADE {
            book.apply_level(usize::from(r.kind & 1), r.price_ticks, r.size_lots);
        }
        let (bid, ask) = (book.best_price(0), book.best_price(1));
        if MONITOR {
            live += u64::from(monitors[usize::from(r.book)].on_last(r.recv_ns, r.id, bid, ask) == BookState::Live);
        }
        countdown -= 1;
        if countdown == 0 {
            checksum += bid + ask;
            countdown = 1_000;
        }
        black_box((bid, ask));
    }
    black_box(live);
    checksum
}

/// Times every part of the records in every round and prints the sum of each part's fastest time, which other work on
/// the machine disturbs least, the median round and the first.
fn time(name: &str, records: &[Record], books: usize, mode: Mode, fresh: bool) -> i64 {
    let (mut rounds, mut checksum) = (Vec::new(), 0);
    let mut fastest = vec![f64::MAX; records.len().div_ceil(PART)];
    let mut kept = vec![L2Book::new(BookConfig::default()); books];
    for _ in 0..ROUNDS {
        if fresh {
            kept = vec![L2Book::new(BookConfig::default()); books];
        }
        kept.iter_mut().for_each(L2Book::clear);
        let mut monitors = vec![BookMonitor::default(); books];
        let (mut round, mut sum) = (0.0, 0);
        for (n, fastest) in fastest.iter_mut().enumerate() {
            let part = n * PART..((n + 1) * PART).min(records.len());
            let start = Instant::now();
            sum += match mode {
                Mode::Plain => replay::<false>(records, part, &mut kept, &mut monitors),
                Mode::Monitored => replay::<true>(records, part, &mut kept, &mut monitors),
            };
            let ns = start.elapsed().as_nanos() as f64 / records.len() as f64;
            *fastest = fastest.min(ns);
            round += ns;
        }
        rounds.push(round);
        checksum = sum;
    }
    let first = rounds[0];
    rounds.sort_by(f64::total_cmp);
    println!("{name:<34} {:>7.2} {:>7.2} {first:>7.2}", fastest.iter().sum::<f64>(), rounds[rounds.len() / 2]);
    checksum
}

fn all_modes(input: &str, records: &[Record], books: usize) -> i64 {
    time(&format!("{input}, new book"), records, books, Mode::Plain, true);
    time(&format!("{input}, warm book"), records, books, Mode::Plain, false);
    time(&format!("{input}, monitored"), records, books, Mode::Monitored, false)
}

fn main() -> std::io::Result<()> {
    println!("{:<34} {:>7} {:>7} {:>7}", "ns a record", "quiet", "median", "first");
    let walked = walk(RECORDS, 1);
    assert_eq!(all_modes("walk", &walked, 1), WALK_CHECKSUM);
    all_modes("500 books", &walk(RECORDS, BOOKS), BOOKS);
    if let Some(path) = std::env::args().nth(1) {
        let checksum = all_modes("file", &read_events(&path)?, 1);
        println!("checksum of the file {checksum}");
    }
    Ok(())
}
