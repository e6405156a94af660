use super::{L2Book, NO_ASK, NO_BID};
use crate::ladder::flip;

/// What it costs to trade against one side, from [`L2Book::fill_cost`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillCost {
    /// Sum of price × size over the levels walked, in ticks × lots; exact.
    pub ticks_times_lots: i128,
    /// The last price reached, in ticks.
    pub worst_price_ticks: i64,
    /// How much the side could fill, in lots: less than asked if it was not deep enough.
    pub filled_lots: i64,
}

impl FillCost {
    /// The average price in ticks, for reading.
    pub fn vwap_ticks(&self) -> f64 {
        self.ticks_times_lots as f64 / self.filled_lots as f64
    }
}

impl L2Book {
    /// Every level of a side as `(price_ticks, size_lots)`, best first. Allocates nothing.
    pub fn levels(&self, side: usize) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.ladder(side).levels().map(move |(key, lots)| (flip(side, key), lots))
    }

    /// The best `n` levels of a side as `(price_ticks, size_lots)`, best first; fewer if it has fewer.
    pub fn depth(&self, side: usize, n: usize) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.levels(side).take(n)
    }

    /// Writes the best levels of a side into `out`, best first, and returns how many it wrote; the rest stays.
    pub fn depth_into(&self, side: usize, out: &mut [(i64, i64)]) -> usize {
        let mut written = 0;
        for (cell, level) in out.iter_mut().zip(self.levels(side)) {
            *cell = level;
            written += 1;
        }
        written
    }

    /// The size in lots from the best price of a side to `price_ticks`, that level included; 0 if the price is
    /// better than the best. Stops at `i64::MAX`.
    pub fn cumulative_to(&self, side: usize, price_ticks: i64) -> i64 {
        let last = flip(side, price_ticks);
        let reached = self.ladder(side).levels().take_while(|&(key, _)| key >= last);
        reached.fold(0, |sum: i64, (_, lots)| sum.saturating_add(lots))
    }

    /// What `size_lots` would cost when traded against the levels of `side` now: 1 to buy, 0 to sell.
    ///
    /// `None` if the side is empty or the size not positive; a size that the side cannot fill is filled in part.
    ///
    /// ```
    /// use tickwright_book::{FillCost, L2Book};
    /// let mut book = L2Book::default();
    /// book.apply_level(1, 100, 3);
    /// book.apply_level(1, 102, 5);
    /// let cost = book.fill_cost(1, 4).unwrap();
    /// assert_eq!(cost, FillCost { ticks_times_lots: 402, worst_price_ticks: 102, filled_lots: 4 });
    /// assert_eq!(cost.vwap_ticks(), 100.5);
    /// ```
    pub fn fill_cost(&self, side: usize, size_lots: i64) -> Option<FillCost> {
        if size_lots <= 0 {
            return None;
        }
        let mut cost = FillCost { ticks_times_lots: 0, worst_price_ticks: 0, filled_lots: 0 };
        for (price_ticks, level_lots) in self.levels(side) {
            let taken_lots = level_lots.min(size_lots - cost.filled_lots);
            cost.ticks_times_lots += i128::from(price_ticks) * i128::from(taken_lots);
            cost.worst_price_ticks = price_ticks;
            cost.filled_lots += taken_lots;
            if cost.filled_lots == size_lots {
                break;
            }
        }
        (cost.filled_lots > 0).then_some(cost)
    }

    /// `(bids − asks) / (bids + asks)` of the sizes of the best `n` levels a side: −1 to 1, above 0 if bids weigh
    /// more. `None` if neither side has a level.
    pub fn imbalance(&self, n: usize) -> Option<f64> {
        let [bids, asks] = [0, 1].map(|side| self.depth(side, n).map(|(_, lots)| i128::from(lots)).sum::<i128>());
        (bids + asks > 0).then(|| (bids - asks) as f64 / (bids + asks) as f64)
    }

    /// Best prices weighted by the size on the other side, in ticks: `(bid × ask size + ask × bid size) / (sum of the
    /// sizes)`, which leans towards the thinner side. `None` unless both sides have a level.
    pub fn microprice(&self) -> Option<f64> {
        let spread = self.spread_ticks()? as f64;
        let (bid_lots, ask_lots) = (self.best_size(0) as f64, self.best_size(1) as f64);
        Some(self.best_price(0) as f64 + spread * bid_lots / (bid_lots + ask_lots))
    }

    /// Best ask less best bid in ticks, 0 if locked, negative if crossed. `None` unless both sides have a level.
    #[inline]
    pub fn spread_ticks(&self) -> Option<i64> {
        let (bid, ask) = (self.best_price(0), self.best_price(1));
        (bid != NO_BID && ask != NO_ASK).then(|| ask.saturating_sub(bid))
    }
}
