use super::L3Book;
use crate::ladder::{flip, NO_KEY};

/// A resting order that an aggressor met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Id of the resting order.
    pub id: u64,
    /// Its price in ticks, at which it traded.
    pub price_ticks: i64,
    /// What it traded, in lots.
    pub size_lots: i64,
    /// What is left of it, in lots; at 0 it is gone.
    pub left_lots: i64,
}

impl L3Book {
    /// Trades against the orders of a side, best price first and first come first served, up to `size_lots` and no
    /// worse than `limit_price_ticks`; tells every fill and returns the lots that found nobody.
    ///
    /// An aggressor that buys takes from side 1. Costs some 10 to 20 ns a fill; allocates nothing.
    ///
    /// ```
    /// use tickwright_book::{Fill, L3Book};
    /// let mut book = L3Book::default();
    /// for (id, price_ticks) in [(1, 101), (2, 100), (3, 100)] {
    ///     book.add(id, 1, price_ticks, 5).unwrap();
    /// }
    /// let mut fills = Vec::new();
    /// assert_eq!(book.take(1, 100, 12, |fill| fills.push(fill)), 2);
    /// assert_eq!(fills[0], Fill { id: 2, price_ticks: 100, size_lots: 5, left_lots: 0 });
    /// assert_eq!((fills.len(), book.best_price(1)), (2, 101));
    /// ```
    #[inline]
    pub fn take(&mut self, side: usize, limit_price_ticks: i64, size_lots: i64, mut on_fill: impl FnMut(Fill)) -> i64 {
        let limit = flip(side, limit_price_ticks);
        let mut left_lots = size_lots.max(0);
        while left_lots > 0 && self.sides[side].best_key() != NO_KEY && self.sides[side].best_key() >= limit {
            left_lots = self.take_best(side, left_lots, &mut on_fill);
        }
        left_lots
    }

    /// The same against the best price alone.
    #[inline]
    fn take_best(&mut self, side: usize, size_lots: i64, on_fill: &mut impl FnMut(Fill)) -> i64 {
        let key = self.sides[side].best_key();
        let price_ticks = flip(side, key);
        let mut queue = self.sides[side].cell(key);
        let mut left_lots = size_lots;
        while left_lots > 0 && queue.first != 0 {
            let (at, node) = (queue.first, *self.slab.node(queue.first));
            let size_lots = node.lots().min(left_lots);
            left_lots -= size_lots;
            queue.lots -= size_lots;
            let after = node.lots() - size_lots;
            if after > 0 {
                self.slab.node_mut(at).set_lots(after);
            } else {
                queue.first = node.behind;
                self.forget(at, node.id);
            }
            on_fill(Fill { id: node.id, price_ticks, size_lots, left_lots: after });
        }
        if queue.first == 0 {
            queue.last = 0;
        } else {
            self.slab.node_mut(queue.first).ahead = 0;
        }
        self.sides[side].update(key, |cell| *cell = queue);
        left_lots
    }

    /// Gives up the node of an order that its queue has let go.
    #[inline]
    fn forget(&mut self, node: u32, id: u64) {
        let (at, _) = self.ids.probe(id, &self.slab);
        self.ids.remove(at);
        self.slab.give_back(node);
    }
}
