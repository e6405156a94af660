use tickwright_types::{flags, Tick};

use crate::readers::ReadReport;

/// Most level changes that are kept while a snapshot is awaited.
const MAX_PENDING: usize = 1 << 21;

/// The ids of a depth message, by which the venue's rules chain messages to each other and to the snapshot.
#[derive(Clone, Copy, Debug)]
pub(in crate::readers) struct Ids {
    /// `U`: first update in it.
    pub(in crate::readers) first: u64,
    /// `u`: last update in it.
    pub(in crate::readers) last: u64,
    /// `pu`: last update of the message before; futures messages have it, spot messages have not.
    pub(in crate::readers) previous: Option<u64>,
}

impl Ids {
    /// Whether the snapshot has all of it already: futures drop `u < id`, spot drops `u <= id`.
    fn is_in(self, snapshot_id: u64) -> bool {
        if self.previous.is_some() {
            self.last < snapshot_id
        } else {
            self.last <= snapshot_id
        }
    }

    /// Whether it may be the first after the snapshot: `U <= id <= u` (futures), `U <= id + 1 <= u` (spot). A futures
    /// message whose predecessor ended exactly with the snapshot follows it just as surely.
    fn continues(self, snapshot_id: u64) -> bool {
        match self.previous {
            Some(previous) => (self.first <= snapshot_id && snapshot_id <= self.last) || previous == snapshot_id,
            None => self.first <= snapshot_id.saturating_add(1) && snapshot_id < self.last,
        }
    }

    /// Whether it follows the message that ended with `last_id`.
    fn follows(self, last_id: u64) -> bool {
        match self.previous {
            Some(previous) => previous == last_id,
            None => Some(self.first) == last_id.checked_add(1),
        }
    }
}

/// Where the book of one instrument stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No snapshot yet: messages wait for it.
    Waiting,
    /// A snapshot came, the first message after it not yet.
    Snapshot(u64),
    /// Every message followed the one before, up to this id.
    Chained(u64),
    /// One did not: messages go on, and wait as well for the next snapshot.
    Broken(u64),
}

/// Brings the snapshot of a recording and the depth messages around it into the order that gives a true book.
///
/// Messages before the first snapshot wait and follow it, with its receive time; what the snapshot already has is
/// dropped. A message that does not follow the one before is flagged as a gap.
pub(in crate::readers) struct Sync {
    state: State,
    pending: Vec<(Ids, Vec<Tick>)>,
    pending_ticks: usize,
    /// A gap showed at a message without changes: the next record carries the flag.
    gap_owed: bool,
    wait_for_snapshot: bool,
}

/// More changes came before a snapshot than are kept.
#[derive(Debug)]
pub(in crate::readers) struct Overflow;

impl Sync {
    pub(in crate::readers) fn new(wait_for_snapshot: bool) -> Self {
        Self { state: State::Waiting, pending: Vec::new(), pending_ticks: 0, gap_owed: false, wait_for_snapshot }
    }

    /// How many messages wait although no snapshot ever came.
    pub(in crate::readers) fn waiting(&self) -> u64 {
        if self.state == State::Waiting {
            self.pending.len() as u64
        } else {
            0
        }
    }

    /// A depth message; what of it is due now is added to `out`.
    pub(in crate::readers) fn depth(
        &mut self,
        ids: Ids,
        ticks: &[Tick],
        out: &mut Vec<Tick>,
        report: &mut ReadReport,
    ) -> Result<(), Overflow> {
        if self.state == State::Waiting && self.wait_for_snapshot {
            if self.pending_ticks + ticks.len() > MAX_PENDING {
                return Err(Overflow);
            }
            self.keep(ids, ticks);
            return Ok(());
        }
        self.chain(ids, ticks, out, report);
        if matches!(self.state, State::Broken(_)) {
            if self.pending_ticks + ticks.len() > MAX_PENDING {
                self.forget();
            }
            self.keep(ids, ticks);
        }
        Ok(())
    }

    /// A whole book; it and the messages that waited for it are added to `out`, all received at `recv_ns`.
    pub(in crate::readers) fn snapshot(
        &mut self,
        id: u64,
        recv_ns: i64,
        ticks: &[Tick],
        out: &mut Vec<Tick>,
        report: &mut ReadReport,
    ) {
        let newest = match self.state {
            State::Chained(last) | State::Snapshot(last) => Some(last),
            State::Waiting | State::Broken(_) => None,
        };
        if newest.is_some_and(|newest| id <= newest) {
            report.old_snapshots += 1;
            return;
        }
        report.snapshots += 1;
        out.extend_from_slice(ticks);
        self.state = State::Snapshot(id);
        self.gap_owed = false;
        self.pending_ticks = 0;
        for (ids, mut ticks) in std::mem::take(&mut self.pending) {
            for tick in &mut ticks {
                tick.recv_ns = recv_ns;
            }
            self.chain(ids, &ticks, out, report);
        }
    }

    fn chain(&mut self, ids: Ids, ticks: &[Tick], out: &mut Vec<Tick>, report: &mut ReadReport) {
        let whole = match self.state {
            State::Waiting => false,
            State::Snapshot(id) if ids.is_in(id) => {
                report.stale_messages += 1;
                return;
            }
            State::Snapshot(id) => ids.continues(id),
            State::Chained(last) | State::Broken(last) => ids.follows(last),
        };
        if !whole {
            report.gaps += 1;
            self.gap_owed = true;
        }
        self.state = match self.state {
            State::Snapshot(_) | State::Chained(_) if whole => State::Chained(ids.last),
            _ => State::Broken(ids.last),
        };
        let start = out.len();
        out.extend_from_slice(ticks);
        if let Some(first) = out.get_mut(start).filter(|_| self.gap_owed) {
            first.flags |= flags::GAP;
            self.gap_owed = false;
        }
    }

    fn keep(&mut self, ids: Ids, ticks: &[Tick]) {
        self.pending_ticks += ticks.len();
        self.pending.push((ids, ticks.to_vec()));
    }

    fn forget(&mut self) {
        self.pending.clear();
        self.pending_ticks = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickwright_types::TickKind;

    const FUTURES: fn(u64, u64, u64) -> Ids = |previous, first, last| Ids { first, last, previous: Some(previous) };
    const SPOT: fn(u64, u64) -> Ids = |first, last| Ids { first, last, previous: None };

    struct Run {
        sync: Sync,
        out: Vec<Tick>,
        report: ReadReport,
    }

    impl Run {
        fn new() -> Self {
            Self { sync: Sync::new(true), out: Vec::new(), report: ReadReport::default() }
        }

        fn depth(&mut self, ids: Ids) -> &mut Self {
            let tick = Tick { id: ids.last, recv_ns: 1, ..Tick::of(TickKind::BookDelta) };
            self.sync.depth(ids, &[tick], &mut self.out, &mut self.report).unwrap();
            self
        }

        fn snapshot(&mut self, id: u64) -> &mut Self {
            let tick = Tick { id, recv_ns: 9, ..Tick::of(TickKind::SnapshotEnd) };
            self.sync.snapshot(id, 9, &[tick], &mut self.out, &mut self.report);
            self
        }

        /// Ids of what came out, with a minus where a gap is flagged.
        fn ids(&self) -> Vec<i64> {
            self.out.iter().map(|t| if t.flags & flags::GAP != 0 { -(t.id as i64) } else { t.id as i64 }).collect()
        }
    }

    #[test]
    fn futures_messages_wait_for_the_snapshot_and_older_ones_are_dropped() {
        let mut run = Run::new();
        run.depth(FUTURES(4, 5, 9)).depth(FUTURES(9, 10, 20)).depth(FUTURES(20, 22, 30));
        assert_eq!((run.ids(), run.sync.waiting()), (vec![], 3));
        run.snapshot(15).depth(FUTURES(30, 31, 40));
        assert_eq!((run.ids(), run.report.stale_messages, run.report.gaps), (vec![15, 20, 30, 40], 1, 0));
        assert!(run.out[1].recv_ns == 9 && run.out[2].recv_ns == 9, "what waited has the snapshot's receive time");
    }

    #[test]
    fn a_futures_message_that_ends_with_the_snapshot_is_applied_again() {
        let mut run = Run::new();
        run.depth(FUTURES(9, 10, 20)).snapshot(20).depth(FUTURES(20, 25, 30));
        assert_eq!((run.ids(), run.report.gaps), (vec![20, 20, 30], 0));
    }

    #[test]
    fn spot_messages_chain_by_consecutive_ids() {
        let mut run = Run::new();
        run.depth(SPOT(1, 5)).depth(SPOT(6, 9)).snapshot(5).depth(SPOT(10, 12)).depth(SPOT(14, 15));
        assert_eq!((run.ids(), run.report.stale_messages), (vec![5, 9, 12, -15], 1));
    }

    #[test]
    fn a_snapshot_older_than_every_waiting_message_leaves_a_gap() {
        let mut run = Run::new();
        run.depth(SPOT(10, 12)).snapshot(5);
        assert_eq!(run.ids(), [5, -12]);
    }

    #[test]
    fn after_a_gap_the_next_snapshot_takes_along_what_came_since() {
        let mut run = Run::new();
        run.snapshot(5).depth(SPOT(6, 9)).depth(SPOT(11, 12)).depth(SPOT(13, 14)).snapshot(12).depth(SPOT(15, 16));
        assert_eq!(run.ids(), [5, 9, -12, 14, 12, 14, 16]);
        assert_eq!((run.report.gaps, run.report.snapshots, run.report.stale_messages), (1, 2, 1));
    }

    #[test]
    fn a_snapshot_older_than_a_whole_book_is_left_out() {
        let mut run = Run::new();
        run.snapshot(5).depth(SPOT(6, 9)).snapshot(7).depth(SPOT(10, 11));
        assert_eq!((run.ids(), run.report.old_snapshots, run.report.gaps), (vec![5, 9, 11], 1, 0));
    }

    #[test]
    fn a_gap_at_a_message_without_changes_is_flagged_on_the_next_record() {
        let mut run = Run::new();
        run.snapshot(5);
        run.sync.depth(SPOT(8, 9), &[], &mut run.out, &mut run.report).unwrap();
        run.depth(SPOT(10, 11));
        assert_eq!(run.ids(), [5, -11]);
    }

    #[test]
    fn without_waiting_the_first_message_is_flagged_as_a_gap() {
        let mut run = Run::new();
        run.sync = Sync::new(false);
        run.depth(SPOT(6, 9)).depth(SPOT(10, 11));
        assert_eq!(run.ids(), [-9, 11]);
    }
}
