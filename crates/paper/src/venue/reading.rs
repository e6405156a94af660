//! The venue's orders and account, for reading.

use serde::{Deserialize, Serialize};
use tickwright_types::Side;

use super::order::Order;
use super::PaperVenue;
use crate::{Account, Conditions, OrderKind, OrderState};

/// A live order as the venue has it, for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveOrder {
    /// Its id.
    pub order_id: u32,
    /// Index of its instrument.
    pub instrument: u16,
    /// Its side.
    pub side: Side,
    /// What it did when it arrived.
    pub kind: OrderKind,
    /// `Open` or `PartiallyFilled` while it is live.
    pub state: OrderState,
    /// Limit price in ticks.
    pub price_ticks: i64,
    /// Whole size in lots.
    pub size_lots: i64,
    /// What is not filled, in lots.
    pub leaves_lots: i64,
    /// Lots that the fill model still counts ahead of it; `None` where nobody can know.
    pub ahead_lots: Option<i64>,
    /// What of it may be filled now, in lots: of a child no more than its share of its parent's fills, of a reduce-only
    /// order no more than the position.
    pub in_force_lots: i64,
    /// Whether it is not in force yet: a stop that nothing has set off, or a child without a fill of its parent.
    pub is_waiting: bool,
    /// As given, but for the trigger of a trailing stop, which is where it stands now.
    pub conditions: Conditions,
}

impl PaperVenue {
    /// The account as the venue keeps it: ahead of what its owner knows by the response latency.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// A live order, or one that ended and whose place is not taken again.
    pub fn order(&self, order_id: u32) -> Option<LiveOrder> {
        self.slots.get(order_id).map(|order| self.shown(order))
    }

    /// The live orders of a side, best price first, earliest first at one price.
    pub fn live_orders(&self, instrument: usize, side: Side) -> impl Iterator<Item = LiveOrder> + '_ {
        let lane = self.desks.get(instrument).map_or(&[][..], |desk| desk.lane(side.index()));
        lane.iter().filter_map(|rested| self.slots.peek(rested.slot)).map(|order| self.shown(order))
    }

    /// The orders of an instrument that wait for a trigger or for their parent, in the order in which they came.
    pub fn waiting_orders(&self, instrument: usize) -> impl Iterator<Item = LiveOrder> + '_ {
        let waiting = self.desks.get(instrument).map_or(&[][..], |desk| &desk.waiting);
        waiting.iter().filter_map(|&slot| self.slots.peek(slot)).map(|order| self.shown(order))
    }

    /// Requests on their way.
    pub fn requests_in_flight(&self) -> usize {
        self.requests.len()
    }

    /// News on its way to us.
    pub fn events_in_flight(&self) -> usize {
        self.news.len()
    }

    /// Fills so far.
    pub fn fills(&self) -> u64 {
        self.trades
    }

    fn shown(&self, order: &Order) -> LiveOrder {
        LiveOrder {
            order_id: order.id,
            instrument: order.instrument,
            side: order.side,
            kind: order.kind,
            state: order.state,
            price_ticks: order.price_ticks,
            size_lots: order.size_lots,
            leaves_lots: order.leaves_lots,
            ahead_lots: order.queue.ahead_lots(self.rules.queue),
            in_force_lots: if order.is_waiting() { 0 } else { self.fillable(order) },
            is_waiting: order.is_waiting(),
            conditions: order.conditions,
        }
    }
}
