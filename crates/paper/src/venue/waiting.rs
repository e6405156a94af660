//! Orders that wait for a trigger, and what happens when their time comes or is over.

use serde::{Deserialize, Serialize};
use tickwright_types::Side;

use super::order::{Order, Slots, Stage};
use super::PaperVenue;
use crate::{EventKind, MarketView, Markets, MatchOn, OrderKind, OrderState, Reason, TimeInForce, TriggerBy};

/// Nanoseconds of a day.
const DAY_NS: i64 = 86_400_000_000_000;

/// An order that has something to do against the book as it is before the next record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Due {
    pub(super) at_ns: i64,
    pub(super) slot: u16,
    pub(super) order_id: u32,
}

/// When an order fills no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Expiry {
    pub(super) at_ns: i64,
    slot: u16,
}

impl Order {
    /// Prices at or below the first or at or above the second concern this stop.
    fn watched(&self) -> (i64, i64) {
        let trails = self.kind == OrderKind::TrailingStop;
        let (trigger, beyond) = (self.conditions.trigger_ticks, self.conditions.trail_ticks + 1);
        match (trails && self.armed, self.side) {
            (true, Side::Ask) => (trigger, trigger.saturating_add(beyond)),
            (true, Side::Bid) => (trigger.saturating_sub(beyond), trigger),
            (false, _) if trails && trigger == 0 => (i64::MAX, i64::MIN),
            // A stop waits for a price on the side of loss; one that is to trail first for one on the side of profit.
            (false, side) if trails == (side == Side::Bid) => (trigger, i64::MAX),
            (false, _) => (i64::MIN, trigger),
        }
    }

    /// How far a price lies beyond another one in the direction in which this order loses: up for a buy.
    fn beyond(&self, price_ticks: i64, other_ticks: i64) -> i64 {
        price_ticks.saturating_sub(other_ticks).saturating_mul(self.side.sign())
    }

    /// Shows a price to a stop. Returns whether it is set off.
    fn meet_price(&mut self, price_ticks: i64) -> bool {
        if self.kind == OrderKind::TrailingStop {
            let start = self.conditions.trigger_ticks;
            if !self.armed && start != 0 && self.beyond(price_ticks, start) > 0 {
                return false;
            }
            self.trail(price_ticks);
        }
        self.beyond(price_ticks, self.conditions.trigger_ticks) >= 0
    }

    /// Lets the trigger of a trailing stop follow a price; it never goes back.
    pub(super) fn trail(&mut self, price_ticks: i64) {
        let follows = price_ticks.saturating_add(self.conditions.trail_ticks * self.side.sign());
        if !self.armed || self.beyond(self.conditions.trigger_ticks, follows) > 0 {
            self.conditions.trigger_ticks = follows;
            self.armed = true;
        }
    }
}

impl PaperVenue {
    /// When an order of that time in force that arrives now fills no more.
    pub(super) fn expires_ns(&self, until: TimeInForce, at_ns: i64) -> Result<i64, Reason> {
        match until {
            TimeInForce::Gtc => Ok(i64::MAX),
            TimeInForce::Day => {
                let days = at_ns.saturating_sub(self.day_ends_ns).div_euclid(DAY_NS) + 1;
                Ok(days.saturating_mul(DAY_NS).saturating_add(self.day_ends_ns))
            }
            TimeInForce::Gtd(ns) if ns > at_ns => Ok(ns),
            TimeInForce::Gtd(_) => Err(Reason::InvalidExpiry),
        }
    }

    /// Notes when an order ends by time.
    pub(super) fn note_expiry(&mut self, slot: u16) {
        let at_ns = self.slots.at(slot).expires_ns;
        if at_ns < i64::MAX {
            let place = self.expiries.partition_point(|other| other.at_ns > at_ns);
            self.expiries.insert(place, Expiry { at_ns, slot });
        }
    }

    pub(super) fn forget_expiry(&mut self, slot: u16) {
        let at_ns = self.slots.at(slot).expires_ns;
        if at_ns < i64::MAX {
            let from = self.expiries.partition_point(|other| other.at_ns > at_ns);
            let place = self.expiries[from..].iter().position(|expiry| expiry.slot == slot);
            self.expiries.remove(from + place.expect("an order that ends by time is noted"));
        }
    }

    /// Ends the order whose time is up first.
    pub(super) fn expire_first(&mut self) {
        if let Some(&Expiry { at_ns, slot }) = self.expiries.last() {
            self.close(at_ns, slot, OrderState::Expired, EventKind::Expired, Reason::TimeInForce);
            self.sweep();
        }
    }

    /// Lets a trailing stop without a starting price follow from the price that it would take now.
    pub(super) fn arm<V: MarketView>(&mut self, slot: u16, view: &V) {
        let order = self.slots.at(slot);
        let taken_from = order.side.opposite().index();
        if !order.armed && order.conditions.trigger_ticks == 0 && view.best_size(taken_from) > 0 {
            order.trail(view.best_price(taken_from));
        }
    }

    /// Shows a price to the waiting stops of an instrument. Those that it sets off meet the book before the next record.
    #[inline(never)]
    pub(super) fn meet_stops(
        &mut self,
        instrument: usize,
        by: TriggerBy,
        only: Option<Side>,
        price_ticks: i64,
        at_ns: i64,
    ) {
        let mut place = 0;
        while let Some(&slot) = self.desks[instrument].waiting.get(place) {
            let order = self.slots.at(slot);
            let concerned = order.stage == Stage::AwaitsTrigger
                && order.conditions.trigger_by == by
                && only.is_none_or(|side| side == order.side);
            if !concerned || !order.meet_price(price_ticks) {
                place += 1;
                continue;
            }
            (order.stage, order.triggered) = (Stage::Arriving, true);
            self.desks[instrument].waiting.remove(place);
            self.post_order(slot, EventKind::Triggered, Reason::None, at_ns);
            self.make_due(slot, at_ns);
        }
    }

    /// Gives an order its turn before the next record.
    pub(super) fn make_due(&mut self, slot: u16, at_ns: i64) {
        let order_id = self.slots.at(slot).id;
        self.due.push_back(Due { at_ns, slot, order_id });
        self.look_ahead();
    }

    /// What an order does whose turn has come.
    pub(super) fn take_turn<M: Markets + ?Sized>(&mut self, due: Due, markets: &M) {
        if let Ok(order) = self.slots.live(due.order_id) {
            let instrument = usize::from(order.instrument);
            match self.desks[instrument].match_on {
                MatchOn::Depth => self.act(due, markets.view(instrument)),
                MatchOn::TopOfBook | MatchOn::Bars => return self.take_turn_at_price(due, instrument),
            }
            self.end_of_turn(due.at_ns, instrument);
        }
    }

    /// The same where all that is known of the market is one price.
    pub(super) fn take_turn_at_price(&mut self, due: Due, instrument: usize) {
        if self.slots.live(due.order_id).is_ok() {
            self.act(due, &{ self.desks[instrument].top });
            self.end_of_turn(due.at_ns, instrument);
        }
    }

    fn act<V: MarketView>(&mut self, due: Due, view: &V) {
        match self.slots.at(due.slot).stage {
            Stage::Arriving => self.come_into_force(due.at_ns, due.slot, view),
            Stage::AwaitsTrigger => self.arm(due.slot, view),
            Stage::Resting | Stage::AwaitsParent => {}
        }
    }

    /// Brings an order that waited into force, if the account can carry it now.
    fn come_into_force<V: MarketView>(&mut self, at_ns: i64, slot: u16, view: &V) {
        let order = *self.slots.at(slot);
        let instrument = usize::from(order.instrument);
        match self.funds(&order, view) {
            Err(reason) => self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, reason),
            Ok(reserve_ticks) => {
                self.account.reserve(instrument, order.side, reserve_ticks, order.leaves_lots);
                self.slots.at(slot).reserve_ticks = reserve_ticks;
                self.enter(at_ns, slot, view);
            }
        }
    }

    /// What a record must touch to concern an instrument's own orders.
    pub(super) fn refresh_guard(&mut self, instrument: usize) {
        let desk = &self.desks[instrument];
        let mut guard = desk.guard();
        for order in desk.waiting.iter().filter_map(|&slot| self.slots.peek(slot)) {
            let (low, high) = order.watched();
            match (order.stage, order.conditions.trigger_by) {
                (Stage::AwaitsTrigger, TriggerBy::Trade) => guard.watch_trades(low, high),
                (Stage::AwaitsTrigger, TriggerBy::Touch) => guard.watch_every_level(),
                _ => {}
            }
        }
        self.guards[instrument] = guard;
    }

    /// The live order of an id whose trigger can still be moved.
    pub(super) fn move_trigger(&mut self, at_ns: i64, order_id: u32, trigger_ticks: i64) -> Result<(), Reason> {
        self.count_request(at_ns)?;
        let order = self.slots.live(order_id)?;
        let movable = order.is_waiting() && matches!(order.kind, OrderKind::StopMarket | OrderKind::StopLimit);
        if !movable || trigger_ticks <= 0 {
            return Err(Reason::InvalidTrigger);
        }
        order.conditions.trigger_ticks = trigger_ticks;
        let instrument = usize::from(order.instrument);
        self.post_order(Slots::slot_of(order_id), EventKind::Amended, Reason::None, at_ns);
        self.refresh_guard(instrument);
        Ok(())
    }
}
