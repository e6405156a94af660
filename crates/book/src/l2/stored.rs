use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::L2Book;
use crate::ladder::{flip, BookConfig, Ladder};

/// A book as it is stored: its levels, best first, not its bands.
#[derive(Serialize, Deserialize)]
struct StoredBook {
    config: BookConfig,
    visible: StoredSides,
    /// Levels so far of a snapshot that was under way.
    snapshot: Option<StoredSides>,
}

/// `(price_ticks, size_lots)` of bids and asks.
type StoredSides = [Vec<(i64, i64)>; 2];

fn stored(ladders: [&Ladder<i64>; 2]) -> StoredSides {
    [0, 1].map(|side| ladders[side].levels().map(|(key, lots)| (flip(side, key), lots)).collect())
}

impl Serialize for L2Book {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let snapshot = self.snapshot_ladders().map(|ladders| stored(ladders.each_ref()));
        StoredBook { config: self.config(), visible: stored([self.ladder(0), self.ladder(1)]), snapshot }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for L2Book {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredBook::deserialize(deserializer)?;
        let mut book = L2Book::new(stored.config);
        for (side, levels) in stored.visible.iter().enumerate() {
            for &(price_ticks, size_lots) in levels {
                book.apply_level(side, price_ticks, size_lots);
            }
        }
        for (side, levels) in stored.snapshot.iter().flatten().enumerate() {
            if !book.in_snapshot() {
                book.snapshot_begin();
            }
            for &(price_ticks, size_lots) in levels {
                book.snapshot_level(side, price_ticks, size_lots);
            }
        }
        Ok(book)
    }
}
