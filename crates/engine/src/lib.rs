//! The tick engine: one record after another through book, indicators and paper venue into a frame that a controller
//! reads, and commands back.
//!
//! ```text
//! source ─ tick ─▶ book ─▶ paper venue ─▶ own events ─▶ indicators ─▶ frame ─▶ (controller) ─▶ commands ─▶ paper venue
//! ```
//!
//! Everything a controller reads or writes lies in one block of 8-byte cells ([`layout`]): the caller owns it and lends
//! it to each call. [`Engine::step`], [`Engine::read_ahead`] and [`Engine::advance`] differ in how far they go before
//! they return, never in what happens.
//!
//! It reads no files, keeps no wall clock and starts no threads.

#![forbid(unsafe_code)]

mod apply;
mod bars;
mod by_order;
mod commands;
mod config;
mod drive;
mod engine;
mod error;
mod events;
mod feed_faults;
mod indicators;
mod instruments;
mod interests;
mod lane;
pub mod layout;
mod live;
mod orders;
mod position_report;
mod queue;
mod report;
mod snapshot;
mod source;
mod tally;
mod wake;

pub use config::{
    BarConfig, BarSource, BookSettings, EngineConfig, FaultConfig, FeedFaultConfig, FeedFaultKind, FillModelConfig,
    IndicatorConfig, IndicatorKind, LatencyConfig, UpdateOn,
};
pub use engine::Engine;
pub use error::EngineError;
pub use interests::{Every, Interests};
pub use layout::{Layout, Memory};
pub use live::LiveBooks;
pub use position_report::PositionReport;
pub use queue::TickQueue;
pub use report::{AssetReport, BookReport, EngineReport, InstrumentReport, LedgerReport};
pub use tickwright_types::TickBlock;
