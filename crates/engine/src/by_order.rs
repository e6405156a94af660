use tickwright_book::{Ignored, L3Book, Order};
use tickwright_types::{flags, Tick};

use crate::engine::Core;
use crate::instruments::Market;

impl Core {
    /// An order's event: it goes into the book by order, and the levels where the order stood and stands go the way of
    /// every other level. Returns the hits.
    ///
    /// An order that is not there is counted and ignored; so is a size that no order can have.
    #[inline(never)]
    pub(crate) fn apply_order(&mut self, tick: &Tick, venue_ns: i64) -> u32 {
        if tick.flags & flags::REPORT != 0 {
            return 0;
        }
        let (index, now_ns) = (usize::from(tick.instrument), self.now_ns);
        let market = &mut self.markets[index];
        let orders = market.orders.get_or_insert_with(Box::default);
        let before = match orders.apply(tick) {
            Ok(before) => before,
            Err(Ignored::UnknownOrder) => {
                market.monitor.on_unknown_order(now_ns, tick.id);
                return 0;
            }
            Err(Ignored::OutOfRange) => {
                market.monitor.on_negative_size(now_ns, tick.id);
                return 0;
            }
        };
        let after = orders.order(tick.id);
        let mut hits = 0;
        for order in before.into_iter().chain(after) {
            hits |= self.follow(index, &order, venue_ns);
        }
        hits
    }

    /// Sets the level of an order to what its orders sum up to.
    fn follow(&mut self, index: usize, order: &Order, venue_ns: i64) -> u32 {
        let market = &mut self.markets[index];
        let (side, price) = (usize::from(order.side), order.price_ticks);
        let new_lots = market.orders.as_ref().map_or(0, |orders| orders.size_at(side, price));
        let applied = market.book.apply_level(side, price, new_lots);
        if applied.old_lots == new_lots {
            return 0;
        }
        let hits = market.refresh_side(side);
        let (bid, ask) = (market.book.best_price(0), market.book.best_price(1));
        let paper = &mut self.venues[market.venue].paper;
        paper.on_level(index, side, price, applied.old_lots, new_lots, bid, ask, venue_ns);
        hits
    }
}

impl Market {
    /// Every level is gone, and every order.
    pub(crate) fn clear_book(&mut self) {
        self.book.clear();
        if let Some(orders) = self.orders.as_deref_mut() {
            L3Book::clear(orders);
        }
    }
}
