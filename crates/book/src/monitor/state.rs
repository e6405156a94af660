use serde::{Deserialize, Serialize};

/// How far a book can be trusted. Only a LIVE book is shown to controllers as tradable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum BookState {
    /// No level on either side.
    Empty = 0,
    /// Never live yet, and its first snapshot is awaited or under way.
    Syncing = 1,
    /// Both sides exist and nothing is known to be wrong.
    Live = 2,
    /// It has levels, but at least one of [`StaleCauses`] speaks against them.
    Stale = 3,
}

impl BookState {
    /// `EMPTY`, `SYNCING`, `LIVE` or `STALE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::Syncing => "SYNCING",
            Self::Live => "LIVE",
            Self::Stale => "STALE",
        }
    }
}

/// Why a book is not to be trusted: a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaleCauses(u8);

impl StaleCauses {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// A message is missing; ends with a snapshot.
    pub const GAP: Self = Self(1);
    /// The venue's checksum did not match; ends with a snapshot.
    pub const BAD_CHECKSUM: Self = Self(2);
    /// Crossed or locked for too long; ends once the book is neither.
    pub const CROSSED: Self = Self(4);
    /// Only one side has levels.
    pub const ONE_SIDED: Self = Self(8);
    /// No message for too long; ends with the next one.
    pub const FEED_SILENCE: Self = Self(16);
    /// The best prices stood still for too long while the market went on; ends when one moves.
    pub const TOP_UNCHANGED: Self = Self(32);
    /// An order id was unknown and the configuration minds; ends with a snapshot.
    pub const UNKNOWN_ORDER: Self = Self(64);

    /// What only a snapshot ends.
    pub(super) const ENDED_BY_SNAPSHOT: Self = Self(Self::GAP.0 | Self::BAD_CHECKSUM.0 | Self::UNKNOWN_ORDER.0);

    const NAMES: [(Self, &'static str); 7] = [
        (Self::GAP, "gap"),
        (Self::BAD_CHECKSUM, "bad_checksum"),
        (Self::CROSSED, "crossed"),
        (Self::ONE_SIDED, "one_sided"),
        (Self::FEED_SILENCE, "feed_silence"),
        (Self::TOP_UNCHANGED, "top_unchanged"),
        (Self::UNKNOWN_ORDER, "unknown_order"),
    ];

    /// The set as a number: the sum of 1 gap, 2 bad checksum, 4 crossed, 8 one-sided, 16 feed silence, 32 top
    /// unchanged, 64 unknown order.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether it holds every cause of `causes`.
    pub fn contains(self, causes: Self) -> bool {
        self.0 & causes.0 == causes.0
    }

    /// Whether there is no cause.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names of its causes, for example `gap` and `one_sided`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |&(cause, _)| self.contains(cause)).map(|(_, name)| name)
    }

    pub(super) fn set(&mut self, cause: Self, on: bool) {
        self.0 = if on { self.0 | cause.0 } else { self.0 & !cause.0 };
    }
}
