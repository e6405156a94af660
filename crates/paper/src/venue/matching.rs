//! Resting orders against each record. The entry points reject a record that concerns no own order in about a
//! nanosecond; everything else happens out of line.

use tickwright_types::{Side, NO_SIDE};

use super::desk::rank;
use super::taking::Role;
use super::PaperVenue;
use crate::fill_model::PassiveFill;
use crate::queue::Queue;
use crate::{MarketView, MatchOn, TriggerBy};

/// The price of that side in a pair of best prices.
#[inline(always)]
fn of_side(side: usize, best_bid: i64, best_ask: i64) -> i64 {
    [best_bid, best_ask][side & 1]
}

impl PaperVenue {
    /// A level of the book changed from `old_lots` to `new_lots`; the best prices are those after it.
    #[inline(always)]
    #[allow(clippy::too_many_arguments)] // One record's plain numbers in registers; a struct would go through memory.
    pub fn on_level(
        &mut self,
        instrument: usize,
        side: usize,
        price_ticks: i64,
        old_lots: i64,
        new_lots: i64,
        best_bid: i64,
        best_ask: i64,
        venue_ns: i64,
    ) {
        if self.guards[instrument].passes_level(side, price_ticks, best_bid, best_ask) {
            return;
        }
        let touch_ticks = of_side(side, best_bid, best_ask);
        self.match_level(instrument, side & 1, Level { price_ticks, old_lots, new_lots, touch_ticks }, venue_ns);
    }

    /// A trade; `aggressor` is 0 for a buyer, 1 for a seller, 2 where it is not known, which meets both sides.
    #[inline(always)]
    pub fn on_trade(&mut self, instrument: usize, aggressor: u8, price_ticks: i64, lots: i64, venue_ns: i64) {
        if self.guards[instrument].passes_trade(aggressor, price_ticks) {
            return;
        }
        self.match_trade(instrument, aggressor, price_ticks, lots, venue_ns);
    }

    /// One side of the best quote. Looked at only where orders are matched on the top of the book.
    #[inline(always)]
    pub fn on_quote(&mut self, instrument: usize, side: usize, price_ticks: i64, size_lots: i64, venue_ns: i64) {
        let desk = &mut self.desks[instrument];
        if desk.match_on != MatchOn::TopOfBook {
            return;
        }
        let old = desk.top.update(side & 1, price_ticks, size_lots);
        if !self.guards[instrument].is_idle() {
            self.match_quote(instrument, side & 1, old, venue_ns);
        }
    }

    /// The whole book was replaced, by a snapshot or because it was cleared. A side without levels tells nothing about the
    /// queues on it.
    pub fn on_book_replaced<V: MarketView>(&mut self, instrument: usize, view: &V, venue_ns: i64) {
        if self.guards[instrument].is_idle() || self.desks[instrument].match_on != MatchOn::Depth {
            return;
        }
        for side in [0, 1] {
            self.desks[instrument].renew_all(side);
            if view.best_size(side) > 0 {
                for place in 0..self.desks[instrument].lane(side).len() {
                    let slot = self.desks[instrument].lane(side)[place].slot;
                    let order = self.slots.at(slot);
                    order.queue.cap(view.size_at(side, order.price_ticks));
                }
            }
        }
        for side in [0, 1] {
            view.walk(side, &mut |price_ticks, lots| self.meet_level(instrument, side, price_ticks, lots, venue_ns));
        }
        for side in [0, 1] {
            self.meet_touch(instrument, side, view.best_price(side), view.best_size(side), venue_ns);
        }
        self.end_of_turn(venue_ns, instrument);
    }

    #[inline(never)]
    fn match_level(&mut self, instrument: usize, side: usize, level: Level, venue_ns: i64) {
        let desk = &mut self.desks[instrument];
        if desk.match_on != MatchOn::Depth {
            return;
        }
        for rested in desk.at_rank(side, rank(side, level.price_ticks)) {
            self.slots.at(rested.slot).queue.level(self.rules.queue, level.old_lots, level.new_lots);
        }
        let renewed = level.old_lots != level.new_lots && desk.renew(side, level.price_ticks);
        // The whole-fill rule asks whether the best price reaches an order, whichever level moved.
        let whole = self.rules.passive == PassiveFill::Whole;
        let reach_ticks = if whole { level.touch_ticks } else { level.price_ticks };
        let met = (whole || level.new_lots > 0) && desk.reaches(side ^ 1, rank(side ^ 1, reach_ticks));
        if met {
            self.meet_level(instrument, side, reach_ticks, level.new_lots, venue_ns);
        }
        let watched = !self.desks[instrument].waiting.is_empty();
        if watched {
            let there = level.touch_ticks != i64::MIN && level.touch_ticks != i64::MAX;
            self.meet_touch(instrument, side, level.touch_ticks, i64::from(there), venue_ns);
        }
        if met || renewed || watched {
            self.end_of_turn(venue_ns, instrument);
        }
    }

    /// Shows the best price of a side to the stops that go by it: bids set off sells.
    fn meet_touch(&mut self, instrument: usize, side: usize, price_ticks: i64, lots: i64, venue_ns: i64) {
        if lots > 0 && !self.desks[instrument].waiting.is_empty() {
            let takes = Side::from_index(side ^ 1);
            self.meet_stops(instrument, TriggerBy::Touch, Some(takes), price_ticks, venue_ns);
        }
    }

    /// Lets own orders trade with a level of `side` that reaches them. Returns whether a worse level could too.
    fn meet_level(&mut self, instrument: usize, side: usize, price_ticks: i64, shown_lots: i64, venue_ns: i64) -> bool {
        let own = side ^ 1;
        let reach = rank(own, price_ticks);
        let whole = self.rules.passive != PassiveFill::Partial;
        let top = self.desks[instrument].match_on == MatchOn::TopOfBook;
        let free = shown_lots - self.desks[instrument].used(side, price_ticks);
        let mut budget = if top { self.rules.reaches_resting(free) } else { free };
        let mut place = 0;
        while let Some(&rested) = self.desks[instrument].lane(own).get(place) {
            if rested.rank > reach || (budget <= 0 && !whole) {
                break;
            }
            let order = *self.slots.at(rested.slot);
            let (leaves, limit_ticks) = (order.leaves_lots, order.price_ticks);
            let most = self.fillable(&order);
            let lots = if whole { most } else { most.min(budget) };
            if lots == 0 {
                place += 1;
                continue;
            }
            self.fill(venue_ns, rested.slot, limit_ticks, lots, Role::Maker);
            budget -= lots;
            if self.rules.consume && !whole {
                self.desks[instrument].use_up(side, price_ticks, lots);
            }
            if lots == leaves {
                self.desks[instrument].leave_at(own, place);
            } else {
                place += 1;
            }
        }
        self.desks[instrument].reaches(own, reach)
    }

    #[inline(never)]
    fn match_trade(&mut self, instrument: usize, aggressor: u8, price_ticks: i64, lots: i64, venue_ns: i64) {
        if lots <= 0 || self.desks[instrument].match_on == MatchOn::Bars {
            return;
        }
        for own in [0, 1] {
            if aggressor >= NO_SIDE || usize::from(aggressor) != own {
                self.meet_trade(instrument, own, price_ticks, lots, venue_ns);
            }
        }
        if !self.desks[instrument].waiting.is_empty() {
            self.meet_stops(instrument, TriggerBy::Trade, None, price_ticks, venue_ns);
        }
        self.end_of_turn(venue_ns, instrument);
    }

    /// Lets own orders of a side trade with the aggressor of a trade. Each lot fills one own order at most, but for
    /// [`PassiveFill::Whole`].
    fn meet_trade(&mut self, instrument: usize, own: usize, price_ticks: i64, traded_lots: i64, venue_ns: i64) {
        let at = rank(own, price_ticks);
        let top = self.desks[instrument].match_on == MatchOn::TopOfBook;
        let (passive, model) = (self.rules.passive, self.rules.queue);
        let mut budget = traded_lots;
        let mut place = 0;
        while let Some(&rested) = self.desks[instrument].lane(own).get(place) {
            if rested.rank > at {
                break;
            }
            let through = rested.rank < at;
            let order = *self.slots.at(rested.slot);
            let most = self.fillable(&order);
            let order = self.slots.at(rested.slot);
            let (limit_ticks, leaves) = (order.price_ticks, order.leaves_lots);
            let reaching = if through {
                order.queue = Queue::behind(0);
                budget
            } else {
                let met = if passive == PassiveFill::Whole { traded_lots } else { budget };
                order.queue.trade(model, met, traded_lots)
            };
            let reaching = if top { self.rules.reaches_resting(reaching) } else { reaching };
            let lots = match passive {
                PassiveFill::Whole if through || reaching > 0 => most,
                PassiveFill::PartialAtPrice if through => most,
                PassiveFill::Whole => 0,
                PassiveFill::PartialAtPrice | PassiveFill::Partial => reaching.min(most),
            };
            if lots > 0 {
                self.fill(venue_ns, rested.slot, limit_ticks, lots, Role::Maker);
                budget = (budget - lots).max(0);
            }
            if lots == leaves {
                self.desks[instrument].leave_at(own, place);
            } else {
                place += 1;
            }
        }
    }

    #[inline(never)]
    fn match_quote(&mut self, instrument: usize, side: usize, old: (i64, i64), venue_ns: i64) {
        let top = self.desks[instrument].top;
        let (price_ticks, size_lots) = (top.price_ticks[side], top.size_lots[side]);
        let at = rank(side, price_ticks);
        for place in 0..self.desks[instrument].lane(side).len() {
            let rested = self.desks[instrument].lane(side)[place];
            let queue = &mut self.slots.at(rested.slot).queue;
            if rested.rank < at {
                // Nobody shows a price as good as ours.
                *queue = Queue::behind(0);
            } else if rested.rank == at && old.0 == price_ticks {
                queue.level(self.rules.queue, old.1, size_lots);
            } else if rested.rank == at {
                queue.cap(size_lots);
            }
        }
        if old != (price_ticks, size_lots) {
            self.desks[instrument].renew_all(side);
        }
        if size_lots > 0 {
            self.meet_level(instrument, side, price_ticks, size_lots, venue_ns);
        }
        self.meet_touch(instrument, side, price_ticks, size_lots, venue_ns);
        self.end_of_turn(venue_ns, instrument);
    }
}

/// A level record.
#[derive(Clone, Copy)]
struct Level {
    price_ticks: i64,
    old_lots: i64,
    new_lots: i64,
    /// Best price of its side after it.
    touch_ticks: i64,
}
