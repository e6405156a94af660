use serde::{Deserialize, Serialize};

/// The tick at which something was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offence {
    /// When it was received, in ns since the Unix epoch.
    pub recv_ns: i64,
    /// Its update, order or trade id.
    pub id: u64,
}

/// How often something happened, with the first and the latest tick at fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// How often.
    pub count: u64,
    /// The first tick.
    pub first: Option<Offence>,
    /// The latest tick.
    pub latest: Option<Offence>,
}

impl Incident {
    pub(super) fn note(&mut self, recv_ns: i64, id: u64) {
        let offence = Offence { recv_ns, id };
        self.count += 1;
        self.first.get_or_insert(offence);
        self.latest = Some(offence);
    }
}

/// Everything that a [`BookMonitor`](crate::BookMonitor) counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrityCounts {
    /// Sequence gaps.
    pub gaps: Incident,
    /// Times the book became crossed (best bid above best ask), judged at the end of messages.
    pub crossed: Incident,
    /// Times the book became locked (best bid equal to best ask), judged at the end of messages.
    pub locked: Incident,
    /// Records with a size below zero.
    pub negative_sizes: Incident,
    /// Checksums of the venue that did not match.
    pub bad_checksums: Incident,
    /// Changes of orders that the book does not know.
    pub unknown_orders: Incident,
    /// Snapshots that were completed.
    pub snapshots: Incident,
    /// Ends of snapshots that had no beginning; ignored.
    pub stray_snapshot_ends: Incident,
}
