use serde::{Deserialize, Serialize};

/// When a book stops being trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MonitorConfig {
    /// How long a book may be crossed or locked, in ms; 0 = for ever.
    pub crossed_ms: u32,
    /// How long no message at all may come, in ms; 0 = for ever.
    pub feed_silence_ms: u32,
    /// How long the best prices may stand still while trades or other instruments go on, in ms; 0 = for ever.
    pub top_unchanged_ms: u32,
    /// Whether the book means nothing before its first snapshot: it is SYNCING until that is complete.
    pub needs_snapshot: bool,
    /// Whether an unknown order id makes the book STALE until a snapshot instead of only being counted.
    pub unknown_orders_stale: bool,
}

impl Default for MonitorConfig {
    /// 250 ms crossed, 2 s of silence, 30 s without a move; LIVE without a snapshot; unknown orders only counted.
    fn default() -> Self {
        Self {
            crossed_ms: 250,
            feed_silence_ms: 2_000,
            top_unchanged_ms: 30_000,
            needs_snapshot: false,
            unknown_orders_stale: false,
        }
    }
}

/// A limit in ns; one that is never reached for 0.
pub(super) fn limit_ns(ms: u32) -> i64 {
    match ms {
        0 => i64::MAX,
        ms => i64::from(ms) * 1_000_000,
    }
}
