//! The book by price level.
//!
//! [`L2Book`] has two ladders of sizes, one a side, mirrored so that one code path serves both.

mod book;
mod queries;
mod stored;

pub use book::{L2Book, NO_ASK, NO_BID};
pub use queries::FillCost;
