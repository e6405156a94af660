//! One side of a book: prices as keys of which the highest is the best, and a cell for each of them.
//!
//! A ladder is a flat array of cells over a band of prices, a bitmap of which slots are taken, the best price and size
//! as plain fields, and an ordered map for the few prices beyond the band. Both kinds of books are made of two.

mod band;
mod config;
mod occupancy;

pub(crate) use band::{Cell, Ladder, NO_KEY};
pub use config::BookConfig;

/// The ladder's key of a price, and its price of a key: the same flip both ways. Asks are mirrored by `!`, which,
/// other than a minus, has no overflow.
#[inline(always)]
pub(crate) fn flip(side: usize, price_or_key: i64) -> i64 {
    price_or_key ^ -(side as i64)
}

/// What a change of a level did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The level's size before, in lots; 0 if there was none.
    pub old_lots: i64,
    /// Whether the best price of that side, or the size there, is another one now.
    pub best_changed: bool,
}
