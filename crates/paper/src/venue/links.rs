//! Orders that know each other: children that wait for a parent's fills, groups of which one ends or shrinks the others.

use super::order::{Order, Slots, Stage};
use super::PaperVenue;
use crate::{EventKind, GroupRule, MarketView, OrderState, Reason, NO_ORDER};

impl PaperVenue {
    /// Gives an arriving order what its parent and its group leave it.
    pub(super) fn link(&self, order: &mut Order) -> Result<(), Reason> {
        let conditions = order.conditions;
        if conditions.group != NO_ORDER && conditions.group != order.id {
            let first = self.slots.get(conditions.group).ok_or(Reason::GroupClosed)?;
            // The first knows what all others filled: it gave up as much.
            let filled = first.cum_lots() + first.given_up_lots;
            let over = match conditions.group_rule {
                GroupRule::Cancel => !first.state.is_live() || filled > 0,
                GroupRule::Reduce => filled >= order.size_lots,
            };
            if over || first.conditions.group != conditions.group {
                return Err(Reason::GroupClosed);
            }
            order.given_up_lots = filled;
        }
        if conditions.parent == NO_ORDER {
            order.size_lots -= order.given_up_lots;
        } else {
            let parent = self.slots.get(conditions.parent).ok_or(Reason::ParentClosed)?;
            if parent.cum_lots() == 0 && !parent.state.is_live() {
                return Err(Reason::ParentClosed);
            }
            let share = share_of(order, parent);
            if share <= 0 {
                order.stage = Stage::AwaitsParent;
                return Ok(());
            }
            order.size_lots = share;
        }
        order.leaves_lots = order.size_lots;
        Ok(())
    }

    /// What a fill of an order does to its group and its children.
    pub(super) fn follow_fill(&mut self, at_ns: i64, slot: u16, lots: i64) {
        let order = *self.slots.at(slot);
        if order.conditions.group != NO_ORDER {
            self.shrink_group(at_ns, &order, lots);
        }
        for place in 0..self.linked.len() {
            let child = self.linked[place];
            if self.slots.at(child).conditions.parent == order.id {
                self.bring_in(at_ns, child, &order);
            }
        }
    }

    fn shrink_group(&mut self, at_ns: i64, filled: &Order, lots: i64) {
        for place in 0..self.linked.len() {
            let slot = self.linked[place];
            let other = *self.slots.at(slot);
            let concerned = other.id != filled.id && other.conditions.group == filled.conditions.group;
            if !concerned || other.conditions.group_rule == GroupRule::Cancel {
                continue;
            }
            // A child that waits has nothing in force yet: its share will be less.
            let less = if other.stage == Stage::AwaitsParent { 0 } else { lots.min(other.leaves_lots) };
            self.release(&other, less);
            let order = self.slots.at(slot);
            order.given_up_lots += lots;
            order.size_lots -= less;
            order.leaves_lots -= less;
            if less > 0 && order.leaves_lots > 0 {
                self.post_order(slot, EventKind::Amended, Reason::GroupFilled, at_ns);
            }
        }
        let over = |other: &Order| match other.conditions.group_rule {
            GroupRule::Cancel => true,
            GroupRule::Reduce => other.leaves_lots == 0 || other.given_up_lots >= other.asked_lots,
        };
        while let Some(slot) = self.find_linked(|other| {
            other.id != filled.id && other.conditions.group == filled.conditions.group && over(other)
        }) {
            self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, Reason::GroupFilled);
        }
    }

    /// Gives a child its share of what its parent has filled.
    fn bring_in(&mut self, at_ns: i64, slot: u16, parent: &Order) {
        let child = self.slots.at(slot);
        let share = share_of(child, parent);
        let more = if child.stage == Stage::AwaitsParent { share } else { share - child.size_lots };
        if more <= 0 {
            return;
        }
        if child.stage == Stage::Resting {
            return self.make_due(slot, at_ns);
        }
        let kind = if child.stage == Stage::AwaitsParent { EventKind::Triggered } else { EventKind::Amended };
        if child.stage == Stage::AwaitsParent {
            (child.size_lots, child.leaves_lots) = (0, 0);
            child.stage = if child.kind.is_stop() { Stage::AwaitsTrigger } else { Stage::Arriving };
        }
        child.size_lots += more;
        child.leaves_lots += more;
        let (stage, instrument) = (child.stage, usize::from(child.instrument));
        self.post_order(slot, kind, Reason::None, at_ns);
        if kind == EventKind::Triggered {
            if stage == Stage::Arriving {
                self.desks[instrument].waiting.retain(|&waiting| waiting != slot);
            }
            self.make_due(slot, at_ns);
        }
        self.refresh_guard(instrument);
    }

    /// Gives a resting child the larger share that its parent's fills brought; a larger size goes to the back.
    pub(super) fn grow<V: MarketView>(&mut self, at_ns: i64, slot: u16, view: &V) {
        let child = *self.slots.at(slot);
        let Some(parent) = self.slots.get(child.conditions.parent) else { return };
        let share = share_of(&child, parent);
        if share > child.size_lots {
            // What the account cannot carry stays as it is.
            let _ = self.replace(at_ns, slot, child.price_ticks, share, view);
        }
    }

    /// What the end of an order does to those that wait for it, and to its group.
    pub(super) fn follow_end(&mut self, at_ns: i64, order: &Order, reason: Reason) {
        while let Some(child) =
            self.find_linked(|other| other.conditions.parent == order.id && other.stage == Stage::AwaitsParent)
        {
            self.close(at_ns, child, OrderState::Cancelled, EventKind::Cancelled, Reason::ParentClosed);
        }
        let group = order.conditions.group;
        if group == NO_ORDER || reason == Reason::GroupFilled {
            return;
        }
        while let Some(other) = self.find_linked(|other| {
            other.conditions.group == group && other.conditions.group_rule == GroupRule::Cancel && other.id != order.id
        }) {
            self.close(at_ns, other, OrderState::Cancelled, EventKind::Cancelled, Reason::GroupClosed);
        }
    }

    fn find_linked(&self, wanted: impl Fn(&Order) -> bool) -> Option<u16> {
        self.linked.iter().copied().find(|&slot| self.slots.peek(slot).is_some_and(&wanted))
    }

    /// Forgets whoever waited by lists for an order that is over.
    pub(super) fn depart(&mut self, slot: u16) {
        self.forget_expiry(slot);
        let order = *self.slots.at(slot);
        if order.is_linked() {
            self.linked.retain(|&other| other != slot);
        }
        if order.is_waiting() {
            let instrument = usize::from(order.instrument);
            self.desks[instrument].waiting.retain(|&other| other != slot);
            self.refresh_guard(instrument);
        }
    }

    /// Ends an order. Its place in a lane is left by [`sweep`](Self::sweep): callers may be walking through the lane.
    pub(super) fn close(&mut self, at_ns: i64, slot: u16, state: OrderState, kind: EventKind, reason: Reason) {
        self.depart(slot);
        let order = self.slots.at(slot);
        order.state = state;
        let order = *order;
        self.release(&order, order.leaves_lots);
        if order.stage == Stage::Resting && !self.swept.contains(&order.instrument) {
            self.swept.push(order.instrument);
        }
        self.post_order(slot, kind, reason, at_ns);
        self.follow_end(at_ns, &order, reason);
    }

    /// Takes orders that are over out of their lanes.
    pub(super) fn sweep(&mut self) {
        while let Some(instrument) = self.swept.pop() {
            let slots = &self.slots;
            self.desks[usize::from(instrument)]
                .keep_only(|slot| slots.peek(slot).is_some_and(|order| order.state.is_live()));
            self.refresh_guard(usize::from(instrument));
        }
    }

    /// Ends reduce-only orders that have nothing left to reduce, and leaves everything as it should be.
    pub(super) fn end_of_turn(&mut self, at_ns: i64, instrument: usize) {
        if self.desks[instrument].reducers > 0 {
            for side in [0, 1] {
                for place in 0..self.desks[instrument].lane(side).len() {
                    let slot = self.desks[instrument].lane(side)[place].slot;
                    let order = *self.slots.at(slot);
                    if order.state.is_live() && order.conditions.reduce_only && self.fillable(&order) == 0 {
                        self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, Reason::ReduceOnly);
                    }
                }
            }
        }
        self.sweep();
        self.refresh_guard(instrument);
    }

    /// Gives back what was set aside for some lots of an order.
    pub(super) fn release(&mut self, order: &Order, lots: i64) {
        if order.reserve_ticks > 0 {
            self.account.release(usize::from(order.instrument), order.side, order.reserve_ticks, lots);
        }
    }

    /// Puts an order that is in the venue now into the lists that it belongs to.
    pub(super) fn note(&mut self, slot: u16) {
        self.note_expiry(slot);
        let order = self.slots.at(slot);
        let (linked, waiting, instrument) = (order.is_linked(), order.is_waiting(), usize::from(order.instrument));
        if linked {
            self.linked.push(slot);
        }
        if waiting {
            self.desks[instrument].waiting.push(slot);
        }
        debug_assert_eq!(Slots::slot_of(self.slots.at(slot).id), slot);
    }
}

/// What of a child is to be in force: its size in the proportion in which its parent is filled, less what its group did.
fn share_of(child: &Order, parent: &Order) -> i64 {
    let filled = i128::from(child.asked_lots) * i128::from(parent.cum_lots()) / i128::from(parent.size_lots);
    filled as i64 - child.given_up_lots
}
