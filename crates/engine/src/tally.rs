use serde::{Deserialize, Serialize};

use crate::layout::{hit, status};

/// How many records are done, and at which of them something is due by number.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub records: u64,
    nth: u64,
    until_nth: u64,
    /// Number of records at which to stop; a wish of the caller, not a part of the state.
    #[serde(skip, default = "never")]
    stop_at: u64,
}

fn never() -> u64 {
    u64::MAX
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self { records: 0, nth: u64::MAX, until_nth: u64::MAX, stop_at: u64::MAX }
    }

    /// Every how many records [`hit::NTH`] is due; said again, the same number changes nothing.
    pub(crate) fn set_nth(&mut self, nth: u64) {
        if nth != self.nth {
            (self.nth, self.until_nth) = (nth, nth);
        }
    }

    /// Stops after that many more records; `None` for no limit.
    pub(crate) fn stop_after(&mut self, records: Option<u64>) {
        self.stop_at = records.map_or(u64::MAX, |more| self.records.saturating_add(more));
    }

    /// How many records may run before something is due by number.
    #[inline(always)]
    pub(crate) fn room(&self) -> usize {
        let due = self.until_nth.min(self.stop_at.saturating_sub(self.records)).max(1);
        usize::try_from(due).unwrap_or(usize::MAX)
    }

    /// Counts records done, no more than there was room for, and adds what that makes due to the hits of the last.
    #[inline(always)]
    pub(crate) fn count(&mut self, done: usize, hits: u32) -> u32 {
        self.records += done as u64;
        self.until_nth -= done as u64;
        if self.until_nth == 0 || self.records >= self.stop_at {
            return hits | self.due();
        }
        hits
    }

    #[inline(never)]
    fn due(&mut self) -> u32 {
        let mut due = 0;
        if self.until_nth == 0 {
            self.until_nth = self.nth;
            due |= hit::NTH;
        }
        if self.records >= self.stop_at {
            self.stop_at = u64::MAX;
            due |= status::LIMIT;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_nth_record_is_due_once_and_the_limit_once_at_all() {
        let mut tally = Tally::new();
        tally.set_nth(3);
        tally.stop_after(Some(4));
        assert_eq!(tally.room(), 3);
        assert_eq!([1, 1, 1, 1, 1].map(|done| tally.count(done, 0)), [0, 0, hit::NTH, status::LIMIT, 0]);
        assert_eq!(tally.room(), 1);
        assert_eq!(tally.count(1, hit::LAST), hit::LAST | hit::NTH);
    }
}
