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
