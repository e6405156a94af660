//! Orders that know each other: children that wait for a parent's fills, groups of which one ends or shrinks the others.

use super::order::{Order, Slots, Stage};
use super::PaperVenue;
use crate::{Conditions, EventKind, GroupRule, OrderKind, OrderState, Reason, NO_ORDER};

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
            order.size_lots -= filled;
        }
        order.leaves_lots = order.size_lots;
        if conditions.parent != NO_ORDER {
            let parent = *self.slots.get(conditions.parent).ok_or(Reason::ParentClosed)?;
            if parent.state.is_live() {
                order.stage = if self.has_share(order) { order.stage } else { Stage::AwaitsParent };
            } else {
                order.size_lots = share_of(order, &parent);
                order.leaves_lots = order.size_lots;
            }
            if order.size_lots <= 0 {
                return Err(Reason::ParentClosed);
            }
        }
        Ok(())
    }

    /// Lots that a child may still fill of its share of what its parent has filled; no limit for others.
    pub(super) fn share_left(&self, order: &Order) -> i64 {
        if order.conditions.parent == NO_ORDER {
            return i64::MAX;
        }
        // A parent that is over has cut its children to their shares.
        let parent = self.slots.get(order.conditions.parent).filter(|parent| parent.state.is_live());
        parent.map_or(i64::MAX, |parent| (share_of(order, parent) - order.cum_lots()).max(0))
    }

    /// Whether a child has something to do: any lot, or all of them where it is all or nothing.
    fn has_share(&self, child: &Order) -> bool {
        let least = if child.kind == OrderKind::Fok { child.leaves_lots } else { 1 };
        self.share_left(child) >= least
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
                self.bring_in(at_ns, child);
            }
        }
    }

    fn shrink_group(&mut self, at_ns: i64, filled: &Order, lots: i64) {
        let before = self.ending.len();
        for place in 0..self.linked.len() {
            let slot = self.linked[place];
            let other = self.slots.at(slot);
            if other.id == filled.id || other.conditions.group != filled.conditions.group {
                continue;
            }
            other.given_up_lots += lots;
            let left = other.leaves_lots - lots;
            let left = if other.conditions.group_rule == GroupRule::Cancel { 0 } else { left };
            self.cut(at_ns, slot, left, Reason::GroupFilled);
        }
        self.close_ending(before, at_ns, Reason::GroupFilled);
    }

    /// Leaves an order less to fill. What is left with nothing ends whole, with the next [`close_ending`].
    fn cut(&mut self, at_ns: i64, slot: u16, leaves_lots: i64, reason: Reason) {
        let order = *self.slots.at(slot);
        if leaves_lots <= 0 {
            self.ending.push(slot);
        } else if leaves_lots < order.leaves_lots {
            self.release(&order, order.leaves_lots - leaves_lots);
            let size_lots = order.cum_lots() + leaves_lots;
            *self.slots.at(slot) = Order { size_lots, leaves_lots, ..order };
            self.post_order(slot, EventKind::Amended, reason, at_ns);
        }
    }

    /// Closes those that were found ending since there were `before` of them.
    fn close_ending(&mut self, before: usize, at_ns: i64, reason: Reason) {
        while self.ending.len() > before {
            let Some(slot) = self.ending.pop() else { return };
            // The end of another one may have ended it.
            if self.slots.at(slot).state.is_live() {
                self.close(at_ns, slot, OrderState::Cancelled, EventKind::Cancelled, reason);
            }
        }
    }

    /// Brings a child into force that has got something to do.
    fn bring_in(&mut self, at_ns: i64, slot: u16) {
        let child = *self.slots.at(slot);
        if child.stage != Stage::AwaitsParent || !self.has_share(&child) {
            return;
        }
        let waits_on = child.kind.is_stop() && !child.triggered;
        let instrument = usize::from(child.instrument);
        let order = self.slots.at(slot);
        order.stage = if waits_on { Stage::AwaitsTrigger } else { Stage::Arriving };
        order.triggered |= !waits_on;
        if !waits_on {
            self.desks[instrument].waiting.retain(|&waiting| waiting != slot);
        }
        if !waits_on && !child.triggered {
            self.post_order(slot, EventKind::Triggered, Reason::None, at_ns);
        }
        self.make_due(slot, at_ns);
        self.refresh_guard(instrument);
    }

    /// Lets a child that has filled its share wait for its parent's next fill.
    pub(super) fn wait_again(&mut self, slot: u16) {
        let order = *self.slots.at(slot);
        self.release(&order, order.leaves_lots);
        *self.slots.at(slot) = Order { stage: Stage::AwaitsParent, reserve_ticks: 0, ..order };
        self.desks[usize::from(order.instrument)].waiting.push(slot);
    }

    /// What the end of an order does to its children and its group.
    pub(super) fn follow_end(&mut self, at_ns: i64, order: &Order, reason: Reason) {
        let before = self.ending.len();
        for place in 0..self.linked.len() {
            let slot = self.linked[place];
            let child = *self.slots.at(slot);
            if child.conditions.parent == order.id {
                self.cut(at_ns, slot, share_of(&child, order) - child.cum_lots(), Reason::ParentClosed);
            }
        }
        self.close_ending(before, at_ns, Reason::ParentClosed);
        if order.conditions.group == NO_ORDER || reason == Reason::GroupFilled {
            return;
        }
        for place in 0..self.linked.len() {
            let slot = self.linked[place];
            let Conditions { group, group_rule, .. } = self.slots.at(slot).conditions;
            if group == order.conditions.group && group_rule == GroupRule::Cancel {
                self.ending.push(slot);
            }
        }
        self.close_ending(before, at_ns, Reason::GroupClosed);
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
                    if order.state.is_live() && self.has_nothing_to_reduce(&order) {
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

/// What of a child may fill in all: its size in the proportion in which its parent is filled, less what its group took.
fn share_of(child: &Order, parent: &Order) -> i64 {
    let whole = i128::from(child.size_lots + child.given_up_lots);
    (whole * i128::from(parent.cum_lots()) / i128::from(parent.size_lots)) as i64 - child.given_up_lots
}
