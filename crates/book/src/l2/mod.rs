//! The book by price level.
//!
//! [`L2Book`] has two ladders, one a side, mirrored so that one code path serves both: a flat array of sizes over a
//! band of prices, a bitmap of which slots are taken, the best price and size as plain fields, and an ordered map for
//! the few prices beyond the band.

mod book;
mod config;
mod ladder;
mod occupancy;
mod queries;
mod stored;

pub use book::{Applied, L2Book, NO_ASK, NO_BID};
pub use config::BookConfig;
pub use queries::FillCost;
