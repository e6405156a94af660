use serde::{Deserialize, Serialize};
use tickwright_types::Side;

use crate::Conditions;

/// Live orders a venue can hold. An order's place is its id modulo this number.
pub const ORDER_SLOTS: usize = 4096;

/// The order id of an event that belongs to no order; no order may have it.
pub const NO_ORDER: u32 = u32::MAX;

/// The instrument of an event that belongs to no single instrument.
pub const NO_INSTRUMENT: u16 = u16::MAX;

/// What an order does when it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum OrderKind {
    /// Takes what crosses, rests with the remainder.
    Limit = 0,
    /// Rests or is rejected: never takes. Also known as limit-maker.
    PostOnly = 1,
    /// Takes what crosses, the remainder expires.
    Ioc = 2,
    /// Takes at any price, the remainder expires. Its price is not looked at.
    Market = 3,
    /// Fill or kill: takes all of its size at its price or better, or expires untouched.
    Fok = 4,
    /// Waits for its trigger, then is a market order.
    StopMarket = 5,
    /// Waits for its trigger, then is a limit order.
    StopLimit = 6,
    /// A stop-market whose trigger follows the best price at a distance, and never goes back.
    TrailingStop = 7,
}

impl OrderKind {
    /// Every kind, in the order of its number.
    pub const ALL: [OrderKind; 8] = [
        Self::Limit,
        Self::PostOnly,
        Self::Ioc,
        Self::Market,
        Self::Fok,
        Self::StopMarket,
        Self::StopLimit,
        Self::TrailingStop,
    ];

    /// The kind of that number, or `None`.
    pub fn from_u8(n: u8) -> Option<Self> {
        Self::ALL.get(n as usize).copied()
    }

    /// Whether it waits for a trigger.
    pub fn is_stop(self) -> bool {
        matches!(self, Self::StopMarket | Self::StopLimit | Self::TrailingStop)
    }

    /// What it is once it is in force.
    #[must_use]
    pub fn in_force(self) -> Self {
        match self {
            Self::StopMarket | Self::TrailingStop => Self::Market,
            Self::StopLimit => Self::Limit,
            other => other,
        }
    }
}

/// An order as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrder {
    /// Chosen by the sender. No two live orders may share an id or the place `id % 4096`.
    pub order_id: u32,
    /// Index of the instrument.
    pub instrument: u16,
    /// Bid buys, ask sells.
    pub side: Side,
    /// What it does when it arrives.
    pub kind: OrderKind,
    /// Limit price in ticks.
    pub price_ticks: i64,
    /// Size in lots.
    pub size_lots: i64,
    /// When it comes into force, until when, and with which others.
    pub conditions: Conditions,
}

/// What is sent to the venue. It is in force when it arrives, not when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// A new order.
    Submit(NewOrder),
    /// Another price or size. A smaller size at the same price keeps its place in the queue, all else loses it.
    Amend {
        /// Which order.
        order_id: u32,
        /// New limit price in ticks.
        price_ticks: i64,
        /// New whole size in lots, what is filled already among it.
        size_lots: i64,
    },
    /// Another trigger for a stop that still waits for its own. A trailing stop finds its own.
    MoveTrigger {
        /// Which order.
        order_id: u32,
        /// New trigger in ticks.
        trigger_ticks: i64,
    },
    /// Asks how an order stands, after an answer that never came.
    Query {
        /// Which order.
        order_id: u32,
    },
    /// No more fills of that order.
    Cancel {
        /// Which order.
        order_id: u32,
    },
    /// No more fills of any order that is live when this arrives.
    CancelAll {
        /// Of this instrument only, or of all.
        instrument: Option<u16>,
    },
}

/// How far an order has come, as its owner knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum OrderState {
    /// Sent, not yet answered.
    PendingNew = 0,
    /// Live, nothing filled.
    Open = 1,
    /// Live, partly filled.
    PartiallyFilled = 2,
    /// Wholly filled.
    Filled = 3,
    /// Live, an amendment is on its way.
    PendingAmend = 4,
    /// Live, a cancel is on its way; it may still be filled.
    PendingCancel = 5,
    /// Ended by a cancel.
    Cancelled = 6,
    /// Never became live.
    Rejected = 7,
    /// Ended by its own terms.
    Expired = 8,
    /// No answer came: it may be live or not.
    Unknown = 9,
}

impl OrderState {
    /// Whether it can still be filled, or may be for all we know.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Filled | Self::Cancelled | Self::Rejected | Self::Expired)
    }
}
