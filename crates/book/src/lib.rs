//! Order books that stay exact far from the touch.
//!
//! [`L2Book`] applies levels and snapshots and answers questions about depth; [`L3Book`] keeps every order and its place
//! in the queue of its price; [`BookMonitor`] judges whether a book can be trusted and keeps count of what was wrong with
//! its feed.
//!
//! It does not read feeds, decide who may trade or keep time: times are arguments.
#![forbid(unsafe_code)]

mod error;
mod l2;
mod l3;
mod ladder;
mod monitor;

pub use error::BookError;
pub use l2::{FillCost, L2Book, NO_ASK, NO_BID};
pub use l3::{Fill, Ignored, L3Book, Order, OrderCounts};
pub use ladder::{Applied, BookConfig};
pub use monitor::{BookMonitor, BookState, Incident, IntegrityCounts, MonitorConfig, Offence, StaleCauses};
