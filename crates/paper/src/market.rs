use serde::{Deserialize, Serialize};

/// What the venue reads of an instrument's book.
///
/// Sides are indices: 0 bid, 1 ask. A side without prices has the best price `i64::MIN` (bid) or `i64::MAX` (ask).
pub trait MarketView {
    /// Best price of a side in ticks.
    fn best_price(&self, side: usize) -> i64;
    /// Lots at the best price of a side, 0 where there is none.
    fn best_size(&self, side: usize) -> i64;
    /// Lots at a price of a side, 0 where there are none.
    fn size_at(&self, side: usize, price_ticks: i64) -> i64;
    /// Calls `visit(price_ticks, size_lots)` for each level of a side, best first, until it returns false.
    fn walk(&self, side: usize, visit: &mut dyn FnMut(i64, i64) -> bool);
}

/// The books of all instruments, by index.
pub trait Markets {
    /// One book.
    type View: MarketView;
    /// The book of an instrument the venue was made with.
    fn view(&self, instrument: usize) -> &Self::View;
}

impl<V: MarketView> Markets for [V] {
    type View = V;
    fn view(&self, instrument: usize) -> &V {
        &self[instrument]
    }
}

impl<V: MarketView> Markets for Vec<V> {
    type View = V;
    fn view(&self, instrument: usize) -> &V {
        &self[instrument]
    }
}

impl<V: MarketView, const N: usize> Markets for [V; N] {
    type View = V;
    fn view(&self, instrument: usize) -> &V {
        &self[instrument]
    }
}

/// Which records of an instrument orders are matched against; the others are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchOn {
    /// Book levels and trades.
    #[default]
    Depth,
    /// Best quotes and trades, for tapes without levels.
    TopOfBook,
    /// Whole bars, for tapes with nothing else.
    Bars,
}

/// The best quote, which is all that is known of a market without levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TopOfBook {
    pub(crate) price_ticks: [i64; 2],
    pub(crate) size_lots: [i64; 2],
}

impl TopOfBook {
    pub(crate) const EMPTY: Self = Self { price_ticks: [i64::MIN, i64::MAX], size_lots: [0, 0] };

    /// Takes a quote in and returns the price and size it replaces.
    pub(crate) fn update(&mut self, side: usize, price_ticks: i64, size_lots: i64) -> (i64, i64) {
        let old = (self.price_ticks[side], self.size_lots[side]);
        let empty = size_lots <= 0;
        self.price_ticks[side] = if empty { Self::EMPTY.price_ticks[side] } else { price_ticks };
        self.size_lots[side] = size_lots.max(0);
        old
    }
}

impl MarketView for TopOfBook {
    fn best_price(&self, side: usize) -> i64 {
        self.price_ticks[side]
    }

    fn best_size(&self, side: usize) -> i64 {
        self.size_lots[side]
    }

    fn size_at(&self, side: usize, price_ticks: i64) -> i64 {
        if price_ticks == self.price_ticks[side] {
            self.size_lots[side]
        } else {
            0
        }
    }

    fn walk(&self, side: usize, visit: &mut dyn FnMut(i64, i64) -> bool) {
        if self.size_lots[side] > 0 {
            visit(self.price_ticks[side], self.size_lots[side]);
        }
    }
}

impl MarketView for tickwright_book::L2Book {
    #[inline]
    fn best_price(&self, side: usize) -> i64 {
        Self::best_price(self, side)
    }

    #[inline]
    fn best_size(&self, side: usize) -> i64 {
        Self::best_size(self, side)
    }

    #[inline]
    fn size_at(&self, side: usize, price_ticks: i64) -> i64 {
        Self::size_at(self, side, price_ticks)
    }

    fn walk(&self, side: usize, visit: &mut dyn FnMut(i64, i64) -> bool) {
        for (price_ticks, size_lots) in self.levels(side) {
            if !visit(price_ticks, size_lots) {
                return;
            }
        }
    }
}
