use serde::{Deserialize, Serialize};
use tickwright_paper::{EventKind, NewOrder, OrderState, OwnEvent};

use crate::layout::{cell, Layout, Memory, ORDER_CELLS, ORDER_SLOTS};

/// One of our orders, as far as the controller's side knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnOrder {
    pub id: u32,
    pub instrument: u16,
    pub side: u8,
    pub order_type: u8,
    pub state: OrderState,
    /// Where it goes back to if a cancel or amend is refused.
    pub settled: OrderState,
    pub price_ticks: i64,
    pub size_lots: i64,
    pub leaves_lots: i64,
    pub cum_lots: i64,
}

/// The live orders by slot and by age. Every change is written through to the shared block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OwnOrders {
    slots: Vec<Option<OwnOrder>>,
    live: Vec<u32>,
}

impl OwnOrders {
    pub(crate) fn new() -> Self {
        Self { slots: vec![None; ORDER_SLOTS], live: Vec::with_capacity(ORDER_SLOTS) }
    }

    pub(crate) fn get(&self, id: u32) -> Option<&OwnOrder> {
        self.slots[id as usize % ORDER_SLOTS].as_ref().filter(|order| order.id == id)
    }

    /// Whether an order of that id could be taken in now.
    pub(crate) fn is_free(&self, id: u32) -> bool {
        self.slots[id as usize % ORDER_SLOTS].is_none()
    }

    pub(crate) fn insert(&mut self, order: OwnOrder, map: &Layout, memory: &mut Memory<'_>) {
        self.slots[order.id as usize % ORDER_SLOTS] = Some(order);
        self.live.push(order.id);
        self.write_slot(order.id, map, memory);
        self.write_live(self.live.len() - 1, map, memory);
    }

    /// Marks a cancel or an amendment as under way; false if the order is not one that can be asked for.
    pub(crate) fn ask(&mut self, id: u32, asked: OrderState, map: &Layout, memory: &mut Memory<'_>) -> bool {
        let Some(order) = self.slots[id as usize % ORDER_SLOTS].as_mut().filter(|order| order.id == id) else {
            return false;
        };
        order.state = asked;
        self.write_slot(id, map, memory);
        true
    }

    /// Applies news from the venue. News of an order that is not live any more changes nothing.
    pub(crate) fn apply(&mut self, event: &OwnEvent, map: &Layout, memory: &mut Memory<'_>) {
        let slot = event.order_id as usize % ORDER_SLOTS;
        let Some(order) = self.slots[slot].as_mut().filter(|order| order.id == event.order_id) else { return };
        let over = match event.kind {
            EventKind::Accepted => {
                // A fill can overtake the answer.
                order.settle(if order.cum_lots > 0 { OrderState::PartiallyFilled } else { OrderState::Open });
                false
            }
            EventKind::Fill => {
                // One that comes late tells less than is known.
                if event.cum_lots > order.cum_lots {
                    order.leaves_lots = event.leaves_lots;
                    order.cum_lots = event.cum_lots;
                }
                order.settle(OrderState::PartiallyFilled);
                order.leaves_lots == 0
            }
            EventKind::Amended | EventKind::Triggered => {
                order.stand_as(event);
                if matches!(order.state, OrderState::PendingAmend | OrderState::Unknown) {
                    order.state = order.settled;
                }
                event.leaves_lots == 0
            }
            EventKind::Status => {
                order.stand_as(event);
                order.settled = if event.cum_lots > 0 { OrderState::PartiallyFilled } else { OrderState::Open };
                order.state = order.settled;
                event.leaves_lots == 0
            }
            EventKind::Unanswered => {
                let asked = [OrderState::PendingNew, OrderState::PendingAmend, OrderState::PendingCancel];
                if asked.contains(&order.state) {
                    order.state = OrderState::Unknown;
                }
                false
            }
            EventKind::AmendRejected | EventKind::CancelRejected => {
                order.state = order.settled;
                false
            }
            EventKind::Rejected | EventKind::Cancelled | EventKind::Expired => true,
            EventKind::Funding => return,
        };
        if over {
            self.slots[slot] = None;
            self.forget(event.order_id, map, memory);
        }
        self.write_slot(event.order_id, map, memory);
    }

    /// Writes everything, after a restore.
    pub(crate) fn write_all(&self, map: &Layout, memory: &mut Memory<'_>) {
        for slot in 0..ORDER_SLOTS as u32 {
            self.write_slot(self.slots[slot as usize].map_or(slot, |order| order.id), map, memory);
        }
        self.write_live(0, map, memory);
    }

    fn forget(&mut self, id: u32, map: &Layout, memory: &mut Memory<'_>) {
        if let Some(at) = self.live.iter().position(|&live| live == id) {
            self.live.remove(at);
            self.write_live(at, map, memory);
        }
    }

    fn write_slot(&self, id: u32, map: &Layout, memory: &mut Memory<'_>) {
        let slot = id as usize % ORDER_SLOTS;
        let at = map.orders_at + slot * ORDER_CELLS;
        let Some(order) = &self.slots[slot] else {
            memory.set_words(at, 0, 0);
            return;
        };
        // 0 means that there is no order.
        let what =
            (u32::from(order.state as u8) + 1) | (u32::from(order.side) << 8) | (u32::from(order.order_type) << 16);
        memory.set_words(at, order.id, what);
        memory.set_words(at + 1, u32::from(order.instrument), 0);
        memory.set(at + 2, order.price_ticks as f64);
        memory.set(at + 3, order.size_lots as f64);
        memory.set(at + 4, order.leaves_lots as f64);
        memory.set(at + 5, order.cum_lots as f64);
    }

    /// Writes the ids from place `from` on, two a cell, and their count.
    fn write_live(&self, from: usize, map: &Layout, memory: &mut Memory<'_>) {
        for pair in from / 2..self.live.len().div_ceil(2) {
            let second = self.live.get(2 * pair + 1).copied().unwrap_or(0);
            memory.set_words(map.live_at + pair, self.live[2 * pair], second);
        }
        memory.set_words(cell::LIVE_ORDERS, self.live.len() as u32, 0);
    }
}

impl OwnOrder {
    /// An order that has just been sent.
    pub(crate) fn of(order: &NewOrder) -> Self {
        Self {
            id: order.order_id,
            instrument: order.instrument,
            side: order.side as u8,
            order_type: order.kind as u8,
            state: OrderState::PendingNew,
            settled: OrderState::PendingNew,
            price_ticks: order.price_ticks,
            size_lots: order.size_lots,
            leaves_lots: order.size_lots,
            cum_lots: 0,
        }
    }

    /// Takes over how an order stands at the venue.
    fn stand_as(&mut self, event: &OwnEvent) {
        self.price_ticks = event.price_ticks;
        self.size_lots = event.size_lots;
        self.leaves_lots = event.leaves_lots;
        self.cum_lots = event.cum_lots;
    }

    /// A state the venue has confirmed; a cancel or amendment that is under way stays visible.
    fn settle(&mut self, state: OrderState) {
        self.settled = state;
        if !matches!(self.state, OrderState::PendingCancel | OrderState::PendingAmend) {
            self.state = state;
        }
    }
}
