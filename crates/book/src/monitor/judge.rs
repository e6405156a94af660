use serde::{Deserialize, Serialize};

use super::config::limit_ns;
use super::{BookState, IntegrityCounts, MonitorConfig, StaleCauses};
use crate::{NO_ASK, NO_BID};

/// Judges one book: feed it what happens, in the order of the records, and read [`state`](Self::state).
///
/// For one record: [`on_gap`](Self::on_gap) and [`on_negative_size`](Self::on_negative_size) first, then what its kind
/// asks for, then, if it ends a message, [`on_last`](Self::on_last) with the book's best prices after it. Times are
/// receive times in ns.
///
/// ```
/// use tickwright_book::{BookMonitor, BookState, MonitorConfig, StaleCauses, NO_ASK};
/// let mut monitor = BookMonitor::new(MonitorConfig::default());
/// assert_eq!(monitor.on_last(1_000, 1, 618_001, NO_ASK), BookState::Stale);
/// assert_eq!(monitor.on_last(2_000, 2, 618_001, 618_002), BookState::Live);
/// monitor.on_gap(3_000, 3);
/// assert_eq!(monitor.state(), BookState::Stale);
/// assert_eq!(monitor.causes(), StaleCauses::GAP);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C)] // What a message that changes nothing reads and writes lies together at the front.
pub struct BookMonitor {
    state: BookState,
    /// A message that leaves the best prices where they are changes nothing: no clock runs and no silence is to end.
    steady: bool,
    bid: i64,
    ask: i64,
    /// `i64::MIN` before the first message.
    last_message_ns: i64,
    /// When a best price last moved.
    top_since_ns: i64,
    next_deadline_ns: i64,
    causes: StaleCauses,
    crossing: Crossing,
    /// When the book stopped being uncrossed.
    crossed_since_ns: i64,
    ever_live: bool,
    awaits_snapshot: bool,
    snapshot: Snapshot,
    config: MonitorConfig,
    counts: IntegrityCounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Crossing {
    None,
    Locked,
    Crossed,
}

/// The snapshot under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Snapshot {
    None,
    Whole,
    /// A gap or bad checksum came since it began: it cannot be trusted either.
    Damaged,
}

impl BookMonitor {
    /// A monitor of an empty book.
    pub fn new(config: MonitorConfig) -> Self {
        Self {
            state: BookState::Empty,
            steady: false,
            bid: NO_BID,
            ask: NO_ASK,
            last_message_ns: i64::MIN,
            top_since_ns: i64::MAX,
            next_deadline_ns: i64::MIN,
            causes: StaleCauses::NONE,
            crossing: Crossing::None,
            crossed_since_ns: i64::MAX,
            ever_live: false,
            awaits_snapshot: config.needs_snapshot,
            snapshot: Snapshot::None,
            config,
            counts: IntegrityCounts::default(),
        }
    }

    /// The state after all that was heard so far.
    #[inline(always)]
    pub fn state(&self) -> BookState {
        self.state
    }

    /// What speaks against the book now.
    #[inline]
    pub fn causes(&self) -> StaleCauses {
        self.causes
    }

    /// What was counted so far.
    pub fn counts(&self) -> &IntegrityCounts {
        &self.counts
    }

    /// The configuration in force.
    pub fn config(&self) -> MonitorConfig {
        self.config
    }

    /// When the latest message ended, or `None` before the first.
    #[inline]
    pub fn last_message_ns(&self) -> Option<i64> {
        (self.last_message_ns != i64::MIN).then_some(self.last_message_ns)
    }

    /// A message of this instrument, of any kind, has ended; `bid` and `ask` are the best prices of the book now
    /// ([`NO_BID`], [`NO_ASK`] where a side is empty) and `id` the record's. Returns the state.
    ///
    /// Costs about 1 ns while nothing changes.
    #[inline(always)]
    pub fn on_last(&mut self, recv_ns: i64, id: u64, bid: i64, ask: i64) -> BookState {
        self.last_message_ns = recv_ns;
        let moved = ((bid ^ self.bid) | (ask ^ self.ask)) != 0;
        if self.steady && !moved {
            return self.state;
        }
        if moved {
            self.bid = bid;
            self.ask = ask;
            self.top_since_ns = recv_ns;
        }
        let whole = bid < ask && bid != NO_BID && ask != NO_ASK;
        if self.steady && self.state == BookState::Live && whole {
            return self.state;
        }
        self.judge(recv_ns, id, moved)
    }

    #[cold]
    #[inline(never)]
    fn judge(&mut self, recv_ns: i64, id: u64, moved: bool) -> BookState {
        self.judge_crossing(recv_ns, id);
        self.causes.set(StaleCauses::ONE_SIDED, (self.bid == NO_BID) != (self.ask == NO_ASK));
        self.causes.set(StaleCauses::FEED_SILENCE, false);
        if moved {
            self.causes.set(StaleCauses::TOP_UNCHANGED, false);
        }
        self.resolve();
        self.state
    }

    fn judge_crossing(&mut self, recv_ns: i64, id: u64) {
        let before = self.crossing;
        self.crossing = self.crossing_now();
        if self.crossing == Crossing::None {
            self.causes.set(StaleCauses::CROSSED, false);
            return;
        }
        if before == Crossing::None {
            self.crossed_since_ns = recv_ns;
        }
        if before != self.crossing {
            let crossed = self.crossing == Crossing::Crossed;
            let incident = if crossed { &mut self.counts.crossed } else { &mut self.counts.locked };
            incident.note(recv_ns, id);
        }
        if recv_ns.saturating_sub(self.crossed_since_ns) > limit_ns(self.config.crossed_ms) {
            self.causes.set(StaleCauses::CROSSED, true);
        }
    }

    fn crossing_now(&self) -> Crossing {
        if self.bid == NO_BID || self.ask == NO_ASK || self.bid < self.ask {
            Crossing::None
        } else if self.bid == self.ask {
            Crossing::Locked
        } else {
            Crossing::Crossed
        }
    }

    /// The one place where the state follows from everything else.
    fn resolve(&mut self) {
        let no_level = self.bid == NO_BID && self.ask == NO_ASK;
        let heard = self.last_message_ns().is_some() || !self.causes.is_empty();
        let unsynced = self.snapshot != Snapshot::None || (self.awaits_snapshot && heard);
        self.state = if unsynced && !self.ever_live {
            BookState::Syncing
        } else if no_level {
            BookState::Empty
        } else if self.causes.is_empty() {
            BookState::Live
        } else {
            BookState::Stale
        };
        self.ever_live |= self.state == BookState::Live;
        let silent = self.causes.contains(StaleCauses::FEED_SILENCE) || self.last_message_ns().is_none();
        self.steady = self.crossing == Crossing::None && !silent;
    }

    /// A trade of this instrument. Costs about 1 ns.
    #[inline]
    pub fn on_trade(&mut self, recv_ns: i64) {
        if self.top_is_old_at(recv_ns) {
            self.add_cause(StaleCauses::TOP_UNCHANGED);
        }
    }

    #[inline]
    fn top_is_old_at(&self, ns: i64) -> bool {
        ns.saturating_sub(self.top_since_ns) >= limit_ns(self.config.top_unchanged_ms)
    }

    /// The record's message does not follow the one before.
    pub fn on_gap(&mut self, recv_ns: i64, id: u64) {
        self.counts.gaps.note(recv_ns, id);
        self.doubt(StaleCauses::GAP);
    }

    /// The venue's checksum of the book after this message did not match.
    pub fn on_bad_checksum(&mut self, recv_ns: i64, id: u64) {
        self.counts.bad_checksums.note(recv_ns, id);
        self.doubt(StaleCauses::BAD_CHECKSUM);
    }

    /// A record changes an order that the book does not know.
    pub fn on_unknown_order(&mut self, recv_ns: i64, id: u64) {
        self.counts.unknown_orders.note(recv_ns, id);
        if self.config.unknown_orders_stale {
            self.doubt(StaleCauses::UNKNOWN_ORDER);
        }
    }

    /// A record's size is below zero; only counted.
    pub fn on_negative_size(&mut self, recv_ns: i64, id: u64) {
        self.counts.negative_sizes.note(recv_ns, id);
    }

    /// Notes a cause that only a snapshot ends, and not one that has already begun.
    fn doubt(&mut self, cause: StaleCauses) {
        if self.snapshot == Snapshot::Whole {
            self.snapshot = Snapshot::Damaged;
        }
        self.add_cause(cause);
    }

    #[cold]
    #[inline(never)]
    fn add_cause(&mut self, cause: StaleCauses) {
        self.causes.set(cause, true);
        self.resolve();
    }

    /// A snapshot begins; one already under way counts for nothing.
    pub fn on_snapshot_begin(&mut self) {
        self.snapshot = Snapshot::Whole;
        self.resolve();
    }

    /// A snapshot is complete. The state follows with the end of the message.
    ///
    /// It ends what only a snapshot can end, unless a gap or bad checksum came while it was under way.
    pub fn on_snapshot_end(&mut self, recv_ns: i64, id: u64) {
        let snapshot = std::mem::replace(&mut self.snapshot, Snapshot::None);
        if snapshot == Snapshot::None {
            self.counts.stray_snapshot_ends.note(recv_ns, id);
            return;
        }
        self.counts.snapshots.note(recv_ns, id);
        self.steady = false;
        if snapshot == Snapshot::Whole {
            self.awaits_snapshot = false;
            self.causes.set(StaleCauses::ENDED_BY_SNAPSHOT, false);
        }
    }

    /// The earliest moment at which [`check_silence`](Self::check_silence) can find something new.
    ///
    /// It is at most one limit after the latest check, so the minimum over many monitors may be kept until it is
    /// reached, whatever their books hear meanwhile; `i64::MIN` before the first check.
    #[inline]
    pub fn next_deadline_ns(&self) -> i64 {
        self.next_deadline_ns
    }

    /// Time has reached `now_ns`, by a record of any instrument or by a timer; call it before that record is applied.
    /// `elsewhere_ns` is the time of the latest record of any other instrument, `i64::MIN` if there is none.
    ///
    /// Judges the two silences. That trades go on while the top stands still is judged by [`on_trade`](Self::on_trade).
    pub fn check_silence(&mut self, now_ns: i64, elsewhere_ns: i64) -> BookState {
        let silence_ns = limit_ns(self.config.feed_silence_ms);
        let mut due_ns = self.last_message_ns().map_or(i64::MAX, |last_ns| last_ns.saturating_add(silence_ns));
        if now_ns >= due_ns {
            self.causes.set(StaleCauses::FEED_SILENCE, true);
            due_ns = i64::MAX;
        }
        if self.top_is_old_at(elsewhere_ns) {
            self.causes.set(StaleCauses::TOP_UNCHANGED, true);
        }
        let next_silence_ns = due_ns.min(now_ns.saturating_add(silence_ns));
        self.next_deadline_ns = next_silence_ns.min(self.next_top_check_ns(now_ns));
        self.resolve();
        self.state
    }

    fn next_top_check_ns(&self, now_ns: i64) -> i64 {
        let limit_ns = limit_ns(self.config.top_unchanged_ms);
        let due_ns = self.top_since_ns.saturating_add(limit_ns);
        if now_ns < due_ns {
            return due_ns.min(now_ns.saturating_add(limit_ns));
        }
        // The limit has passed and the rest of the market may wake up any moment: look again before long.
        now_ns.saturating_add(limit_ns / 16)
    }
}

impl Default for BookMonitor {
    fn default() -> Self {
        Self::new(MonitorConfig::default())
    }
}
