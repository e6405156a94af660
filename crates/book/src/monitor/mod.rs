//! Whether a book can be trusted, and what was wrong with its feed.
//!
//! [`BookMonitor`] sees the best prices at the end of every venue message and hears of gaps, snapshots and bad
//! records; it keeps a [`BookState`], the [`StaleCauses`] behind it and [`IntegrityCounts`] with the ticks at fault.
//! It never touches the book, which goes on applying in every state.

mod config;
mod counts;
mod judge;
mod state;

pub use config::MonitorConfig;
pub use counts::{Incident, IntegrityCounts, Offence};
pub use judge::BookMonitor;
pub use state::{BookState, StaleCauses};
