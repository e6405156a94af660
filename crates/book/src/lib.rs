//! Order books that stay exact far from the touch.
//!
//! [`L2Book`] applies levels and snapshots and answers questions about depth; [`BookMonitor`] judges whether a book
//! can be trusted and keeps count of what was wrong with its feed.
//!
//! It does not read feeds, match orders or keep time: times are arguments.
#![forbid(unsafe_code)]

mod error;
mod l2;
mod monitor;

pub use error::BookError;
pub use l2::{Applied, BookConfig, FillCost, L2Book, NO_ASK, NO_BID};
pub use monitor::{BookMonitor, BookState, Incident, IntegrityCounts, MonitorConfig, Offence, StaleCauses};
