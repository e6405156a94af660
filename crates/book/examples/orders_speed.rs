//! Nanoseconds a change of [`L3Book`]: `cargo run --release -p tickwright-book --example orders_speed`.
//!
//! Prints the fastest, the median and the first round of additions and cancellations with 50 000 resting orders, as
//! they come and with the next ones asked for ahead, and of fills against such a book. After every record both best
//! prices are read; the answer is known and checked.
#![allow(clippy::disallowed_methods)]

#[path = "../tests/support/by_order.rs"]
mod by_order;

use std::hint::black_box;
use std::time::Instant;

use by_order::{events, Event, RESTING};
use tickwright_book::L3Book;

const RECORDS: usize = 2_050_000;
/// Sum of best bid and ask after every 1000th record, agreed on by several engines.
const CHECKSUM: i64 = 409_999_621;
const ROUNDS: usize = 15;
/// Records timed at a time.
const PART: usize = 10_000;
/// How many records ahead the book is asked to fetch.
const AHEAD: usize = 12;
/// Aggressors between two refills of the book, and the lots of each: about eight orders.
const TAKES: usize = 500;
const TAKE_LOTS: i64 = 20_000;

fn apply(book: &mut L3Book, event: &Event) {
    if event.add {
        black_box(book.add(event.id, usize::from(event.side), event.price_ticks, event.size_lots).is_ok());
    } else {
        black_box(book.cancel(event.id, event.size_lots).is_ok());
    }
}

/// Applies every record and reads both best prices; returns the checksum.
#[inline(never)]
fn replay<const FETCH: bool>(part: &[Event], ahead: &[Event], book: &mut L3Book) -> i64 {
    let (mut checksum, mut countdown) = (0, 1_000);
    for (n, event) in part.iter().enumerate() {
        if let (true, Some(next)) = (FETCH, ahead.get(n)) {
            book.prefetch(next.id, usize::from(next.side), next.price_ticks);
        }
        apply(book, event);
        let (bid, ask) = (book.best_price(0), book.best_price(1));
        countdown -= 1;
        if countdown == 0 {
            checksum += bid + ask;
            countdown = 1_000;
        }
        black_box((bid, ask));
    }
    checksum
}

/// Sums of each part's fastest time, which other work on the machine disturbs least, the median round and the first.
struct Rounds {
    fastest: Vec<f64>,
    rounds: Vec<f64>,
}

impl Rounds {
    fn new(parts: usize) -> Self {
        Self { fastest: vec![f64::MAX; parts], rounds: Vec::new() }
    }

    fn note(&mut self, part_ns: &[f64]) {
        for (fastest, &ns) in self.fastest.iter_mut().zip(part_ns) {
            *fastest = fastest.min(ns);
        }
        self.rounds.push(part_ns.iter().sum());
    }

    fn print(mut self, name: &str, items: usize) {
        let (first, each) = (self.rounds[0], items as f64);
        self.rounds.sort_by(f64::total_cmp);
        let median = self.rounds[self.rounds.len() / 2];
        let quiet: f64 = self.fastest.iter().sum();
        println!("{name:<34} {:>7.2} {:>7.2} {:>7.2}", quiet / each, median / each, first / each);
    }
}

/// The whole input; what happens before the book is full is checked and not timed.
fn time_changes<const FETCH: bool>(name: &str, records: &[Event]) {
    let mut rounds = Rounds::new((RECORDS - RESTING) / PART);
    let mut book = L3Book::default();
    for _ in 0..ROUNDS {
        book.clear();
        let (mut checksum, mut times) = (0, Vec::new());
        for (n, part) in records.chunks(PART).enumerate() {
            let ahead = &records[(n * PART + AHEAD).min(records.len())..];
            let start = Instant::now();
            checksum += replay::<FETCH>(part, ahead, &mut book);
            if n >= RESTING / PART {
                times.push(start.elapsed().as_nanos() as f64);
            }
        }
        assert_eq!(checksum, CHECKSUM);
        rounds.note(&times);
    }
    rounds.print(name, RECORDS - RESTING);
}

/// Aggressors from both sides in turn against a book that is filled again before every part.
fn time_fills(records: &[Event]) {
    let (mut rounds, mut fills_a_round) = (Rounds::new(40), 0);
    for _ in 0..ROUNDS {
        let mut book = L3Book::default();
        let (mut times, mut fills, mut lots) = (Vec::new(), 0usize, 0);
        for _ in 0..40 {
            book.clear();
            records[..RESTING].iter().for_each(|event| apply(&mut book, event));
            let start = Instant::now();
            for n in 0..TAKES {
                let (side, limit) = [(0, i64::MIN + 1), (1, i64::MAX - 1)][n % 2];
                let left = book.take(side, limit, TAKE_LOTS, |fill| {
                    fills += 1;
                    lots += fill.size_lots;
                });
                assert_eq!(left, 0);
            }
            times.push(start.elapsed().as_nanos() as f64);
        }
        assert_eq!(lots, 40 * TAKES as i64 * TAKE_LOTS);
        fills_a_round = fills;
        rounds.note(&times);
    }
    rounds.print("fill of a resting order", fills_a_round);
}

fn main() {
    let records = events(RECORDS);
    println!("{:<34} {:>7} {:>7} {:>7}", "ns each", "quiet", "median", "first");
    time_changes::<false>("add or cancel, 50000 resting", &records);
    time_changes::<true>("the same, fetched ahead", &records);
    time_fills(&records);
}
