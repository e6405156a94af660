use serde::{Deserialize, Serialize};

use crate::{AccountConfig, Fault, FillModel, LatencyModel};

/// The most orders and amendments a venue takes in one window of time; cancels are never counted or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Orders and amendments a window.
    pub requests: u32,
    /// Length of a window in ns; windows start at multiples of it since the Unix epoch.
    pub window_ns: i64,
}

impl RateLimit {
    /// Counts a request in; false if its window has had enough. `window` is the number of the present one and its count.
    pub(crate) fn admits(self, at_ns: i64, window: &mut (i64, u32)) -> bool {
        let number = at_ns.div_euclid(self.window_ns);
        if number != window.0 {
            *window = (number, 0);
        }
        let admitted = window.1 < self.requests;
        window.1 += u32::from(admitted);
        admitted
    }
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
    /// What goes wrong on demand.
    pub faults: Vec<Fault>,
    /// Seed of every draw.
    pub seed: u64,
}
