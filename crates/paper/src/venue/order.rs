use serde::{Deserialize, Serialize};
use tickwright_types::Side;

use crate::queue::Queue;
use crate::{Conditions, NewOrder, OrderKind, OrderState, Reason, NO_ORDER, ORDER_SLOTS};

/// How far an order has come inside the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Its parent has no fill for it yet.
    AwaitsParent,
    /// Nothing has set it off yet.
    AwaitsTrigger,
    /// In force, not in a lane.
    Arriving,
    /// In force, in its lane.
    Resting,
}

/// An order as the venue has it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) id: u32,
    pub(super) instrument: u16,
    pub(super) side: Side,
    pub(super) kind: OrderKind,
    pub(super) state: OrderState,
    pub(super) price_ticks: i64,
    pub(super) size_lots: i64,
    pub(super) leaves_lots: i64,
    /// The price at which funds are set aside: the limit, or the worst price a market order would meet. 0 while nothing
    /// is set aside.
    pub(super) reserve_ticks: i64,
    pub(super) queue: Queue,
    pub(super) stage: Stage,
    pub(super) conditions: Conditions,
    /// Lots that fills of its group took off its size.
    pub(super) given_up_lots: i64,
    /// From then on it fills no more; the end of time for none.
    pub(super) expires_ns: i64,
    /// Whether a trailing stop trails.
    pub(super) armed: bool,
    /// Whether its trigger, or its parent, has set it off.
    pub(super) triggered: bool,
}

impl Order {
    pub(super) fn new(new: &NewOrder, stage: Stage, reserve_ticks: i64, expires_ns: i64) -> Self {
        Self {
            id: new.order_id,
            instrument: new.instrument,
            side: new.side,
            kind: new.kind,
            state: OrderState::Open,
            price_ticks: new.price_ticks,
            size_lots: new.size_lots,
            leaves_lots: new.size_lots,
            reserve_ticks,
            queue: Queue::behind(0),
            stage,
            conditions: new.conditions,
            given_up_lots: 0,
            expires_ns,
            armed: new.kind != OrderKind::TrailingStop,
            triggered: false,
        }
    }

    pub(super) fn cum_lots(&self) -> i64 {
        self.size_lots - self.leaves_lots
    }

    /// Whether it may trade at that price.
    pub(super) fn accepts(&self, price_ticks: i64) -> bool {
        self.kind.in_force() == OrderKind::Market || crosses(self.side, self.price_ticks, price_ticks)
    }

    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::AwaitsParent | Stage::AwaitsTrigger)
    }

    pub(super) fn is_linked(&self) -> bool {
        self.conditions.parent != NO_ORDER || self.conditions.group != NO_ORDER
    }
}

/// Whether an order at `own_ticks` trades with the other side's price `other_ticks`.
pub(super) fn crosses(side: Side, own_ticks: i64, other_ticks: i64) -> bool {
    match side {
        Side::Bid => other_ticks <= own_ticks,
        Side::Ask => other_ticks >= own_ticks,
    }
}

/// Every order's place, by its id modulo their number: no search and no hashing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Slots(Vec<Option<Order>>);

impl Slots {
    pub(super) fn new() -> Self {
        Self(vec![None; ORDER_SLOTS])
    }

    pub(super) fn slot_of(id: u32) -> u16 {
        (id as usize % ORDER_SLOTS) as u16
    }

    /// The order of a slot that a lane names.
    pub(super) fn at(&mut self, slot: u16) -> &mut Order {
        self.0[usize::from(slot)].as_mut().expect("a lane names slots that hold an order")
    }

    pub(super) fn peek(&self, slot: u16) -> Option<&Order> {
        self.0[usize::from(slot)].as_ref()
    }

    pub(super) fn get(&self, id: u32) -> Option<&Order> {
        self.0[usize::from(Self::slot_of(id))].as_ref().filter(|order| order.id == id)
    }

    /// The live order of an id, or why there is none.
    pub(super) fn live(&mut self, id: u32) -> Result<&mut Order, Reason> {
        let order = self.0[usize::from(Self::slot_of(id))].as_mut().filter(|order| order.id == id);
        match order {
            None => Err(Reason::UnknownOrder),
            Some(order) if order.state == OrderState::Filled => Err(Reason::AlreadyFilled),
            Some(order) if !order.state.is_live() => Err(Reason::AlreadyClosed),
            Some(order) => Ok(order),
        }
    }

    /// Whether an order of that id can come in.
    pub(super) fn is_free(&self, id: u32) -> Result<(), Reason> {
        match &self.0[usize::from(Self::slot_of(id))] {
            Some(order) if order.state.is_live() && order.id == id => Err(Reason::DuplicateOrderId),
            Some(order) if order.state.is_live() => Err(Reason::TooManyOrders),
            _ => Ok(()),
        }
    }

    pub(super) fn insert(&mut self, order: Order) -> u16 {
        let slot = Self::slot_of(order.id);
        self.0[usize::from(slot)] = Some(order);
        slot
    }
}
