//! Paper venue: matching on recorded markets, accounts in exact money.
//!
//! A [`PaperVenue`] holds our orders beside a market that never knew of them. The engine shows it each record; it says
//! which orders that record would have filled under a named [`FillModel`], when we would have learned it under a
//! [`LatencyModel`] each way, and keeps an [`Account`] in integers.
//!
//! ```text
//! send ─ entry latency ─▶ process_requests ─▶ taken, resting or rejected ┐
//!                          on_level, on_trade, on_quote ─▶ fills ────────┼─ response latency ─▶ pop_event
//!                          on_funding ─▶ payments ───────────────────────┤
//!                on_mark, on_message ─▶ liquidation; expiry ─▶ settlement ┘
//! ```
//!
//! It does not keep the market's book and does not move it: our own trades leave no trace in the recording.

#![forbid(unsafe_code)]

mod account;
mod conditions;
mod config;
mod error;
mod event;
mod faults;
mod fill_model;
mod guard;
mod latency;
mod ln;
mod market;
mod queue;
mod request;
mod trade_ids;
mod venue;

pub use account::{
    Account, AccountConfig, Asset, InstrumentMargin, Leg, MarginMode, MarginState, Position, PositionMode,
};
pub use conditions::{Conditions, GroupRule, TimeInForce, TriggerBy};
pub use config::{PaperConfig, RateLimit};
pub use error::PaperError;
pub use event::{EventKind, OwnEvent, Reason};
pub use faults::{Fault, FaultKind};
pub use fill_model::{BarPath, FillModel, PassiveFill, QueueModel, Shape, TakerFill, Variant};
pub use latency::{LatencyModel, LatencyRow};
pub use market::{MarketView, Markets, MatchOn};
pub use request::{NewOrder, OrderKind, OrderState, Request, NO_INSTRUMENT, NO_ORDER, ORDER_SLOTS};
pub use trade_ids::TradeIds;
pub use venue::{BarPrices, LiveOrder, PaperVenue};
