use serde::{Deserialize, Serialize};
use tickwright_paper::{EventKind, NewOrder, OrderState, OwnEvent, Reason};

use crate::layout::{cell, Layout, Memory, ORDER_CELLS, ORDER_SLOTS};

/// What was asked of a live order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Amend,
    Cancel,
    /// How it stands.
    Query,
}

/// One of our orders, as far as the controller's side knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnOrder {
    pub id: u32,
    pub instrument: u16,
    pub side: u8,
    pub order_type: u8,
    /// Where it stands by the venue's last word.
    pub settled: OrderState,
    /// Amendments and cancels that the venue has not answered.
    pub amends: u32,
    pub cancels: u32,
    /// Whether a request was given up without an answer, and nothing was heard since.
    pub unknown: bool,
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

    /// Marks a cancel or an amendment of a live order as under way.
    pub(crate) fn ask(&mut self, id: u32, asked: Asked, map: &Layout, memory: &mut Memory<'_>) {
        let Some(order) = self.slots[id as usize % ORDER_SLOTS].as_mut().filter(|order| order.id == id) else { return };
        match asked {
            Asked::Amend => order.amends += 1,
            Asked::Cancel => order.cancels += 1,
            Asked::Query => return,
        }
        self.write_slot(id, map, memory);
    }

    /// Applies news from the venue. News of an order that is not live any more changes nothing.
    pub(crate) fn apply(&mut self, event: &OwnEvent, map: &Layout, memory: &mut Memory<'_>) {
        let slot = event.order_id as usize % ORDER_SLOTS;
        let Some(order) = self.slots[slot].as_mut().filter(|order| order.id == event.order_id) else { return };
        let was_unknown = std::mem::replace(&mut order.unknown, false);
        let over = match event.kind {
            EventKind::Accepted => {
                // A fill can overtake the answer.
                order.settle();
                false
            }
            EventKind::Fill => {
                // One that comes late tells less than is known.
                if event.cum_lots > order.cum_lots {
                    order.leaves_lots = event.leaves_lots;
                    order.cum_lots = event.cum_lots;
                }
                order.settle();
                order.leaves_lots == 0
            }
            EventKind::Amended | EventKind::Triggered => {
                order.stand_as(event);
                // What its group or its parent did to it is no answer.
                let answers = event.kind == EventKind::Amended && event.reason == Reason::None;
                order.amends = order.amends.saturating_sub(u32::from(answers));
                event.leaves_lots == 0
            }
            EventKind::AmendRejected => {
                order.amends = order.amends.saturating_sub(1);
                order.unknown = was_unknown;
                false
            }
            EventKind::CancelRejected => {
                order.cancels = order.cancels.saturating_sub(1);
                order.unknown = was_unknown;
                false
            }
            EventKind::Status => {
                order.stand_as(event);
                order.settle();
                event.leaves_lots == 0
            }
            EventKind::Unanswered => {
                order.unknown = was_unknown || order.waits_for_answer();
                (order.amends, order.cancels) = (0, 0);
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

    /// Shows what is known of an order and its slot again, after a submission that was not taken in.
    pub(crate) fn show(&self, id: u32, map: &Layout, memory: &mut Memory<'_>) {
        self.write_slot(id, map, memory);
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
            (u32::from(order.state() as u8) + 1) | (u32::from(order.side) << 8) | (u32::from(order.order_type) << 16);
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
            settled: OrderState::PendingNew,
            amends: 0,
            cancels: 0,
            unknown: false,
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

    /// The venue has it.
    fn settle(&mut self) {
        self.settled = if self.cum_lots > 0 { OrderState::PartiallyFilled } else { OrderState::Open };
    }

    fn waits_for_answer(&self) -> bool {
        self.settled == OrderState::PendingNew || self.amends + self.cancels > 0
    }

    /// Where it stands for its owner: a request that the venue has not answered stays visible, a cancel before all others.
    fn state(&self) -> OrderState {
        match (self.cancels, self.amends) {
            (1.., _) => OrderState::PendingCancel,
            (0, 1..) => OrderState::PendingAmend,
            (0, 0) if self.unknown => OrderState::Unknown,
            (0, 0) => self.settled,
        }
    }
}
