use serde::{Deserialize, Serialize};
use tickwright_types::Money;

/// What happened to one of our orders or positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum EventKind {
    /// The venue took the order in. Comes before its first fill.
    Accepted = 0,
    /// The order never became live.
    Rejected = 1,
    /// Part or all of the order traded; or, of no order, a position was liquidated or settled, as the reason says.
    Fill = 2,
    /// The order ended by a cancel.
    Cancelled = 3,
    /// The order ended by its own terms: nothing to take at once, or its time was up.
    Expired = 4,
    /// Price or size were replaced.
    Amended = 5,
    /// An amendment was refused; the order stays as it was.
    AmendRejected = 6,
    /// A cancel came too late or named no order.
    CancelRejected = 7,
    /// A funding payment on a position.
    Funding = 8,
    /// A stop was set off, or a parent's fill brought its child in.
    Triggered = 9,
    /// No answer came in time: the order may be live or not.
    Unanswered = 10,
    /// How a live order stands, because its owner asked.
    Status = 11,
}

/// Why something was refused or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing to explain.
    None = 0,
    /// A post-only order would have taken.
    WouldCross = 1,
    /// The size is below the instrument's minimum.
    BelowMinSize = 2,
    /// The value is below the instrument's minimum.
    BelowMinNotional = 3,
    /// The account cannot carry the position.
    InsufficientMargin = 4,
    /// The account does not hold the asset.
    InsufficientBalance = 5,
    /// No instrument of that index.
    UnknownInstrument = 6,
    /// The instrument has no paper account yet, or none that could be exact.
    NotTradable = 7,
    /// An order of that id is live.
    DuplicateOrderId = 8,
    /// [`NO_ORDER`](crate::NO_ORDER) names no order.
    InvalidOrderId = 9,
    /// The place of that id is taken by another live order.
    TooManyOrders = 10,
    /// No order of that id was seen.
    UnknownOrder = 11,
    /// The order was filled before the request arrived.
    AlreadyFilled = 12,
    /// The order had ended before the request arrived.
    AlreadyClosed = 13,
    /// A size must be above 0.
    InvalidSize = 14,
    /// A price must be above 0.
    InvalidPrice = 15,
    /// Size or value leave the range that is counted exactly.
    OutOfRange = 16,
    /// An amended size must be above what is filled already.
    SizeBelowFilled = 17,
    /// More requests than the venue allows in that time.
    RateLimited = 18,
    /// The venue refused requests at that time: by its recorded latency, or by a fault on demand.
    Refused = 19,
    /// The owner asked for it.
    ByOwner = 20,
    /// Nothing was there to take.
    NoLiquidity = 21,
    /// Nothing is there that a reduce-only order could reduce.
    ReduceOnly = 22,
    /// A trigger or a trailing distance must be above 0, and only a stop has one.
    InvalidTrigger = 23,
    /// The time until which an order was to stay is over already.
    InvalidExpiry = 24,
    /// Its time was up.
    TimeInForce = 25,
    /// Another order of its group was filled.
    GroupFilled = 26,
    /// Its group is over.
    GroupClosed = 27,
    /// The order it waited for ended without a fill, or was never seen.
    ParentClosed = 28,
    /// An order can be neither its own parent nor its parent's equal in a group.
    InvalidLink = 29,
    /// The connection to the venue is down.
    Disconnected = 30,
    /// No answer came in time.
    NoAnswer = 31,
    /// The margin of a position was used up: its orders end, and it is taken over at its bankruptcy price.
    Liquidation = 32,
    /// The instrument expired: its orders end, and positions are settled at the last mark.
    Settlement = 33,
}

impl Reason {
    /// Every reason, in the order of its number.
    pub const ALL: [Reason; 34] = [
        Self::None,
        Self::WouldCross,
        Self::BelowMinSize,
        Self::BelowMinNotional,
        Self::InsufficientMargin,
        Self::InsufficientBalance,
        Self::UnknownInstrument,
        Self::NotTradable,
        Self::DuplicateOrderId,
        Self::InvalidOrderId,
        Self::TooManyOrders,
        Self::UnknownOrder,
        Self::AlreadyFilled,
        Self::AlreadyClosed,
        Self::InvalidSize,
        Self::InvalidPrice,
        Self::OutOfRange,
        Self::SizeBelowFilled,
        Self::RateLimited,
        Self::Refused,
        Self::ByOwner,
        Self::NoLiquidity,
        Self::ReduceOnly,
        Self::InvalidTrigger,
        Self::InvalidExpiry,
        Self::TimeInForce,
        Self::GroupFilled,
        Self::GroupClosed,
        Self::ParentClosed,
        Self::InvalidLink,
        Self::Disconnected,
        Self::NoAnswer,
        Self::Liquidation,
        Self::Settlement,
    ];

    /// Its name in reports and on the other side of the boundary, for example `would_cross`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::WouldCross => "would_cross",
            Self::BelowMinSize => "below_min_size",
            Self::BelowMinNotional => "below_min_notional",
            Self::InsufficientMargin => "insufficient_margin",
            Self::InsufficientBalance => "insufficient_balance",
            Self::UnknownInstrument => "unknown_instrument",
            Self::NotTradable => "not_tradable",
            Self::DuplicateOrderId => "duplicate_order_id",
            Self::InvalidOrderId => "invalid_order_id",
            Self::TooManyOrders => "too_many_orders",
            Self::UnknownOrder => "unknown_order",
            Self::AlreadyFilled => "already_filled",
            Self::AlreadyClosed => "already_closed",
            Self::InvalidSize => "invalid_size",
            Self::InvalidPrice => "invalid_price",
            Self::OutOfRange => "out_of_range",
            Self::SizeBelowFilled => "size_below_filled",
            Self::RateLimited => "rate_limited",
            Self::Refused => "refused",
            Self::ByOwner => "by_owner",
            Self::NoLiquidity => "no_liquidity",
            Self::ReduceOnly => "reduce_only",
            Self::InvalidTrigger => "invalid_trigger",
            Self::InvalidExpiry => "invalid_expiry",
            Self::TimeInForce => "time_in_force",
            Self::GroupFilled => "group_filled",
            Self::GroupClosed => "group_closed",
            Self::ParentClosed => "parent_closed",
            Self::InvalidLink => "invalid_link",
            Self::Disconnected => "disconnected",
            Self::NoAnswer => "no_answer",
            Self::Liquidation => "liquidation",
            Self::Settlement => "settlement",
        }
    }
}

/// News for the owner of an order, in the order in which it is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnEvent {
    /// When the owner can know it, in ns since the Unix epoch; never before an earlier event's.
    pub deliver_at_ns: i64,
    /// When it happened at the venue, in ns since the Unix epoch.
    pub venue_ns: i64,
    /// Counts events from 0, each one more than the one before.
    pub seq: u64,
    /// Counts fills from 1; 0 where nothing traded.
    pub trade_id: u64,
    /// Price in ticks: of the fill, of the order, or the mark of a funding payment rounded down.
    pub price_ticks: i64,
    /// Lots: of the fill, of the whole order, or of the position a funding payment was for.
    pub size_lots: i64,
    /// What is left of the order in lots.
    pub leaves_lots: i64,
    /// What is filled of the order in lots.
    pub cum_lots: i64,
    /// Best price of the other side in ticks when a taker arrived, from which slippage counts; else the event's price.
    pub touch_ticks: i64,
    /// What we pay, negative if we receive: the fee of a fill or a funding payment, in the settlement asset.
    pub fee: Money,
    /// Which order, or [`NO_ORDER`](crate::NO_ORDER).
    pub order_id: u32,
    /// Index of the instrument, or [`NO_INSTRUMENT`](crate::NO_INSTRUMENT).
    pub instrument: u16,
    /// 0 bid, 1 ask; for funding the side of the position; [`NO_SIDE`](tickwright_types::NO_SIDE) where there is none.
    pub side: u8,
    /// What happened.
    pub kind: EventKind,
    /// Why, where something was refused or ended.
    pub reason: Reason,
    /// Whether a fill added liquidity.
    pub maker: bool,
    /// Whether a fill could only reduce: in hedge mode it is one of the other side's position.
    pub reduces: bool,
}
