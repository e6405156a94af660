//! Whether an order can come in, and at which price funds are set aside for it.

use tickwright_types::Side;

use super::order::{crosses, Order, Stage};
use super::PaperVenue;
use crate::{MarketView, NewOrder, OrderKind, Reason, NO_ORDER};

/// Triggers and distances stay where doubles still count them.
const MOST_TICKS: i64 = 1 << 53;

impl PaperVenue {
    /// The order that comes in, with its stage, its funds and its share of parent and group.
    pub(super) fn admit<V: MarketView>(&mut self, at_ns: i64, new: &NewOrder, view: &V) -> Result<Order, Reason> {
        self.count_request(at_ns)?;
        if new.order_id == NO_ORDER {
            return Err(Reason::InvalidOrderId);
        }
        self.slots.is_free(new.order_id)?;
        let expires_ns = self.expires_ns(new.conditions.until, at_ns)?;
        let stage = if new.kind.is_stop() { Stage::AwaitsTrigger } else { Stage::Arriving };
        let mut order = Order::new(new, stage, 0, expires_ns);
        check_conditions(&order)?;
        self.link(&mut order)?;
        if order.is_waiting() {
            self.check_waiting(&order)?;
        } else {
            order.reserve_ticks = self.funds(&order, view)?;
        }
        Ok(order)
    }

    pub(super) fn count_request(&mut self, at_ns: i64) -> Result<(), Reason> {
        if let Some(reason) = self.faults.refuses(at_ns) {
            return Err(reason);
        }
        match self.rate_limit {
            Some(limit) if !limit.admits(at_ns, &mut self.window) => Err(Reason::RateLimited),
            _ => Ok(()),
        }
    }

    /// The price at which funds are to be set aside for an order that comes into force now; 0 where it needs none.
    pub(super) fn funds<V: MarketView>(&mut self, order: &Order, view: &V) -> Result<i64, Reason> {
        let instrument = usize::from(order.instrument);
        let kind = order.kind.in_force();
        let reserve_ticks = match kind {
            OrderKind::Market => match self.worst_price(order, view) {
                // With nothing to take there is nothing to pay: the order is cancelled when it finds that out.
                None => return self.check_size(instrument, order.size_lots).map(|()| 1),
                Some(worst_ticks) => worst_ticks,
            },
            _ => order.price_ticks,
        };
        // The least size is one of the whole order: what is left of a child can be smaller.
        self.check_terms(instrument, reserve_ticks, order.size_lots)?;
        if kind == OrderKind::PostOnly && would_cross(order.side, order.price_ticks, view) {
            return Err(Reason::WouldCross);
        }
        if self.has_nothing_to_reduce(order) {
            return Err(Reason::ReduceOnly);
        }
        if !self.account.needs_funds(instrument, order.conditions.reduce_only) {
            return Ok(0);
        }
        self.account.can_carry(instrument, order.side, reserve_ticks, order.leaves_lots)?;
        Ok(reserve_ticks)
    }

    /// What can be said of the terms of an order that waits; the rest is seen when it comes into force.
    pub(super) fn check_waiting(&self, order: &Order) -> Result<(), Reason> {
        let instrument = usize::from(order.instrument);
        match order.kind {
            OrderKind::Market | OrderKind::TrailingStop => self.check_size(instrument, order.size_lots),
            OrderKind::StopMarket => self.check_terms(instrument, order.conditions.trigger_ticks, order.size_lots),
            _ => self.check_terms(instrument, order.price_ticks, order.size_lots),
        }
    }

    fn check_size(&self, instrument: usize, size_lots: i64) -> Result<(), Reason> {
        let min_lots = self.account.min_size_lots(instrument).ok_or(Reason::NotTradable)?;
        match size_lots {
            ..=0 => Err(Reason::InvalidSize),
            size if size < min_lots => Err(Reason::BelowMinSize),
            _ => Ok(()),
        }
    }

    pub(super) fn check_terms(&self, instrument: usize, price_ticks: i64, size_lots: i64) -> Result<(), Reason> {
        self.check_size(instrument, size_lots)?;
        if price_ticks <= 0 {
            return Err(Reason::InvalidPrice);
        }
        self.account.check_value(instrument, price_ticks, size_lots)
    }

    /// Lots of the position that an order of that side could still take away.
    pub(super) fn reducible(&self, instrument: usize, side: Side) -> i64 {
        self.account.reducible_lots(instrument, side)
    }

    pub(super) fn has_nothing_to_reduce(&self, order: &Order) -> bool {
        order.conditions.reduce_only && self.reducible(usize::from(order.instrument), order.side) == 0
    }

    /// Lots that an order may trade now.
    pub(super) fn fillable(&self, order: &Order) -> i64 {
        if !order.state.is_live() {
            return 0;
        }
        let instrument = usize::from(order.instrument);
        let reducible = if order.conditions.reduce_only { self.reducible(instrument, order.side) } else { i64::MAX };
        order.leaves_lots.min(reducible).min(self.share_left(order))
    }
}

pub(super) fn would_cross<V: MarketView>(side: Side, price_ticks: i64, view: &V) -> bool {
    let other = side.opposite().index();
    view.best_size(other) > 0 && crosses(side, price_ticks, view.best_price(other))
}

fn check_conditions(order: &Order) -> Result<(), Reason> {
    let conditions = &order.conditions;
    let (trigger, trail) = (conditions.trigger_ticks, conditions.trail_ticks);
    let good = match order.kind {
        OrderKind::StopMarket | OrderKind::StopLimit => (1..=MOST_TICKS).contains(&trigger) && trail == 0,
        OrderKind::TrailingStop => (0..=MOST_TICKS).contains(&trigger) && (1..=MOST_TICKS).contains(&trail),
        _ => trigger == 0 && trail == 0,
    };
    if !good {
        return Err(Reason::InvalidTrigger);
    }
    let own_child = order.id == conditions.parent;
    let fathers_equal = conditions.group != NO_ORDER && conditions.group == conditions.parent;
    if own_child || fathers_equal {
        return Err(Reason::InvalidLink);
    }
    Ok(())
}
