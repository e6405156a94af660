use serde::{Deserialize, Serialize};

use crate::IndicatorError;

/// A second in ns.
pub const SECOND_NS: i64 = 1_000_000_000;

/// A day in ns.
pub const DAY_NS: i64 = 86_400 * SECOND_NS;

/// What ends a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BarRule {
    /// The end of a span of time, counted from the Unix epoch.
    Time {
        /// Length of the span: whole seconds, 1 s to 1 d.
        period_ns: i64,
    },
    /// So many prices: trades and mids alike.
    Ticks {
        /// How many, 1 or more.
        count: u64,
    },
    /// So many lots traded.
    Volume {
        /// How many, 1 or more. The trade that reaches them is the last of its bar, whole.
        lots: i64,
    },
    /// So much money traded.
    Notional {
        /// How much in ticks × lots, 1 or more. The trade that reaches it is the last of its bar, whole.
        tick_lots: i64,
    },
}

impl BarRule {
    /// Bars of so many seconds.
    pub fn seconds(seconds: u32) -> Self {
        Self::Time { period_ns: i64::from(seconds) * SECOND_NS }
    }
}

/// Settings of a [`crate::BarBuilder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarConfig {
    /// What ends a bar.
    pub rule: BarRule,
    /// Spans without a price are filled with flat bars of the last close, if there are at most so many in a row;
    /// a longer gap is left open. 0, the default, fills none. Only bars by time have gaps.
    #[serde(default)]
    pub max_gap_bars: u32,
}

impl BarConfig {
    /// Bars of so many seconds, gaps left open.
    pub fn seconds(seconds: u32) -> Self {
        Self::of(BarRule::seconds(seconds))
    }

    /// Bars by that rule, gaps left open.
    pub fn of(rule: BarRule) -> Self {
        Self { rule, max_gap_bars: 0 }
    }
}

/// Checks the length of a span of time.
pub(super) fn checked_span(what: &'static str, period_ns: i64) -> Result<i64, IndicatorError> {
    if (SECOND_NS..=DAY_NS).contains(&period_ns) && period_ns % SECOND_NS == 0 {
        return Ok(period_ns);
    }
    Err(IndicatorError::setting(what, period_ns, "give whole seconds in ns, from 1 s (1000000000) to 1 d"))
}

/// Begin and exclusive end of the span around a time, or `None` at the ends of time.
pub(crate) fn span_of(ts_ns: i64, period_ns: i64) -> Option<(i64, i64)> {
    let open_ns = ts_ns.checked_sub(ts_ns.rem_euclid(period_ns))?;
    Some((open_ns, open_ns.checked_add(period_ns)?))
}
