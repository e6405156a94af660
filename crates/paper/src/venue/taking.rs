//! Arriving orders against what is shown.

use super::news::Fill;
use super::order::Order;
use super::PaperVenue;
use crate::fill_model::TakerFill;
use crate::{Account, MarketView, MatchOn, OrderState};

impl PaperVenue {
    /// Takes what an order crosses. What it takes is taker, whatever becomes of the rest.
    pub(super) fn take<V: MarketView>(&mut self, at_ns: i64, slot: u16, view: &V) {
        let order = *self.slots.at(slot);
        let (instrument, other) = (usize::from(order.instrument), order.side.opposite().index());
        let touch_ticks = view.best_price(other);
        if view.best_size(other) <= 0 || !order.accepts(touch_ticks) {
            return;
        }
        let mut leaves_lots = self.fillable(&order);
        if leaves_lots == 0 {
            return;
        }
        if self.rules.taker == TakerFill::WholeAtBest {
            self.fill(at_ns, slot, touch_ticks, leaves_lots, Role::Taker { touch_ticks });
            return;
        }
        view.walk(other, &mut |price_ticks, shown_lots| {
            if !order.accepts(price_ticks) {
                return false;
            }
            let lots = self.takeable(instrument, other, price_ticks, shown_lots).min(leaves_lots);
            if lots > 0 {
                self.fill(at_ns, slot, price_ticks, lots, Role::Taker { touch_ticks });
                if self.rules.consume && self.desks[instrument].match_on != MatchOn::Bars {
                    self.desks[instrument].use_up(other, price_ticks, lots);
                }
                leaves_lots -= lots;
            }
            leaves_lots > 0
        });
    }

    /// Whether all of an order could be taken now.
    pub(super) fn can_fill_whole<V: MarketView>(&self, order: &Order, view: &V) -> bool {
        let (instrument, other) = (usize::from(order.instrument), order.side.opposite().index());
        if self.fillable(order) < order.leaves_lots {
            return false;
        }
        if self.rules.taker == TakerFill::WholeAtBest {
            return true;
        }
        let mut left = order.leaves_lots;
        view.walk(other, &mut |price_ticks, shown_lots| {
            if order.accepts(price_ticks) {
                left -= self.takeable(instrument, other, price_ticks, shown_lots).max(0);
            }
            left > 0 && order.accepts(price_ticks)
        });
        left <= 0
    }

    /// The worst price that a market order would meet, a buy's dearest and a sell's best; `None` if there is none.
    pub(super) fn worst_price<V: MarketView>(&self, order: &Order, view: &V) -> Option<i64> {
        let (instrument, other) = (usize::from(order.instrument), order.side.opposite().index());
        let (mut left, mut worst) = (order.leaves_lots, None);
        if view.best_size(other) <= 0 {
            return None;
        }
        if self.rules.taker == TakerFill::WholeAtBest {
            return Some(view.best_price(other));
        }
        view.walk(other, &mut |price_ticks, shown_lots| {
            let lots = self.takeable(instrument, other, price_ticks, shown_lots);
            if lots > 0 {
                worst = Some(worst.map_or(price_ticks, |so_far: i64| so_far.max(price_ticks)));
            }
            left -= lots.max(0);
            left > 0
        });
        worst
    }

    fn takeable(&self, instrument: usize, side: usize, price_ticks: i64, shown_lots: i64) -> i64 {
        if self.desks[instrument].match_on == MatchOn::Bars {
            // What may be used of a bar was settled when it closed.
            return shown_lots;
        }
        self.rules.takeable(shown_lots) - self.desks[instrument].used(side, price_ticks)
    }

    /// Books a fill and tells the owner. The caller sees to the order's place in its lane.
    pub(super) fn fill(&mut self, at_ns: i64, slot: u16, price_ticks: i64, lots: i64, role: Role) {
        let order = self.slots.at(slot);
        order.leaves_lots -= lots;
        assert!(lots > 0 && order.leaves_lots >= 0, "a fill of {lots} lots leaves {}", order.leaves_lots);
        order.state = if order.leaves_lots == 0 { OrderState::Filled } else { OrderState::PartiallyFilled };
        let (has_ended, reduces) = (order.leaves_lots == 0, order.conditions.reduce_only);
        let (instrument, side, reserve_ticks) = (usize::from(order.instrument), order.side, order.reserve_ticks);
        let (maker, touch_ticks) = match role {
            Role::Maker => (true, price_ticks),
            Role::Taker { touch_ticks } => (false, touch_ticks),
        };
        let fee = self.account.fee(instrument, price_ticks, lots, maker);
        self.account.release(instrument, side, reserve_ticks, lots);
        let trade = if reduces { Account::reduce } else { Account::fill };
        trade(&mut self.account, instrument, side, price_ticks, lots, fee);
        self.post_fill(&Fill { slot, price_ticks, lots, touch_ticks, maker, fee }, at_ns);
        self.use_bar_volume(instrument, lots);
        if has_ended {
            self.depart(slot);
        }
        if !self.linked.is_empty() {
            self.follow_fill(at_ns, slot, lots);
        }
    }
}

/// Who added the liquidity of a fill.
#[derive(Clone, Copy)]
pub(super) enum Role {
    /// We did.
    Maker,
    /// Somebody else did, and this was their best price when we came.
    Taker { touch_ticks: i64 },
}
