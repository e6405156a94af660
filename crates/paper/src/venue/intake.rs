//! What becomes of a request when it arrives.

use tickwright_types::Side;

use super::order::{crosses, Order, Slots};
use super::PaperVenue;
use crate::queue::Queue;
use crate::{EventKind, MarketView, Markets, MatchOn, NewOrder, OrderKind, OrderState, Reason, Request, NO_ORDER};

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
                    MatchOn::TopOfBook => {
                        self.amend(at_ns, order_id, price_ticks, size_lots, &{ self.desks[instrument].top })
                    }
                });
                if let Err(reason) = done {
                    self.post_denial(order_id, EventKind::AmendRejected, reason, at_ns);
                }
            }
            Request::Cancel { order_id } => match self.slots.live(order_id) {
                Ok(_) => self.cancel(at_ns, Slots::slot_of(order_id)),
                Err(reason) => self.post_denial(order_id, EventKind::CancelRejected, reason, at_ns),
            },
            Request::CancelAll { instrument: Some(instrument) } => self.cancel_all(at_ns, usize::from(instrument)),
            Request::CancelAll { instrument: None } => {
                for instrument in 0..self.desks.len() {
                    self.cancel_all(at_ns, instrument);
                }
            }
        }
    }

    fn submit<V: MarketView>(&mut self, at_ns: i64, new: &NewOrder, view: &V) {
        let reserve_ticks = match self.admit(at_ns, new, view) {
            Ok(reserve_ticks) => reserve_ticks,
            Err(reason) => return self.post_rejection(new, reason, at_ns),
        };
        let instrument = usize::from(new.instrument);
        self.account.reserve(instrument, new.side, reserve_ticks, new.size_lots);
        let slot = self.slots.insert(Order::new(new, reserve_ticks));
        self.post_order(slot, EventKind::Accepted, Reason::None, at_ns);
        if new.kind != OrderKind::PostOnly {
            self.take(at_ns, slot, view);
        }
        self.settle(at_ns, slot, view);
        self.refresh_guard(instrument);
    }

    /// Whether an order can come in, and at which price funds are set aside for it.
    fn admit<V: MarketView>(&mut self, at_ns: i64, new: &NewOrder, view: &V) -> Result<i64, Reason> {
        let instrument = usize::from(new.instrument);
        self.count_request(at_ns)?;
        if new.order_id == NO_ORDER {
            return Err(Reason::InvalidOrderId);
        }
        self.slots.is_free(new.order_id)?;
        let reserve_ticks = match new.kind {
            OrderKind::Market => match self.worst_price(new, view) {
                // With nothing to take there is nothing to pay: the order expires when it finds that out.
                None => return self.check_size(instrument, new.size_lots).map(|()| 1),
                Some(worst_ticks) => worst_ticks,
            },
            _ => new.price_ticks,
        };
        self.check_terms(instrument, reserve_ticks, new.size_lots)?;
        if new.kind == OrderKind::PostOnly && would_cross(new.side, new.price_ticks, view) {
            return Err(Reason::WouldCross);
        }
        self.account.can_carry(instrument, new.side, reserve_ticks, new.size_lots)?;
        Ok(reserve_ticks)
    }

    fn count_request(&mut self, at_ns: i64) -> Result<(), Reason> {
        let Some(limit) = self.rate_limit else { return Ok(()) };
        let window = at_ns.div_euclid(limit.window_ns);
        if window != self.window.0 {
            self.window = (window, 0);
        }
        if self.window.1 >= limit.requests {
            return Err(Reason::RateLimited);
        }
        self.window.1 += 1;
        Ok(())
    }

    fn check_size(&self, instrument: usize, size_lots: i64) -> Result<(), Reason> {
        let min_lots = self.account.min_size_lots(instrument).ok_or(Reason::NotTradable)?;
        match size_lots {
            ..=0 => Err(Reason::InvalidSize),
            size if size < min_lots => Err(Reason::BelowMinSize),
            _ => Ok(()),
        }
    }

    fn check_terms(&self, instrument: usize, price_ticks: i64, size_lots: i64) -> Result<(), Reason> {
        self.check_size(instrument, size_lots)?;
        if price_ticks <= 0 {
            return Err(Reason::InvalidPrice);
        }
        self.account.check_value(instrument, price_ticks, size_lots)
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
        if let Err(reason) = self.account.can_carry(instrument, old.side, price_ticks, leaves_lots) {
            self.account.reserve(instrument, old.side, old.reserve_ticks, old.leaves_lots);
            return Err(reason);
        }
        self.account.reserve(instrument, old.side, price_ticks, leaves_lots);
        let slot = Slots::slot_of(order_id);
        *self.slots.at(slot) = Order { price_ticks, reserve_ticks: price_ticks, size_lots, leaves_lots, ..old };
        self.post_order(slot, EventKind::Amended, Reason::None, at_ns);
        if !keeps_place {
            self.desks[instrument].leave(old.side.index(), old.price_ticks, slot);
            if old.kind != OrderKind::PostOnly {
                self.take(at_ns, slot, view);
            }
            self.settle(at_ns, slot, view);
            self.refresh_guard(instrument);
        }
        Ok(())
    }

    /// Lets an order that has taken what it can rest or end.
    fn settle<V: MarketView>(&mut self, at_ns: i64, slot: u16, view: &V) {
        let order = *self.slots.at(slot);
        if order.leaves_lots == 0 {
            return;
        }
        let (state, kind) = match order.kind {
            OrderKind::Limit | OrderKind::PostOnly => {
                let desk = &mut self.desks[usize::from(order.instrument)];
                self.slots.at(slot).queue = join(desk.match_on, order.side, order.price_ticks, view);
                desk.rest(order.side.index(), order.price_ticks, slot);
                return;
            }
            OrderKind::Ioc | OrderKind::Market => (OrderState::Expired, EventKind::Expired),
        };
        self.close(at_ns, slot, state, kind, Reason::NoLiquidity);
    }

    fn cancel(&mut self, at_ns: i64, slot: u16) {
        let order = *self.slots.at(slot);
        let instrument = usize::from(order.instrument);
        self.desks[instrument].leave(order.side.index(), order.price_ticks, slot);
        self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, Reason::ByOwner);
        self.refresh_guard(instrument);
    }

    fn cancel_all(&mut self, at_ns: i64, instrument: usize) {
        let Some(desk) = self.desks.get(instrument) else { return };
        if desk.is_empty() {
            return;
        }
        for side in [0, 1] {
            for place in 0..self.desks[instrument].lane(side).len() {
                let slot = self.desks[instrument].lane(side)[place].slot;
                self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, Reason::ByOwner);
            }
            self.desks[instrument].leave_all(side);
        }
        self.refresh_guard(instrument);
    }

    fn close(&mut self, at_ns: i64, slot: u16, state: OrderState, kind: EventKind, reason: Reason) {
        let order = self.slots.at(slot);
        order.state = state;
        let order = *order;
        self.account.release(usize::from(order.instrument), order.side, order.reserve_ticks, order.leaves_lots);
        self.post_order(slot, kind, reason, at_ns);
    }
}

fn would_cross<V: MarketView>(side: Side, price_ticks: i64, view: &V) -> bool {
    let other = side.opposite().index();
    view.best_size(other) > 0 && crosses(side, price_ticks, view.best_price(other))
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
