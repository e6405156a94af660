use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{L3Book, Order, OrderCounts};
use crate::ladder::BookConfig;

/// A book as it is stored: its orders, best price first and in the order of their queues.
#[derive(Serialize, Deserialize)]
struct StoredBook {
    config: BookConfig,
    counts: OrderCounts,
    orders: Vec<Order>,
}

impl Serialize for L3Book {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let orders = (0..2).flat_map(|side| self.orders(side)).collect();
        StoredBook { config: self.config(), counts: self.counts, orders }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for L3Book {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredBook::deserialize(deserializer)?;
        let mut book = L3Book::new(stored.config);
        for Order { id, side, price_ticks, size_lots } in stored.orders {
            let placed = side < 2 && book.add(id, usize::from(side), price_ticks, size_lots) == Ok(None);
            if !placed {
                return Err(D::Error::custom(format_args!(
                    "stored order {id}: an id comes once, with side 0 or 1, a price and a size above 0; this one has \
                     side {side}, {price_ticks} ticks and {size_lots} lots"
                )));
            }
        }
        book.counts = stored.counts;
        Ok(book)
    }
}
