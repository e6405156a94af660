//! What becomes of a request when it arrives.

use tickwright_types::Side;

use super::admission::would_cross;
use super::order::{Order, Slots, Stage};
use super::PaperVenue;
use crate::queue::Queue;
use crate::{EventKind, MarketView, Markets, MatchOn, NewOrder, OrderKind, OrderState, Reason, Request};

impl PaperVenue {
    pub(super) fn handle<M: Markets + ?Sized>(&mut self, at_ns: i64, request: &Request, markets: &M) {
        match *request {
            Request::Submit(new) => {
                let instrument = usize::from(new.instrument);
                if instrument >= self.desks.len() {
                    self.post_rejection(&new, Reason::UnknownInstrument, at_ns);
                } else if self.desks[instrument].match_on == MatchOn::Depth {
                    self.submit(at_ns, &new, markets.view(instrument));
                } else {
                    self.submit(at_ns, &new, &{ self.desks[instrument].top });
                }
            }
            Request::Amend { order_id, price_ticks, size_lots } => {
                let known = self.slots.live(order_id).map(|order| usize::from(order.instrument));
                let done = known.and_then(|instrument| match self.desks[instrument].match_on {
                    MatchOn::Depth => self.amend(at_ns, order_id, price_ticks, size_lots, markets.view(instrument)),
                    MatchOn::TopOfBook | MatchOn::Bars => {
                        self.amend(at_ns, order_id, price_ticks, size_lots, &{ self.desks[instrument].top })
                    }
                });
                if let Err(reason) = done {
                    self.post_denial(order_id, EventKind::AmendRejected, reason, at_ns);
                }
            }
            Request::MoveTrigger { order_id, trigger_ticks } => {
                if let Err(reason) = self.move_trigger(at_ns, order_id, trigger_ticks) {
                    self.post_denial(order_id, EventKind::AmendRejected, reason, at_ns);
                }
            }
            Request::Query { order_id } => self.post_standing(order_id, at_ns),
            Request::Cancel { order_id } => match self.slots.live(order_id) {
                Ok(_) => self.cancel(at_ns, Slots::slot_of(order_id)),
                Err(reason) => self.post_denial(order_id, EventKind::CancelRejected, reason, at_ns),
            },
            Request::CancelAll { instrument: Some(instrument) } => {
                self.cancel_all(at_ns, usize::from(instrument), Reason::ByOwner);
            }
            Request::CancelAll { instrument: None } => self.cancel_everything(at_ns, Reason::ByOwner),
        }
    }

    fn submit<V: MarketView>(&mut self, at_ns: i64, new: &NewOrder, view: &V) {
        let order = match self.admit(at_ns, new, view) {
            Ok(order) => order,
            Err(reason) => return self.post_rejection(new, reason, at_ns),
        };
        let instrument = usize::from(new.instrument);
        if order.reserve_ticks > 0 {
            self.account.reserve(instrument, order.side, order.reserve_ticks, order.leaves_lots);
        }
        let slot = self.slots.insert(order);
        self.note(slot);
        self.post_order(slot, EventKind::Accepted, Reason::None, at_ns);
        match order.stage {
            Stage::Arriving | Stage::Resting => self.enter(at_ns, slot, view),
            Stage::AwaitsTrigger => self.arm(slot, view),
            Stage::AwaitsParent => {}
        }
        self.end_of_turn(at_ns, instrument);
    }

    /// An order in force meets the book: it takes what it may, and rests or ends.
    pub(super) fn enter<V: MarketView>(&mut self, at_ns: i64, slot: u16, view: &V) {
        let order = *self.slots.at(slot);
        if order.kind != OrderKind::PostOnly && (order.kind != OrderKind::Fok || self.can_fill_whole(&order, view)) {
            self.take(at_ns, slot, view);
        }
        self.settle(at_ns, slot, view);
    }

    fn amend<V: MarketView>(
        &mut self,
        at_ns: i64,
        order_id: u32,
        price_ticks: i64,
        size_lots: i64,
        view: &V,
    ) -> Result<(), Reason> {
        self.count_request(at_ns)?;
        let old = *self.slots.live(order_id)?;
        let slot = Slots::slot_of(order_id);
        if old.is_waiting() {
            if size_lots <= old.cum_lots() {
                return Err(Reason::SizeBelowFilled);
            }
            let leaves_lots = size_lots - old.cum_lots();
            let new = Order { price_ticks, size_lots, leaves_lots, ..old };
            self.check_waiting(&new)?;
            *self.slots.at(slot) = new;
            self.post_order(slot, EventKind::Amended, Reason::None, at_ns);
            return Ok(());
        }
        self.replace(at_ns, slot, price_ticks, size_lots, view)
    }

    /// Gives an order that rests another price and size.
    fn replace<V: MarketView>(
        &mut self,
        at_ns: i64,
        slot: u16,
        price_ticks: i64,
        size_lots: i64,
        view: &V,
    ) -> Result<(), Reason> {
        let old = *self.slots.at(slot);
        let instrument = usize::from(old.instrument);
        self.check_terms(instrument, price_ticks, size_lots)?;
        if size_lots <= old.cum_lots() {
            return Err(Reason::SizeBelowFilled);
        }
        let leaves_lots = size_lots - old.cum_lots();
        let keeps_place = price_ticks == old.price_ticks && size_lots <= old.size_lots;
        if !keeps_place && old.kind == OrderKind::PostOnly && would_cross(old.side, price_ticks, view) {
            return Err(Reason::WouldCross);
        }
        self.account.release(instrument, old.side, old.reserve_ticks, old.leaves_lots);
        let needs_funds = self.account.needs_funds(instrument, old.conditions.reduce_only);
        let reserve_ticks = if needs_funds { price_ticks } else { 0 };
        if let Err(reason) = self.account.can_carry(instrument, old.side, reserve_ticks, leaves_lots) {
            self.account.reserve(instrument, old.side, old.reserve_ticks, old.leaves_lots);
            return Err(reason);
        }
        self.account.reserve(instrument, old.side, reserve_ticks, leaves_lots);
        *self.slots.at(slot) = Order { price_ticks, size_lots, leaves_lots, reserve_ticks, ..old };
        self.post_order(slot, EventKind::Amended, Reason::None, at_ns);
        if !keeps_place {
            self.desks[instrument].leave(old.side.index(), old.price_ticks, slot);
            self.slots.at(slot).stage = Stage::Arriving;
            self.enter(at_ns, slot, view);
            self.end_of_turn(at_ns, instrument);
        }
        Ok(())
    }

    /// Lets an order that has taken what it can rest or end.
    fn settle<V: MarketView>(&mut self, at_ns: i64, slot: u16, view: &V) {
        let order = *self.slots.at(slot);
        if order.leaves_lots == 0 || !order.state.is_live() {
            return;
        }
        let (state, kind, reason) = match order.kind.in_force() {
            _ if self.has_nothing_to_reduce(&order) => {
                (OrderState::Cancelled, EventKind::Cancelled, Reason::ReduceOnly)
            }
            OrderKind::Limit | OrderKind::PostOnly => {
                let desk = &mut self.desks[usize::from(order.instrument)];
                self.slots.at(slot).queue = join(desk.match_on, order.side, order.price_ticks, view);
                self.slots.at(slot).stage = Stage::Resting;
                desk.rest(order.side.index(), order.price_ticks, slot, order.conditions.reduce_only);
                return;
            }
            _ if self.share_left(&order) == 0 => return self.wait_again(slot),
            _ => (OrderState::Expired, EventKind::Expired, Reason::NoLiquidity),
        };
        self.close(at_ns, slot, state, kind, reason);
    }

    fn cancel(&mut self, at_ns: i64, slot: u16) {
        self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, Reason::ByOwner);
        self.sweep();
    }

    pub(super) fn cancel_everything(&mut self, at_ns: i64, reason: Reason) {
        for instrument in 0..self.desks.len() {
            self.cancel_all(at_ns, instrument, reason);
        }
    }

    /// Ends every order of an instrument.
    pub(super) fn cancel_all(&mut self, at_ns: i64, instrument: usize, reason: Reason) {
        if instrument >= self.desks.len() {
            return;
        }
        for side in [0, 1] {
            for place in 0..self.desks[instrument].lane(side).len() {
                let slot = self.desks[instrument].lane(side)[place].slot;
                // One before it may have ended this one as well.
                if self.slots.at(slot).state.is_live() {
                    self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, reason);
                }
            }
        }
        while let Some(&slot) = self.desks[instrument].waiting.first() {
            self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, reason);
        }
        self.sweep();
    }
}

/// The place of an order that comes to rest now.
fn join<V: MarketView>(match_on: MatchOn, side: Side, price_ticks: i64, view: &V) -> Queue {
    let best_ticks = view.best_price(side.index());
    let behind_the_best = view.best_size(side.index()) > 0
        && match side {
            Side::Bid => price_ticks < best_ticks,
            Side::Ask => price_ticks > best_ticks,
        };
    if match_on == MatchOn::TopOfBook && behind_the_best {
        return Queue::unseen();
    }
    Queue::behind(view.size_at(side.index(), price_ticks))
}
