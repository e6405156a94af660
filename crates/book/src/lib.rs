//! Order books that stay exact far from the touch.
//!
//! [`L2Book`] applies levels and snapshots and answers questions about depth.
//!
//! It does not read feeds, match orders or keep time: times are arguments.
#![forbid(unsafe_code)]

mod error;
mod l2;

pub use error::BookError;
pub use l2::{Applied, BookConfig, FillCost, L2Book, NO_ASK, NO_BID};
