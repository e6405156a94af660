use serde::{Deserialize, Serialize};

/// A resting order as an [`L3Book`](crate::L3Book) knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The venue's id.
    pub id: u64,
    /// 0 bid, 1 ask.
    pub side: u8,
    /// Its price in ticks.
    pub price_ticks: i64,
    /// What is left of it, in lots; above 0.
    pub size_lots: i64,
}

/// Why a change of an order left the book as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// No order has that id.
    UnknownOrder,
    /// A size or price that no order can have, or a level's total that no longer fits 64 bits.
    OutOfRange,
}

/// What an [`L3Book`](crate::L3Book) counts of changes that do not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCounts {
    /// Changes of an order that is not there; ignored.
    pub unknown: u64,
    /// New orders with the id of one that is there; the new one takes its place.
    pub duplicates: u64,
    /// Cancellations and executions of more than the order had; they took all of it.
    pub oversized: u64,
    /// Changes with a size or price that no order can have; ignored.
    pub out_of_range: u64,
}
