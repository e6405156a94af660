use std::collections::BTreeMap;
use std::fmt::Debug;

use bytemuck::Zeroable;

use super::occupancy::Occupancy;
use super::{Applied, BookConfig};

/// The key of no price; every key that stands for a level is above it.
pub(crate) const NO_KEY: i64 = i64::MIN;

/// What a ladder keeps at a price: its size in lots, and what else a book needs there. All zero where there is no level.
pub(crate) trait Cell: Zeroable + Copy + Debug {
    /// The level's size; 0 if there is none, never below.
    fn lots(&self) -> i64;
}

impl Cell for i64 {
    #[inline(always)]
    fn lots(&self) -> i64 {
        *self
    }
}

/// One side of a book by key, where the highest key is the best: a flat array of cells over a band of keys around the
/// touch, and an ordered overflow for the keys outside it.
///
/// The two parts never hold the same key. The first eight words are all that an update inside the band reads.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Ladder<C> {
    /// Key of slot 0; `base + slots` never overflows, which makes the one comparison in `slot_of` enough.
    base: i64,
    best_key: i64,
    best_lots: i64,
    cells: Box<[C]>,
    occupied: Occupancy,
    overflow: BTreeMap<i64, C>,
    /// Updates since the last move of the band that the band could have served had it lain elsewhere.
    misses: usize,
    config: BookConfig,
    /// The levels that the last move of the band moved; kept for its capacity and length.
    moving: Vec<(i64, C)>,
}

impl<C: Cell> Ladder<C> {
    pub(crate) fn new(config: BookConfig) -> Self {
        Self {
            base: 0,
            best_key: NO_KEY,
            best_lots: 0,
            cells: Box::default(),
            occupied: Occupancy::none(),
            overflow: BTreeMap::new(),
            misses: 0,
            config: config.normalised(),
            moving: Vec::new(),
        }
    }

    #[inline(always)]
    pub(crate) fn best_key(&self) -> i64 {
        self.best_key
    }

    #[inline(always)]
    pub(crate) fn best_lots(&self) -> i64 {
        self.best_lots
    }

    pub(crate) fn config(&self) -> BookConfig {
        self.config
    }

    pub(crate) fn level_count(&self) -> usize {
        self.occupied.count() + self.overflow.len()
    }

    #[inline(always)]
    fn slot_of(&self, key: i64) -> usize {
        // Keys below the base wrap round to numbers above any length.
        key.wrapping_sub(self.base) as u64 as usize
    }

    /// The level of that key; all zero if there is none.
    #[inline]
    pub(crate) fn cell(&self, key: i64) -> C {
        match self.cells.get(self.slot_of(key)) {
            Some(&cell) => cell,
            None => self.overflow.get(&key).copied().unwrap_or(C::zeroed()),
        }
    }

    /// The cell of that key where it lies in the band, to be asked for ahead of its use.
    #[inline(always)]
    pub(crate) fn place(&self, key: i64) -> Option<&C> {
        self.cells.get(self.slot_of(key))
    }

    /// Changes the level of `key`; one that has no lots afterwards is gone.
    #[inline(always)]
    pub(crate) fn update(&mut self, key: i64, change: impl FnOnce(&mut C)) -> Applied {
        let slot = self.slot_of(key);
        let Some(cell) = self.cells.get_mut(slot) else {
            return self.update_outside(key, change);
        };
        let old_lots = cell.lots();
        change(cell);
        let lots = cell.lots();
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
    fn update_outside(&mut self, key: i64, change: impl FnOnce(&mut C)) -> Applied {
        if key == NO_KEY {
            return Applied { old_lots: 0, best_changed: false };
        }
        let mut cell = self.overflow.get(&key).copied().unwrap_or(C::zeroed());
        let old_lots = cell.lots();
        change(&mut cell);
        if cell.lots() == 0 {
            self.overflow.remove(&key);
        } else {
            self.overflow.insert(key, cell);
        }
        if old_lots == cell.lots() {
            return Applied { old_lots, best_changed: false };
        }
        let before = (self.best_key, self.best_lots);
        (self.best_key, self.best_lots) = last_of(&self.overflow).max(self.best_in_band());
        self.consider_moving(key);
        Applied { old_lots, best_changed: before != (self.best_key, self.best_lots) }
    }

    fn best_in_band(&self) -> (i64, i64) {
        self.occupied.below(self.cells.len()).map_or((NO_KEY, 0), |slot| self.level_in(slot))
    }

    #[inline]
    fn level_in(&self, slot: usize) -> (i64, i64) {
        (self.base + slot as i64, self.cells[slot].lots())
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
        let slack = self.cells.len() - span;
        let above = (slack / 2).max(self.cells.len() / HEADROOM as usize) as i64;
        let highest_base = i64::MAX - self.cells.len() as i64;
        self.base = lowest.saturating_sub(slack as i64 - above).clamp(NO_KEY + 1, highest_base);
        self.put_back();
        self.misses = 0;
    }

    fn grow_for(&mut self, span: usize) {
        let wanted = (span + span / (HEADROOM as usize - 1) + 1).next_power_of_two();
        let slots = wanted
            .clamp(self.config.initial_band_ticks as usize, self.config.max_band_ticks as usize)
            .max(self.cells.len());
        if slots != self.cells.len() {
            // Zeroed by the allocator: only pages that levels touch become real memory.
            self.cells = bytemuck::zeroed_slice_box(slots);
            self.occupied = Occupancy::of(slots);
        }
    }

    fn take_all(&mut self) {
        self.moving.clear();
        let mut end = self.cells.len();
        while let Some(slot) = self.occupied.below(end) {
            let cell = std::mem::replace(&mut self.cells[slot], C::zeroed());
            self.moving.push((self.base + slot as i64, cell));
            self.occupied.set(slot, false);
            end = slot;
        }
        self.moving.extend(std::mem::take(&mut self.overflow));
    }

    fn put_back(&mut self) {
        for &(key, cell) in &self.moving {
            let slot = self.slot_of(key);
            match self.cells.get_mut(slot) {
                Some(place) => {
                    *place = cell;
                    self.occupied.set(slot, true);
                }
                None => {
                    self.overflow.insert(key, cell);
                }
            }
        }
    }

    /// Removes every level; the band stays where it is.
    pub(crate) fn clear(&mut self) {
        self.take_all();
        self.moving.clear();
        self.misses = 0;
        (self.best_key, self.best_lots) = (NO_KEY, 0);
    }

    /// Every `(key, lots)`, best first.
    pub(crate) fn levels(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.taken().map(|(key, cell)| (key, cell.lots()))
    }

    /// Every `(key, cell)` that has a level, best first.
    pub(crate) fn taken(&self) -> impl Iterator<Item = (i64, C)> + '_ {
        let end = self.base + self.cells.len() as i64;
        let above = self.overflow.range(end..).rev();
        let below = self.overflow.range(..self.base).rev();
        let pair = |(&key, &cell): (&i64, &C)| (key, cell);
        above.map(pair).chain(self.taken_in_band()).chain(below.map(pair))
    }

    fn taken_in_band(&self) -> impl Iterator<Item = (i64, C)> + '_ {
        let mut end = self.cells.len();
        std::iter::from_fn(move || {
            end = self.occupied.below(end)?;
            Some((self.base + end as i64, self.cells[end]))
        })
    }
}

/// One part in so many of a band stays free above the touch.
const HEADROOM: u32 = 16;

fn last_of<C: Cell>(overflow: &BTreeMap<i64, C>) -> (i64, i64) {
    overflow.last_key_value().map_or((NO_KEY, 0), |(&key, cell)| (key, cell.lots()))
}

impl<C: Cell> Clone for Ladder<C> {
    /// Copies levels, not the band, whose untouched pages would become real memory.
    fn clone(&self) -> Self {
        let mut copy = Self::new(self.config);
        copy.base = self.base;
        copy.cells = bytemuck::zeroed_slice_box(self.cells.len());
        if !self.cells.is_empty() {
            copy.occupied = Occupancy::of(self.cells.len());
        }
        copy.moving.extend(self.taken());
        copy.put_back();
        (copy.best_key, copy.best_lots, copy.misses) = (self.best_key, self.best_lots, self.misses);
        copy
    }
}
