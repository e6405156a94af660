use super::slab::NOWHERE;
use super::{L3Book, Order};
use crate::ladder::flip;
use crate::L2Book;

impl L3Book {
    /// The order of that id, if it rests in the book.
    pub fn order(&self, id: u64) -> Option<Order> {
        let (_, node) = self.ids.find(id, &self.slab)?;
        Some(self.slab.node(node).order())
    }

    /// Lots that stand before that order in the queue of its price: 0 if it trades next. `None` if it is not there.
    ///
    /// Walks the queue from the order to its head: a few ns for each order ahead.
    pub fn lots_ahead(&self, id: u64) -> Option<i64> {
        let (_, node) = self.ids.find(id, &self.slab)?;
        let (mut lots, mut at) = (0, self.slab.node(node).ahead);
        while at != NOWHERE {
            let ahead = self.slab.node(at);
            lots += ahead.lots();
            at = ahead.ahead;
        }
        Some(lots)
    }

    /// Every order at a price, first in the queue first.
    pub fn orders_at(&self, side: usize, price_ticks: i64) -> impl Iterator<Item = Order> + '_ {
        self.queue_from(self.sides[side].cell(flip(side, price_ticks)).first)
    }

    /// Every order of a side, best price first and first in the queue first.
    pub fn orders(&self, side: usize) -> impl Iterator<Item = Order> + '_ {
        self.sides[side].taken().flat_map(|(_, queue)| self.queue_from(queue.first))
    }

    /// How many orders rest in the book.
    pub fn order_count(&self) -> usize {
        self.ids.len()
    }

    /// The best price of a side in ticks; [`NO_BID`](crate::NO_BID) or [`NO_ASK`](crate::NO_ASK) if it has no order.
    #[inline(always)]
    pub fn best_price(&self, side: usize) -> i64 {
        flip(side, self.sides[side].best_key())
    }

    /// The size at the best price in lots; 0 if the side has no order.
    #[inline(always)]
    pub fn best_size(&self, side: usize) -> i64 {
        self.sides[side].best_lots()
    }

    /// The size of all orders at a price in lots; 0 if there is none.
    #[inline]
    pub fn size_at(&self, side: usize, price_ticks: i64) -> i64 {
        self.sides[side].cell(flip(side, price_ticks)).lots
    }

    /// Every level of a side as `(price_ticks, size_lots)`, best first. Allocates nothing.
    pub fn levels(&self, side: usize) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.sides[side].levels().map(move |(key, lots)| (flip(side, key), lots))
    }

    /// How many prices of a side have orders. Costs a pass over the bitmap: about 1 µs for a thousand.
    pub fn level_count(&self, side: usize) -> usize {
        self.sides[side].level_count()
    }

    /// The same book by price level, which answers questions about depth and cost.
    ///
    /// Costs a pass over all levels. One that follows the orders is kept by setting, after each change, the level of
    /// the order's price to [`Self::size_at`], and the level where it stood before.
    pub fn to_l2(&self) -> L2Book {
        let mut book = L2Book::new(self.config());
        for side in 0..2 {
            for (price_ticks, size_lots) in self.levels(side) {
                book.apply_level(side, price_ticks, size_lots);
            }
        }
        book
    }

    fn queue_from(&self, first: u32) -> impl Iterator<Item = Order> + '_ {
        let mut at = first;
        std::iter::from_fn(move || {
            let node = (at != NOWHERE).then(|| self.slab.node(at))?;
            at = node.behind;
            Some(node.order())
        })
    }
}
