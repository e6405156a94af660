use serde::{Deserialize, Serialize};
use tickwright_paper::{Fault, FaultKind};
use tickwright_types::Decimal;

/// A fault on demand and when it strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultConfig {
    /// What goes wrong.
    pub fault: FaultKind,
    /// From this time on, in ms since the Unix epoch; from the start by default.
    #[serde(default)]
    pub from_ms: u64,
    /// Until before this time, in ms since the Unix epoch; to the end by default.
    #[serde(default)]
    pub until_ms: Option<u64>,
    /// Share of the cases that are struck; all by default.
    #[serde(default = "all")]
    pub share: Decimal,
}

fn all() -> Decimal {
    Decimal::new(1, 0).expect("1 is a decimal")
}

impl FaultConfig {
    pub(super) fn fault(&self) -> Fault {
        let ns = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        Fault {
            kind: self.fault,
            from_ns: ns(self.from_ms),
            until_ns: self.until_ms.map_or(i64::MAX, ns),
            share: self.share,
        }
    }
}

/// What goes wrong with a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeedFaultKind {
    /// Nothing comes; the share is not looked at.
    Stale,
    /// A message is lost, and the next one shows a gap in the sequence.
    Gap,
    /// A message's checksum does not match.
    BadChecksum,
    /// Everything comes that much later; the share is not looked at.
    Delay {
        /// Nanoseconds.
        ns: i64,
    },
}

/// A fault of a feed and when it strikes, by the time received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedFaultConfig {
    /// What goes wrong.
    pub fault: FeedFaultKind,
    /// Instrument id; all of them by default.
    #[serde(default)]
    pub instrument: Option<String>,
    /// From this time on, in ms since the Unix epoch; from the start by default.
    #[serde(default)]
    pub from_ms: u64,
    /// Until before this time, in ms since the Unix epoch; to the end by default.
    #[serde(default)]
    pub until_ms: Option<u64>,
    /// Share of the messages that are struck; all by default.
    #[serde(default = "all")]
    pub share: Decimal,
}
