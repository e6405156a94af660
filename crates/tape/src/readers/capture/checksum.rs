//! Checksums that venues take of the best levels of a book, as printed.
//!
//! Sources: Kraken, "Spot Websockets (v1) / (v2) Book Checksum"; OKX, "Order book channel, checksum"; Bitget, "Depth
//! channel, checksum".

use flate2::Crc;
use tickwright_types::Side;

use super::levels::{Level, Levels};

/// Levels a side in Kraken's checksum.
const KRAKEN_LEVELS: usize = 10;

/// Levels a side in the checksum of Bitget and OKX.
const INTERLEAVED_LEVELS: usize = 25;

/// How a venue takes its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checksum {
    /// Best 10 asks, then best 10 bids, each price and size without dot and leading zeros.
    Kraken,
    /// `bid:size:ask:size:…` over the best 25 levels; where one side has fewer, the other goes on alone.
    Interleaved,
}

impl Checksum {
    /// The checksum of the book as it stands.
    pub(super) fn of(self, levels: &Levels) -> u32 {
        let mut crc = Crc::new();
        match self {
            Self::Kraken => {
                for side in [Side::Ask, Side::Bid] {
                    for level in levels.best(side).take(KRAKEN_LEVELS) {
                        without_dot(&mut crc, &level.price);
                        without_dot(&mut crc, &level.size);
                    }
                }
            }
            Self::Interleaved => {
                let mut sides = [levels.best(Side::Bid), levels.best(Side::Ask)];
                for _ in 0..INTERLEAVED_LEVELS {
                    for level in sides.iter_mut().filter_map(Iterator::next) {
                        joined(&mut crc, level);
                    }
                }
            }
        }
        crc.sum()
    }
}

/// Adds the digits from the first one that is not zero.
fn without_dot(crc: &mut Crc, text: &str) {
    let start = text.bytes().position(|byte| !matches!(byte, b'0' | b'.')).unwrap_or(text.len());
    for part in text[start..].split('.') {
        crc.update(part.as_bytes());
    }
}

fn joined(crc: &mut Crc, level: &Level) {
    if crc.amount() > 0 {
        crc.update(b":");
    }
    crc.update(level.price.as_bytes());
    crc.update(b":");
    crc.update(level.size.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::super::row::Change;
    use super::*;
    use tickwright_types::Instrument;

    fn book(bids: &[(&'static str, &'static str)], asks: &[(&'static str, &'static str)]) -> Levels {
        let instrument: Instrument = serde_json::from_str(
            r#"{"id":"B","venue":"v","symbol":"B","kind":"spot","tick_size":"0.1","lot_size":"0.00000001","base":"B",
                "quote":"Q","settlement":"Q"}"#,
        )
        .unwrap();
        let mut levels = Levels::new(&instrument);
        let change = |side: Side, (price, size): (&'static str, &'static str)| Change {
            side,
            price_ticks: instrument.price_ticks(price).unwrap(),
            size_lots: instrument.size_lots(size).unwrap(),
            deletes: false,
            price: price.into(),
            size: size.into(),
        };
        let bids = bids.iter().map(|level| change(Side::Bid, *level));
        let asks = asks.iter().map(|level| change(Side::Ask, *level));
        levels.apply(&mut bids.chain(asks).collect(), None);
        levels
    }

    /// The example of docs.kraken.com/api/docs/guides/spot-ws-book-v2.
    #[test]
    fn krakens_published_example_has_its_published_checksum() {
        let bids = [
            ("45283.5", "0.10000000"),
            ("45283.4", "1.54582015"),
            ("45282.1", "0.10000000"),
            ("45281.0", "0.10000000"),
            ("45280.3", "1.54592586"),
            ("45279.0", "0.07990000"),
            ("45277.6", "0.03310103"),
            ("45277.5", "0.30000000"),
            ("45277.3", "1.54602737"),
            ("45276.6", "0.15445238"),
        ];
        let asks = [
            ("45285.2", "0.00100000"),
            ("45286.4", "1.54571953"),
            ("45286.6", "1.54571109"),
            ("45289.6", "1.54560911"),
            ("45290.2", "0.15890660"),
            ("45291.8", "1.54553491"),
            ("45294.7", "0.04454749"),
            ("45296.1", "0.35380000"),
            ("45297.5", "0.09945542"),
            ("45299.5", "0.18772827"),
        ];
        assert_eq!(Checksum::Kraken.of(&book(&bids, &asks)), 3_310_070_434);
        let deeper = [&bids[..], &[("45270.0", "9.00000000")]].concat();
        assert_eq!(Checksum::Kraken.of(&book(&deeper, &asks)), 3_310_070_434, "the eleventh level is not in it");
    }

    /// The two examples of okx.com/docs-v5, order book channel: bids and asks in pairs, and more asks than bids.
    #[test]
    fn okxs_published_examples_have_their_published_checksums() {
        let paired = book(&[("3366.1", "7"), ("3366", "6")], &[("3366.8", "9"), ("3368", "8")]);
        assert_eq!(Checksum::Interleaved.of(&paired) as i32, -1_881_014_294);
        let more_asks = book(&[("3366.1", "7")], &[("3366.8", "9"), ("3368", "8"), ("3372", "8")]);
        assert_eq!(Checksum::Interleaved.of(&more_asks) as i32, 831_078_360);
    }

    #[test]
    fn an_empty_book_has_the_checksum_of_nothing() {
        assert_eq!((Checksum::Kraken.of(&book(&[], &[])), Checksum::Interleaved.of(&book(&[], &[]))), (0, 0));
    }
}
