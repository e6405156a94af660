use serde::{Deserialize, Serialize};

use crate::{AccountConfig, FillModel, LatencyModel};

/// The most orders and amendments a venue takes in one window of time; cancels are never counted or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Orders and amendments a window.
    pub requests: u32,
    /// Length of a window in ns; windows start at multiples of it since the Unix epoch.
    pub window_ns: i64,
}

/// Settings of a paper venue.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaperConfig {
    /// How orders are filled.
    pub fill_model: FillModel,
    /// The way to the venue.
    pub entry_latency: LatencyModel,
    /// The way back.
    pub response_latency: LatencyModel,
    /// Deposits, leverage and fees.
    pub account: AccountConfig,
    /// What the venue takes in a window; `None` for all.
    pub rate_limit: Option<RateLimit>,
    /// When the venue's day ends, in ns after midnight UTC: 0 to 24 h, midnight by default.
    pub day_ends_ns: i64,
    /// Seed of every draw.
    pub seed: u64,
}
