use tickwright_types::Side;

use crate::ladder::{flip, Applied, BookConfig, Ladder};
use crate::BookError;

/// [`L2Book::best_price`] of a bid side without levels.
pub const NO_BID: i64 = i64::MIN;
/// [`L2Book::best_price`] of an ask side without levels.
pub const NO_ASK: i64 = i64::MAX;

/// A book by price level: exact at every price, a few nanoseconds an update near the touch and far from it.
///
/// Prices are ticks and sizes lots of the instrument. A side is an index, 0 for bids and 1 for asks
/// ([`Side::index`]); methods that take one panic on any other number. Any price is a level except
/// [`NO_BID`] on the bid side and [`NO_ASK`] on the ask side, which are ignored.
///
/// ```
/// use tickwright_book::{BookConfig, L2Book, NO_ASK};
/// let mut book = L2Book::new(BookConfig::default());
/// book.apply_level(0, 618_001, 2_507);
/// book.apply_level(0, 618_000, 900);
/// assert_eq!((book.best_price(0), book.best_size(0)), (618_001, 2_507));
/// assert_eq!(book.best_price(1), NO_ASK);
/// let applied = book.apply_level(0, 618_001, 0);
/// assert!(applied.best_changed);
/// assert_eq!((applied.old_lots, book.best_price(0)), (2_507, 618_000));
/// ```
#[derive(Clone, Debug)]
pub struct L2Book {
    sides: [Ladder<i64>; 2],
    /// The book of a snapshot that is under way; kept between snapshots for its memory.
    spare: Option<Box<[Ladder<i64>; 2]>>,
    in_snapshot: bool,
}

impl L2Book {
    /// An empty book; it takes memory when its first level comes.
    pub fn new(config: BookConfig) -> Self {
        Self { sides: [Ladder::new(config), Ladder::new(config)], spare: None, in_snapshot: false }
    }

    /// The configuration in force: lengths are powers of two.
    pub fn config(&self) -> BookConfig {
        self.sides[0].config()
    }

    /// Sets a level of the visible book to its new total size; 0 or less deletes it.
    ///
    /// While a snapshot is under way it goes on changing the visible book, and is gone with it at the end.
    /// Costs 3–6 ns near warm levels. Allocates only when a price falls outside the band.
    #[inline(always)]
    pub fn apply_level(&mut self, side: usize, price_ticks: i64, size_lots: i64) -> Applied {
        self.sides[side].update(flip(side, price_ticks), |level| *level = size_lots.max(0))
    }

    /// The best price of a side in ticks; [`NO_BID`] or [`NO_ASK`] if it has no level.
    #[inline(always)]
    pub fn best_price(&self, side: usize) -> i64 {
        flip(side, self.sides[side].best_key())
    }

    /// The size at the best price in lots; 0 if the side has no level.
    #[inline(always)]
    pub fn best_size(&self, side: usize) -> i64 {
        self.sides[side].best_lots()
    }

    /// The size of one level in lots; 0 if there is none.
    pub fn size_at(&self, side: usize, price_ticks: i64) -> i64 {
        self.sides[side].cell(flip(side, price_ticks))
    }

    /// How many levels a side has. Costs a pass over the bitmap: about 1 µs for a thousand levels.
    pub fn level_count(&self, side: usize) -> usize {
        self.sides[side].level_count()
    }

    /// Begins a snapshot: its levels gather aside until [`Self::snapshot_end`]; one already under way is dropped.
    pub fn snapshot_begin(&mut self) {
        let config = self.config();
        let spare = self.spare.get_or_insert_with(|| Box::new([Ladder::new(config), Ladder::new(config)]));
        spare.iter_mut().for_each(Ladder::clear);
        self.in_snapshot = true;
    }

    /// Sets a level of the snapshot under way; ignored if there is none. 0 or less deletes it.
    pub fn snapshot_level(&mut self, side: usize, price_ticks: i64, size_lots: i64) {
        if let (true, Some(spare)) = (self.in_snapshot, &mut self.spare) {
            spare[side].update(flip(side, price_ticks), |level| *level = size_lots.max(0));
        }
    }

    /// Ends a snapshot: its levels replace the whole visible book.
    ///
    /// Returns whether a best price or the size there is another one now. Without a snapshot under way it does
    /// nothing and returns `false`.
    pub fn snapshot_end(&mut self) -> bool {
        let (true, Some(spare)) = (self.in_snapshot, &mut self.spare) else {
            return false;
        };
        let changed = (0..2).any(|side| touch(&self.sides[side]) != touch(&spare[side]));
        std::mem::swap(&mut self.sides, spare);
        self.in_snapshot = false;
        changed
    }

    /// Whether a snapshot is under way.
    pub fn in_snapshot(&self) -> bool {
        self.in_snapshot
    }

    /// Removes every level of the visible book; its memory is kept and a snapshot under way goes on.
    pub fn clear(&mut self) {
        self.sides.iter_mut().for_each(Ladder::clear);
    }

    /// Rebuilds the book for another tick size: every price becomes `price × numerator / denominator`.
    ///
    /// From a tick of 0.1 to 0.01 that is 10 / 1. Fails, and leaves the book as it was, if the fraction is not
    /// positive, if a level lies off the new grid or if its price no longer fits 64 bits.
    pub fn rescale(&mut self, numerator: i64, denominator: i64) -> Result<(), BookError> {
        if numerator <= 0 || denominator <= 0 {
            return Err(BookError::Scale { numerator, denominator });
        }
        let mut scaled = Self::new(self.config());
        rescale_into(&mut scaled.sides, &self.sides, numerator, denominator)?;
        if let (true, Some(spare)) = (self.in_snapshot, &self.spare) {
            scaled.snapshot_begin();
            if let Some(aside) = &mut scaled.spare {
                rescale_into(aside, spare, numerator, denominator)?;
            }
        }
        *self = scaled;
        Ok(())
    }

    pub(super) fn ladder(&self, side: usize) -> &Ladder<i64> {
        &self.sides[side]
    }

    /// The levels of the snapshot under way.
    pub(super) fn snapshot_ladders(&self) -> Option<&[Ladder<i64>; 2]> {
        self.spare.as_deref().filter(|_| self.in_snapshot)
    }
}

/// Copies every level at its scaled price.
fn rescale_into(
    to: &mut [Ladder<i64>; 2],
    from: &[Ladder<i64>; 2],
    numerator: i64,
    denominator: i64,
) -> Result<(), BookError> {
    for (side, ladder) in from.iter().enumerate() {
        for (key, lots) in ladder.levels() {
            let price_ticks = flip(side, key);
            let price = scaled(price_ticks, numerator, denominator).ok_or(BookError::OffNewGrid {
                side: Side::from_index(side).name(),
                price_ticks,
                numerator,
                denominator,
            })?;
            to[side].update(flip(side, price), |level| *level = lots);
        }
    }
    Ok(())
}

/// `price × numerator / denominator` if that is whole and fits.
fn scaled(price_ticks: i64, numerator: i64, denominator: i64) -> Option<i64> {
    let (product, denominator) = (i128::from(price_ticks) * i128::from(numerator), i128::from(denominator));
    if product % denominator != 0 {
        return None;
    }
    i64::try_from(product / denominator).ok()
}

fn touch(ladder: &Ladder<i64>) -> (i64, i64) {
    (ladder.best_key(), ladder.best_lots())
}

impl Default for L2Book {
    fn default() -> Self {
        Self::new(BookConfig::default())
    }
}

impl PartialEq for L2Book {
    /// Equal when the levels are, those of a snapshot under way among them; where the bands lie does not count.
    fn eq(&self, other: &Self) -> bool {
        let same =
            |a: &[Ladder<i64>; 2], b: &[Ladder<i64>; 2]| (0..2).all(|side| a[side].levels().eq(b[side].levels()));
        same(&self.sides, &other.sides)
            && match (self.snapshot_ladders(), other.snapshot_ladders()) {
                (Some(a), Some(b)) => same(a, b),
                (a, b) => a.is_none() && b.is_none(),
            }
    }
}

impl Eq for L2Book {}
