use std::collections::BTreeMap;

use super::occupancy::Occupancy;
use super::{Applied, BookConfig};

/// The key of no price; every key that stands for a level is above it.
pub(super) const NO_KEY: i64 = i64::MIN;

/// One side of a book by key, where the highest key is the best: a flat array of lots over a band of keys around the
/// touch, and an ordered overflow for the keys outside it.
///
/// The two parts never hold the same key. The first eight words are all that an update inside the band reads.
#[derive(Debug)]
#[repr(C, align(64))]
pub(super) struct Ladder {
    /// Key of slot 0; `base + slots` never overflows, which makes the one comparison in `slot_of` enough.
    base: i64,
    best_key: i64,
    best_lots: i64,
    lots: Box<[i64]>,
    occupied: Occupancy,
    overflow: BTreeMap<i64, i64>,
    /// Updates since the last move of the band that the band could have served had it lain elsewhere.
    misses: usize,
    config: BookConfig,
    /// The levels that the last move of the band moved; kept for its capacity and length.
    moving: Vec<(i64, i64)>,
}

impl Ladder {
    pub(super) fn new(config: BookConfig) -> Self {
        Self {
            base: 0,
            best_key: NO_KEY,
            best_lots: 0,
            lots: Box::default(),
            occupied: Occupancy::none(),
            overflow: BTreeMap::new(),
            misses: 0,
            config: config.normalised(),
            moving: Vec::new(),
        }
    }

    #[inline(always)]
    pub(super) fn best_key(&self) -> i64 {
        self.best_key
    }

    #[inline(always)]
    pub(super) fn best_lots(&self) -> i64 {
        self.best_lots
    }

    pub(super) fn config(&self) -> BookConfig {
        self.config
    }

    pub(super) fn level_count(&self) -> usize {
        self.occupied.count() + self.overflow.len()
    }

    #[inline(always)]
    fn slot_of(&self, key: i64) -> usize {
        // Keys below the base wrap round to numbers above any length.
        key.wrapping_sub(self.base) as u64 as usize
    }

    pub(super) fn lots_at(&self, key: i64) -> i64 {
        match self.lots.get(self.slot_of(key)) {
            Some(&lots) => lots,
            None => self.overflow.get(&key).copied().unwrap_or(0),
        }
    }

    /// Sets the level of `key` to `lots`, which is not negative; 0 deletes it.
    #[inline(always)]
    pub(super) fn set(&mut self, key: i64, lots: i64) -> Applied {
        let slot = self.slot_of(key);
        let Some(cell) = self.lots.get_mut(slot) else {
            return self.set_outside(key, lots);
        };
        let old_lots = std::mem::replace(cell, lots);
        self.occupied.set(slot, lots != 0);
        let best_changed = key >= self.best_key && self.settle_touch(key, slot, lots);
        Applied { old_lots, best_changed }
    }

    /// After a change inside the band at or above the touch; returns whether the touch is another one now.
    #[inline]
    fn settle_touch(&mut self, key: i64, slot: usize, lots: i64) -> bool {
        if lots != 0 {
            let changed = key != self.best_key || lots != self.best_lots;
            self.best_key = key;
            self.best_lots = lots;
            return changed;
        }
        if key != self.best_key {
            return false;
        }
        // The touch lay in the band, so nothing of the overflow lies above it.
        let next = self.occupied.below(slot);
        (self.best_key, self.best_lots) = next.map_or_else(|| last_of(&self.overflow), |slot| self.level_in(slot));
        true
    }

    #[cold]
    #[inline(never)]
    fn set_outside(&mut self, key: i64, lots: i64) -> Applied {
        if key == NO_KEY {
            return Applied { old_lots: 0, best_changed: false };
        }
        let old = if lots == 0 { self.overflow.remove(&key) } else { self.overflow.insert(key, lots) };
        let old_lots = old.unwrap_or(0);
        if old_lots == lots {
            return Applied { old_lots, best_changed: false };
        }
        let before = (self.best_key, self.best_lots);
        (self.best_key, self.best_lots) = last_of(&self.overflow).max(self.best_in_band());
        self.consider_moving(key);
        Applied { old_lots, best_changed: before != (self.best_key, self.best_lots) }
    }

    fn best_in_band(&self) -> (i64, i64) {
        self.occupied.below(self.lots.len()).map_or((NO_KEY, 0), |slot| self.level_in(slot))
    }

    #[inline]
    fn level_in(&self, slot: usize) -> (i64, i64) {
        (self.base + slot as i64, self.lots[slot])
    }

    /// Moves the band once updates outside it have paid for that: a move touches every level, so it waits for a
    /// quarter as many updates, that a better place would have served, as levels were moved the last time. That bounds
    /// the cost of an update on any input.
    fn consider_moving(&mut self, key: i64) {
        if self.best_key == NO_KEY || key < self.lowest_reachable() {
            return;
        }
        self.misses += 1;
        if self.misses * 4 >= self.moving.len() {
            self.move_band();
        }
    }

    /// The lowest key that a band of the greatest length around the touch holds.
    fn lowest_reachable(&self) -> i64 {
        let reach = self.config.max_band_ticks - self.config.max_band_ticks / HEADROOM;
        self.best_key.saturating_sub(i64::from(reach) - 1)
    }

    /// Places the band around the touch, long enough for every level in reach, and sorts all levels into the two
    /// parts anew.
    fn move_band(&mut self) {
        let lowest = self.lowest_reachable();
        self.take_all();
        let lowest =
            self.moving.iter().map(|&(key, _)| key).filter(|&key| key >= lowest).min().unwrap_or(self.best_key);
        // Both ends lie within the greatest band, so the difference is small.
        let span = (self.best_key - lowest) as usize + 1;
        self.grow_for(span);
        let slack = self.lots.len() - span;
        let above = (slack / 2).max(self.lots.len() / HEADROOM as usize) as i64;
        let highest_base = i64::MAX - self.lots.len() as i64;
        self.base = lowest.saturating_sub(slack as i64 - above).clamp(NO_KEY + 1, highest_base);
        self.put_back();
        self.misses = 0;
    }

    fn grow_for(&mut self, span: usize) {
        let wanted = (span + span / (HEADROOM as usize - 1) + 1).next_power_of_two();
        let slots = wanted
            .clamp(self.config.initial_band_ticks as usize, self.config.max_band_ticks as usize)
            .max(self.lots.len());
        if slots != self.lots.len() {
            // Zeroed by the allocator: only pages that levels touch become real memory.
            self.lots = vec![0; slots].into_boxed_slice();
            self.occupied = Occupancy::of(slots);
        }
    }

    fn take_all(&mut self) {
        self.moving.clear();
        let mut end = self.lots.len();
        while let Some(slot) = self.occupied.below(end) {
            self.moving.push((self.base + slot as i64, std::mem::take(&mut self.lots[slot])));
            self.occupied.set(slot, false);
            end = slot;
        }
        self.moving.extend(std::mem::take(&mut self.overflow));
    }

    fn put_back(&mut self) {
        for &(key, lots) in &self.moving {
            let slot = self.slot_of(key);
            match self.lots.get_mut(slot) {
                Some(cell) => {
                    *cell = lots;
                    self.occupied.set(slot, true);
                }
                None => {
                    self.overflow.insert(key, lots);
                }
            }
        }
    }

    /// Removes every level; the band stays where it is.
    pub(super) fn clear(&mut self) {
        self.take_all();
        self.moving.clear();
        self.misses = 0;
        (self.best_key, self.best_lots) = (NO_KEY, 0);
    }

    /// Every `(key, lots)`, best first.
    pub(super) fn levels(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let end = self.base + self.lots.len() as i64;
        let above = self.overflow.range(end..).rev();
        let below = self.overflow.range(..self.base).rev();
        let pair = |(&key, &lots): (&i64, &i64)| (key, lots);
        above.map(pair).chain(self.levels_in_band()).chain(below.map(pair))
    }

    fn levels_in_band(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let mut end = self.lots.len();
        std::iter::from_fn(move || {
            end = self.occupied.below(end)?;
            Some(self.level_in(end))
        })
    }
}

/// One part in so many of a band stays free above the touch.
const HEADROOM: u32 = 16;

fn last_of(overflow: &BTreeMap<i64, i64>) -> (i64, i64) {
    overflow.last_key_value().map_or((NO_KEY, 0), |(&key, &lots)| (key, lots))
}

impl Clone for Ladder {
    /// Copies levels, not the band, whose untouched pages would become real memory.
    fn clone(&self) -> Self {
        let mut copy = Self::new(self.config);
        copy.base = self.base;
        copy.lots = vec![0; self.lots.len()].into_boxed_slice();
        if !self.lots.is_empty() {
            copy.occupied = Occupancy::of(self.lots.len());
        }
        copy.moving.extend(self.levels());
        copy.put_back();
        (copy.best_key, copy.best_lots, copy.misses) = (self.best_key, self.best_lots, self.misses);
        copy
    }
}
