use std::collections::{BTreeSet, VecDeque};

use tickwright_types::{flags, Tick, TickKind};

use crate::EngineError;

/// Records that a new queue has room for without growing: 3 MB.
const ROOM_AT_ONCE: usize = 1 << 16;

/// A bounded queue of live ticks, between whoever receives them and the engine.
///
/// When it is full, newer quotes and book levels replace older ones of the same instrument, side and (levels) price
/// that still wait; trades, funding, bars, orders, snapshots, gaps and records at fault are never dropped. Every
/// replacement is counted.
#[derive(Debug, Clone)]
pub struct TickQueue {
    waiting: VecDeque<Tick>,
    capacity: usize,
    deepest: usize,
    conflated: u64,
}

impl TickQueue {
    /// Capacity of a queue where nobody says otherwise.
    pub const DEFAULT_CAPACITY: usize = 10_000;

    /// Most records that a queue may hold: 0.8 GB.
    pub const LARGEST_CAPACITY: usize = 0xff_ffff;

    /// An empty queue. Room for more than 65 536 records is made when they come.
    ///
    /// Returns `E_CONFIG` unless the capacity lies in 1 to [`TickQueue::LARGEST_CAPACITY`].
    pub fn new(capacity: usize) -> Result<Self, EngineError> {
        if !(1..=Self::LARGEST_CAPACITY).contains(&capacity) {
            let reason = format!("{capacity} records: give 1 to {}", Self::LARGEST_CAPACITY);
            return Err(EngineError::config("queue capacity", reason));
        }
        let waiting = VecDeque::with_capacity(capacity.min(ROOM_AT_ONCE));
        Ok(Self { waiting, capacity, deepest: 0, conflated: 0 })
    }

    /// How many ticks wait.
    pub fn depth(&self) -> usize {
        self.waiting.len()
    }

    /// The largest depth so far.
    pub fn deepest(&self) -> usize {
        self.deepest
    }

    /// How many ticks were replaced by newer ones.
    pub fn conflated(&self) -> u64 {
        self.conflated
    }

    /// Takes ticks in.
    ///
    /// Returns `E_QUEUE_FULL` at the first tick that finds no room even after older states have made way; the ticks
    /// before it are in the queue, it and those after it are not.
    pub fn push(&mut self, ticks: &[Tick]) -> Result<(), EngineError> {
        for tick in ticks {
            if self.waiting.len() == self.capacity {
                self.conflate(tick);
                if self.waiting.len() == self.capacity {
                    return Err(EngineError::QueueFull { capacity: self.capacity });
                }
            }
            self.waiting.push_back(*tick);
            self.deepest = self.deepest.max(self.waiting.len());
        }
        Ok(())
    }

    /// Drops every waiting state that `coming` or a later one in the queue supersedes, in one pass from the newest.
    fn conflate(&mut self, coming: &Tick) {
        let mut seen: BTreeSet<StateKey> = state_key(coming).into_iter().collect();
        let mut kept: VecDeque<Tick> = VecDeque::with_capacity(self.waiting.len());
        // The end of a message must not vanish with its last record: it moves to the record before.
        let mut orphan: Option<Tick> = None;
        for tick in self.waiting.iter().rev() {
            let superseded = state_key(tick).is_some_and(|key| !seen.insert(key));
            let mut tick = *tick;
            if let Some(gone) = orphan.take().filter(|gone| same_message(gone, &tick)) {
                tick.flags |= gone.flags;
            }
            if superseded {
                orphan = Some(tick);
                self.conflated += 1;
            } else {
                kept.push_front(tick);
            }
        }
        self.waiting = kept;
    }

    /// Moves everything into `chunk`, which is emptied first; false if nothing waited.
    pub(crate) fn drain_into(&mut self, chunk: &mut Vec<Tick>) -> bool {
        chunk.clear();
        chunk.extend(self.waiting.drain(..));
        !chunk.is_empty()
    }
}

/// What a tick says the newest state of: one level, or one side of the best quote.
type StateKey = (u8, u16, u8, i64);

/// `None` for what must reach the engine whatever comes later: events, and what a reader or the monitor objects to.
fn state_key(tick: &Tick) -> Option<StateKey> {
    if tick.flags & !flags::LAST != 0 || tick.size_lots < 0 {
        return None;
    }
    match tick.kind() {
        Some(TickKind::BookDelta) => Some((tick.kind, tick.instrument, tick.side, tick.price_ticks)),
        Some(TickKind::Quote) => Some((tick.kind, tick.instrument, tick.side, 0)),
        _ => None,
    }
}

fn same_message(a: &Tick, b: &Tick) -> bool {
    !b.is_last() && a.instrument == b.instrument && a.recv_ns == b.recv_ns && a.id == b.id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(price_ticks: i64, size_lots: i64) -> Tick {
        Tick { price_ticks, size_lots, side: 0, ..Tick::of(TickKind::BookDelta) }
    }

    fn drain(queue: &mut TickQueue) -> Vec<(u8, i64, i64)> {
        let mut chunk = Vec::new();
        queue.drain_into(&mut chunk);
        chunk.iter().map(|t| (t.kind, t.price_ticks, t.size_lots)).collect()
    }

    #[test]
    fn a_full_queue_keeps_only_the_newest_state_of_a_level() {
        let mut queue = TickQueue::new(2).unwrap();
        queue.push(&[level(10, 1), level(11, 1), level(10, 5)]).unwrap();
        assert_eq!(drain(&mut queue), [(0, 11, 1), (0, 10, 5)]);
        assert_eq!((queue.conflated(), queue.deepest()), (1, 2));
    }

    #[test]
    fn a_queue_holds_one_record_at_least_and_no_more_than_memory_can() {
        for capacity in [0, TickQueue::LARGEST_CAPACITY + 1, usize::MAX] {
            let error = TickQueue::new(capacity).unwrap_err();
            assert_eq!(error.code(), "E_CONFIG");
            assert!(error.to_string().contains(&format!("{capacity} records: give 1 to 16777215")), "{error}");
        }
        assert_eq!(TickQueue::new(TickQueue::LARGEST_CAPACITY).unwrap().depth(), 0);
    }

    #[test]
    fn the_end_of_a_message_moves_to_the_record_before_when_its_last_record_goes() {
        let last = Tick { flags: flags::LAST, ..level(11, 1) };
        let mut queue = TickQueue::new(2).unwrap();
        queue.push(&[level(10, 1), last, level(11, 2)]).unwrap();
        let mut chunk = Vec::new();
        queue.drain_into(&mut chunk);
        assert_eq!(chunk.iter().map(Tick::is_last).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn trades_are_never_dropped_and_a_queue_of_trades_says_that_it_is_full() {
        let trade = Tick::of(TickKind::Trade);
        let mut queue = TickQueue::new(3).unwrap();
        queue.push(&[trade, trade, level(10, 1)]).unwrap();
        assert_eq!(queue.push(&[trade]).unwrap_err().code(), "E_QUEUE_FULL");
        assert_eq!(queue.depth(), 3);
        assert!(queue.push(&[level(10, 2)]).is_ok(), "a newer state of the level takes the place of the older");
        assert_eq!(drain(&mut queue), [(1, 0, 0), (1, 0, 0), (0, 10, 2)]);
    }
}
