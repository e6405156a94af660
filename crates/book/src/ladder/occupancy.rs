/// Which slots of a band hold a level: three levels of 64-way bit words, so that the next level below any slot is
/// found with a handful of loads however far away it lies.
///
/// All words lie in one allocation: first one bit a slot, then one bit for each of those words, then one for each of
/// those; a last word of padding lets a search start right behind the band.
#[derive(Debug)]
pub(super) struct Occupancy {
    words: Box<[u64]>,
    /// Where the second layer starts.
    middle_at: u32,
}

/// The fewest slots for which every layer is a whole number of words.
pub(super) const MIN_SLOTS: usize = 1 << 12;

impl Occupancy {
    pub(super) fn none() -> Self {
        Self { words: Box::default(), middle_at: 0 }
    }

    /// No slot occupied, of `slots`: a power of two, at least [`MIN_SLOTS`].
    pub(super) fn of(slots: usize) -> Self {
        debug_assert!(slots.is_power_of_two() && slots >= MIN_SLOTS);
        let (bottom, middle) = (slots >> 6, slots >> 12);
        let words = vec![0; bottom + middle + middle.div_ceil(64) + 1].into_boxed_slice();
        Self { words, middle_at: bottom as u32 }
    }

    /// How many slots are occupied. Costs a pass over the occupied words.
    pub(super) fn count(&self) -> usize {
        let (mut count, mut end) = (0, self.middle_at as usize);
        while let Some(place) = self.word_below(end) {
            count += self.words[place].count_ones() as usize;
            end = place;
        }
        count
    }

    #[inline]
    fn top_at(&self) -> usize {
        let middle_at = self.middle_at as usize;
        middle_at + (middle_at >> 6)
    }

    /// Notes whether `slot` is occupied now.
    #[inline(always)]
    pub(super) fn set(&mut self, slot: usize, is: bool) {
        let place = slot >> 6;
        let (before, after) = self.put(place, slot & 63, is);
        // Upper layers change only when a word gains its first bit or loses its last.
        if before == 0 || after == 0 {
            self.put_above(place, after != 0);
        }
    }

    #[inline(never)]
    fn put_above(&mut self, place: usize, is: bool) {
        let (_, middle) = self.put(self.middle_at as usize + (place >> 6), place & 63, is);
        self.put(self.top_at() + (place >> 12), (place >> 6) & 63, middle != 0);
    }

    /// Writes one bit without a branch; returns the word before and after.
    #[inline(always)]
    fn put(&mut self, place: usize, bit: usize, is: bool) -> (u64, u64) {
        let word = &mut self.words[place];
        let before = *word;
        let (with, without) = (before | (1 << bit), before & !(1 << bit));
        *word = if is { with } else { without };
        (before, *word)
    }

    /// The highest occupied slot below `end`, which may be one past the last slot.
    #[inline]
    pub(super) fn below(&self, end: usize) -> Option<usize> {
        let place = end >> 6;
        let (place, word) = match self.words.get(place)? & low_bits(end & 63) {
            0 => {
                let place = self.word_below(place)?;
                (place, self.words[place])
            }
            word => (place, word),
        };
        Some((place << 6) | highest(word)?)
    }

    /// The last bottom word before `place` that has a bit.
    fn word_below(&self, place: usize) -> Option<usize> {
        let (middle, top) = (place >> 6, place >> 12);
        let middle_at = self.middle_at as usize;
        if let Some(bit) = highest(self.words.get(middle_at + middle)? & low_bits(place & 63)) {
            return Some((middle << 6) | bit);
        }
        let top_at = self.top_at();
        let within = highest(self.words[top_at + top] & low_bits(middle & 63)).map(|bit| (top, bit));
        let (top, bit) = within.or_else(|| {
            let tops = self.words[top_at..top_at + top].iter().enumerate();
            tops.rev().find_map(|(top, &word)| Some((top, highest(word)?)))
        })?;
        let middle = (top << 6) | bit;
        Some((middle << 6) | highest(self.words[middle_at + middle])?)
    }
}

#[inline(always)]
fn highest(word: u64) -> Option<usize> {
    (word != 0).then(|| 63 - word.leading_zeros() as usize)
}

#[inline(always)]
fn low_bits(bits: usize) -> u64 {
    (1 << bits) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_next_level_is_found_across_every_layer() {
        for slots in [MIN_SLOTS, 1 << 16, 1 << 18, 1 << 20] {
            let mut bits = Occupancy::of(slots);
            for slot in [0, slots - 1] {
                bits.set(slot, true);
            }
            assert_eq!(bits.below(slots), Some(slots - 1));
            assert_eq!(bits.below(slots - 1), Some(0), "{slots}");
            assert_eq!(bits.below(0), None);
        }
    }

    proptest! {
        #[test]
        fn it_equals_an_ordered_set(slots_log in 12u32..21, changes in prop::collection::vec((any::<u32>(), any::<bool>()), 1..300)) {
            let slots = 1usize << slots_log;
            let (mut bits, mut model) = (Occupancy::of(slots), BTreeSet::new());
            for (n, &(raw, is)) in changes.iter().enumerate() {
                // A third of the changes lie close together, so that words fill and empty.
                let slot = if n % 3 == 0 { raw as usize % 70 } else { raw as usize % slots };
                if is {
                    model.insert(slot);
                } else {
                    model.remove(&slot);
                }
                bits.set(slot, is);
                prop_assert_eq!(bits.count(), model.len());
                prop_assert_eq!(bits.below(slots), model.last().copied());
                prop_assert_eq!(bits.below(slot), model.range(..slot).next_back().copied());
            }
        }
    }
}
