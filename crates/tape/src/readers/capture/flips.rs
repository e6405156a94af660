//! A venue in a few lines, the slow obvious way, and what becomes of its messages when one digit is changed.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::kit::Sample;
use crate::readers::Checksums;
use tickwright_types::flags;

/// Sides of a whole book, bids first, price in tenths to size in hundredths.
type Book = [BTreeMap<u32, u32>; 2];

/// Price and size of the levels of each side.
type Sides = [Vec<(u32, u32)>; 2];

/// How one venue shows its book.
struct Venue {
    sample: Sample,
    /// Levels a side that its messages are about.
    depth: usize,
    checksum: fn(&Sides) -> u32,
    message: fn(&str, &Sides, u32) -> String,
}

const KRAKEN: Venue = Venue {
    sample: Sample {
        reader: "kraken-ws",
        grid: &[("A/B", "0.1", "0.01")],
        lines: &[r#"0.5: {"method":"subscribe","result":{"channel":"book","depth":10,"symbol":"A/B"}}"#],
    },
    depth: 10,
    checksum: |[bids, asks]| {
        let digits = |(price, size): &(u32, u32)| {
            let plain = |text: String| text.replace('.', "").trim_start_matches('0').to_owned();
            plain(tenths(*price)) + &plain(hundredths(*size))
        };
        crc32(&asks.iter().chain(bids).map(digits).collect::<String>())
    },
    message: |kind, changes, checksum| {
        let [bids, asks] = changes.each_ref().map(|side| {
            let level =
                |(price, size): &(u32, u32)| format!(r#"{{"price":{},"qty":{}}}"#, tenths(*price), hundredths(*size));
            side.iter().map(level).collect::<Vec<_>>().join(",")
        });
        format!(
            r#"{{"channel":"book","type":"{kind}","data":[{{"symbol":"A/B","bids":[{bids}],"asks":[{asks}],"checksum":{checksum}}}]}}"#
        )
    },
};

const BITGET: Venue = Venue {
    sample: Sample { reader: "bitget-ws", grid: &[("AB", "0.1", "0.01")], lines: &[] },
    depth: 25,
    checksum: |[bids, asks]| {
        let mut text = String::new();
        for rank in 0..25 {
            for (price, size) in [bids.get(rank), asks.get(rank)].into_iter().flatten() {
                write!(text, ":{}:{}", tenths(*price), hundredths(*size)).unwrap();
            }
        }
        crc32(text.trim_start_matches(':'))
    },
    message: |kind, changes, checksum| {
        let [bids, asks] = changes.each_ref().map(|side| {
            let level = |(price, size): &(u32, u32)| format!(r#"["{}","{}"]"#, tenths(*price), hundredths(*size));
            side.iter().map(level).collect::<Vec<_>>().join(",")
        });
        format!(
            r#"{{"action":"{kind}","arg":{{"channel":"books","instId":"AB"}},"data":[{{"asks":[{asks}],"bids":[{bids}],"checksum":{}}}]}}"#,
            checksum as i32
        )
    },
};

fn tenths(n: u32) -> String {
    format!("{}.{}", n / 10, n % 10)
}

fn hundredths(n: u32) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

/// CRC-32 of ISO 3309, bit by bit.
fn crc32(text: &str) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !text.bytes().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(byte), step))
}

/// The best levels of each side, best first.
fn shown(book: &Book, depth: usize) -> Sides {
    let level = |(price, size): (&u32, &u32)| (*price, *size);
    [book[0].iter().rev().map(level).take(depth).collect(), book[1].iter().map(level).take(depth).collect()]
}

/// One thing happens in the market: a level is set or, with size 0, is gone.
type Event = (usize, u32, u32);

/// The lines of a venue whose book sees these events.
fn lines(venue: &Venue, events: &[Event]) -> Vec<String> {
    let mut book: Book = Default::default();
    for at in 0..12 {
        book[0].insert(1_000 - 3 * at, 100 + at);
        book[1].insert(1_010 + 3 * at, 200 + at);
    }
    let mut before = shown(&book, venue.depth);
    let mut lines: Vec<String> = venue.sample.lines.iter().map(|line| (*line).to_owned()).collect();
    lines.push(format!("1.0: {}", (venue.message)("snapshot", &before, (venue.checksum)(&before))));
    for (side, offset, size) in events {
        let price = if *side == 0 { 1_004 - offset } else { 1_006 + offset };
        match size {
            0 => book[*side].remove(&price),
            size => book[*side].insert(price, *size),
        };
        let now = shown(&book, venue.depth);
        let changes = [0, 1].map(|side| {
            let fresh = now[side].iter().filter(|level| !before[side].contains(level)).copied();
            // What fell out of the depth is not said, only what is gone.
            let gone = before[side].iter().filter(|level| !book[side].contains_key(&level.0)).map(|level| (level.0, 0));
            gone.chain(fresh).collect::<Vec<_>>()
        });
        if changes.iter().any(|side| !side.is_empty()) {
            lines.push(format!("1.0: {}", (venue.message)("update", &changes, (venue.checksum)(&now))));
        }
        before = now;
    }
    lines
}

/// The places of the digits of prices, sizes and the checksum.
fn digits(line: &str) -> Vec<usize> {
    let start = line.find(r#""data""#).map_or(line.len(), |at| at);
    line.char_indices().filter(|(at, c)| *at > start && c.is_ascii_digit()).map(|(at, _)| at).collect()
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    // At most 25 prices a side, so that every level of Bitget's book is in its checksum.
    prop::collection::vec((0usize..2, 0u32..25, prop_oneof![Just(0), 1u32..2_000]), 1..40)
}

fn check(venue: &Venue, events: &[Event], which: prop::sample::Index, digit: prop::sample::Index, add: u32) {
    let lines = lines(venue, events);
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (_, report) = venue.sample.read_lines(&texts).unwrap();
    let books = (lines.len() - venue.sample.lines.len()) as u64;
    assert_eq!((report.checksums, report.snapshots), (Checksums { checked: books, equal: books }, 1));

    let which = venue.sample.lines.len() + which.index(books as usize);
    let places = digits(&lines[which]);
    let at = places[digit.index(places.len())];
    let old = lines[which].as_bytes()[at] - b'0';
    let new = char::from(b'0' + (old + add as u8) % 10).to_string();
    let flipped = [&lines[which][..at], &new, &lines[which][at + 1..]].concat();
    let mut texts: Vec<&str> = texts[..which].to_vec();
    texts.push(&flipped);
    match venue.sample.read_lines(&texts) {
        Ok((ticks, report)) => {
            assert_eq!(report.checksums.equal + 1, report.checksums.checked, "not caught: {flipped}");
            // A change that leaves nothing to record has nothing to carry the flag but what comes after it.
            let carries = ticks.last().unwrap().flags & flags::BAD_CHECKSUM != 0;
            assert!(carries || ticks.iter().all(|tick| tick.flags & flags::BAD_CHECKSUM == 0));
        }
        Err(err) => assert_eq!(err.line(), Some(which as u64 + 1), "{err}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_digit_changed_anywhere_in_a_kraken_book_message_is_caught_at_that_message(
        events in events(), which: prop::sample::Index, digit: prop::sample::Index, add in 1u32..10,
    ) {
        check(&KRAKEN, &events, which, digit, add);
    }

    #[test]
    fn a_digit_changed_anywhere_in_a_bitget_book_message_is_caught_at_that_message(
        events in events(), which: prop::sample::Index, digit: prop::sample::Index, add in 1u32..10,
    ) {
        check(&BITGET, &events, which, digit, add);
    }
}

#[test]
fn the_slow_checksum_is_that_of_the_standard() {
    assert_eq!(crc32("123456789"), 0xcbf4_3926);
}
