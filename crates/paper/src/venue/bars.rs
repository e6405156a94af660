//! Markets of which only bars are known: the price walks along a named path through each bar, and what it meets fills.

use serde::{Deserialize, Serialize};
use tickwright_types::{Side, TickKind};

use super::order::Stage;
use super::taking::Role;
use super::PaperVenue;
use crate::fill_model::PassiveFill;
use crate::market::TopOfBook;
use crate::{BarPath, MatchOn, TriggerBy};

/// A whole bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BarPrices {
    /// First price in ticks.
    pub open_ticks: i64,
    /// Highest price in ticks.
    pub high_ticks: i64,
    /// Lowest price in ticks.
    pub low_ticks: i64,
    /// Last price in ticks.
    pub close_ticks: i64,
    /// Everything that traded, in lots; nothing fills in a bar without volume.
    pub volume_lots: i64,
}

/// Who meets a price.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meets {
    All,
    Stops,
}

impl PaperVenue {
    /// One of the four records of a bar; the last one closes it. Others are not looked at.
    pub fn on_bar_record(&mut self, instrument: usize, kind: TickKind, price_ticks: i64, lots: i64, venue_ns: i64) {
        let bar = &mut self.desks[instrument].bar;
        match kind {
            TickKind::BarOpen => *bar = BarPrices { open_ticks: price_ticks, ..BarPrices::default() },
            TickKind::BarHigh => bar.high_ticks = price_ticks,
            TickKind::BarLow => bar.low_ticks = price_ticks,
            TickKind::BarClose => {
                (bar.close_ticks, bar.volume_lots) = (price_ticks, lots);
                let whole = std::mem::take(bar);
                self.on_bar(instrument, &whole, venue_ns);
            }
            _ => {}
        }
    }

    /// A bar has closed. Looked at only where orders are matched on bars; a bar whose prices contradict each other is not.
    ///
    /// All its fills together have no more lots than the share of its volume that the fill model lets us use. Its close
    /// and what is left of that stay there for orders that arrive before the next bar.
    pub fn on_bar(&mut self, instrument: usize, bar: &BarPrices, venue_ns: i64) {
        let BarPrices { open_ticks: open, high_ticks: high, low_ticks: low, close_ticks: close, volume_lots } = *bar;
        let ordered = low <= open.min(close) && open.max(close) <= high;
        if self.desks[instrument].match_on != MatchOn::Bars || !ordered || volume_lots < 0 {
            return;
        }
        self.desks[instrument].bar_left = self.rules.takeable(volume_lots);
        self.meet(instrument, open, Meets::All, venue_ns);
        match self.rules.bar_path {
            BarPath::StopFirst => self.walk_stops_first(instrument, low, high, venue_ns),
            BarPath::AdaptiveOhlc => {
                // The nearer end comes first; in the middle the low one.
                let path = if high - open < open - low { [high, low] } else { [low, high] };
                let mut from = open;
                for to in path.into_iter().chain([close]) {
                    self.walk(instrument, from, to, Meets::All, venue_ns);
                    from = to;
                }
            }
        }
        self.meet(instrument, close, Meets::Stops, venue_ns);
        self.end_of_turn(venue_ns, instrument);
    }

    /// Every stop inside the bar fires before any limit inside it fills; stops of what then was filled fire as well.
    fn walk_stops_first(&mut self, instrument: usize, low: i64, high: i64, venue_ns: i64) {
        let open = self.desks[instrument].top.price_ticks[0];
        self.walk(instrument, open, low, Meets::Stops, venue_ns);
        self.walk(instrument, open, high, Meets::Stops, venue_ns);
        self.show_price(instrument, open);
        // What these fills bring in has seen no price of the bar yet: its stops do now, its limits with the next bar.
        for (own, reached) in [(0, low), (1, high)] {
            self.fill_reached(instrument, own, reached, venue_ns);
        }
        self.walk(instrument, high, low, Meets::Stops, venue_ns);
        self.walk(instrument, low, high, Meets::Stops, venue_ns);
    }

    /// Lets the price go from one to another and stop wherever something of ours waits for it.
    fn walk(&mut self, instrument: usize, from: i64, to: i64, meets: Meets, venue_ns: i64) {
        let mut at = from;
        while let Some(next) = self.next_own_price(instrument, at, to, meets) {
            self.meet(instrument, next, meets, venue_ns);
            at = next;
        }
        self.meet(instrument, to, meets, venue_ns);
    }

    /// The first price after `from`, and before `to`, at which a stop fires or a resting order fills.
    fn next_own_price(&self, instrument: usize, from: i64, to: i64, meets: Meets) -> Option<i64> {
        let (up, desk) = (to > from, &self.desks[instrument]);
        let stops = desk.waiting.iter().filter_map(|&slot| self.slots.peek(slot)).filter(|order| {
            let armed = order.stage == Stage::AwaitsTrigger && order.armed;
            // A rising price sets off buys, a falling one sells.
            armed && (order.side == Side::Bid) == up
        });
        let lane = if meets == Meets::Stops { &[][..] } else { desk.lane(usize::from(up)) };
        let resting = lane.iter().filter_map(|rested| self.slots.peek(rested.slot));
        let prices = stops.map(|order| order.conditions.trigger_ticks).chain(resting.map(|order| order.price_ticks));
        let between =
            prices.filter(|price| if up { from < *price && *price < to } else { to < *price && *price < from });
        if up {
            between.min()
        } else {
            between.max()
        }
    }

    /// The price is there: resting orders that it reaches fill at their limits, stops fire and take at this price.
    fn meet(&mut self, instrument: usize, price_ticks: i64, meets: Meets, venue_ns: i64) {
        self.show_price(instrument, price_ticks);
        if meets == Meets::All {
            for own in [0, 1] {
                self.fill_reached(instrument, own, price_ticks, venue_ns);
            }
        }
        for by in [TriggerBy::Trade, TriggerBy::Touch] {
            self.meet_stops(instrument, by, None, price_ticks, venue_ns);
        }
        self.end_of_turn(venue_ns, instrument);
        self.act_at_once(instrument);
    }

    fn show_price(&mut self, instrument: usize, price_ticks: i64) {
        let desk = &mut self.desks[instrument];
        let left = desk.bar_left;
        desk.top = TopOfBook { price_ticks: [price_ticks; 2], size_lots: [left; 2] };
        desk.renew_all(0);
        desk.renew_all(1);
    }

    fn fill_reached(&mut self, instrument: usize, own: usize, price_ticks: i64, venue_ns: i64) {
        let reach = super::desk::rank(own, price_ticks);
        let whole = self.rules.passive == PassiveFill::Whole;
        let mut place = 0;
        while let Some(&rested) = self.desks[instrument].lane(own).get(place) {
            if rested.rank > reach {
                break;
            }
            let order = *self.slots.at(rested.slot);
            let budget = self.rules.reaches_resting(self.desks[instrument].bar_left);
            let most = self.fillable(&order);
            let lots = if whole { most } else { most.min(budget) };
            if lots > 0 {
                self.fill(venue_ns, rested.slot, order.price_ticks, lots, Role::Maker);
            }
            if lots == order.leaves_lots {
                self.desks[instrument].leave_at(own, place);
            } else {
                place += 1;
            }
        }
    }

    /// Orders of this instrument that were set off or brought in act now, at the price that did it.
    fn act_at_once(&mut self, instrument: usize) {
        let mut place = 0;
        while let Some(&due) = self.due.get(place) {
            let here = self.slots.peek(due.slot).is_some_and(|order| usize::from(order.instrument) == instrument);
            if !here {
                place += 1;
                continue;
            }
            self.due.remove(place);
            self.take_turn_at_price(due, instrument);
        }
        self.look_ahead();
    }

    /// What fills of a bar's volume is gone.
    pub(super) fn use_bar_volume(&mut self, instrument: usize, lots: i64) {
        let desk = &mut self.desks[instrument];
        if desk.match_on == MatchOn::Bars {
            desk.bar_left = (desk.bar_left - lots).max(0);
            desk.top.size_lots = [desk.bar_left; 2];
        }
    }
}
