use serde::{Deserialize, Serialize};

use crate::NO_ORDER;

/// How long an order that rests or waits stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// Until it is filled or cancelled.
    #[default]
    Gtc,
    /// Until the venue's day ends: see [`PaperConfig::day_ends_ns`](crate::PaperConfig::day_ends_ns).
    Day,
    /// Good till a venue time in ns since the Unix epoch: from then on it fills no more.
    Gtd(i64),
}

/// Which price sets a stop off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerBy {
    /// A trade at or beyond the trigger.
    #[default]
    Trade,
    /// The price the order would take: the best ask for a buy, the best bid for a sell.
    Touch,
}

/// What a fill of another order of the same group does to an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupRule {
    /// One cancels the other: the first fill of any size, or the end of another, ends it.
    #[default]
    Cancel,
    /// One reduces the other: each lot filled there is a lot less here. The two exits of a bracket.
    Reduce,
}

/// When an order comes into force, until when, and with which others.
///
/// ```
/// use tickwright_paper::{Conditions, TimeInForce};
/// // Sell when somebody trades at 61 500.0 or below, today only, and never go short by it.
/// let stop = Conditions { trigger_ticks: 615_000, until: TimeInForce::Day, reduce_only: true, ..Conditions::NONE };
/// assert_eq!(stop.trail_ticks, 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Price in ticks that sets a stop off; for a trailing stop the price from which on it trails, 0 for at once.
    pub trigger_ticks: i64,
    /// Distance in ticks that a trailing stop keeps from the best price since it trails.
    pub trail_ticks: i64,
    /// Which price sets a stop off.
    pub trigger_by: TriggerBy,
    /// How long it stays.
    pub until: TimeInForce,
    /// Never trades more than what the position has against it.
    pub reduce_only: bool,
    /// It waits for fills of that order and takes their share of its own size; [`NO_ORDER`] for none.
    pub parent: u32,
    /// Id of the first order of its group, its own for the first; [`NO_ORDER`] for none.
    pub group: u32,
    /// What fills of others of its group do to it.
    pub group_rule: GroupRule,
}

impl Conditions {
    /// In force on arrival, for good, alone.
    pub const NONE: Self = Self {
        trigger_ticks: 0,
        trail_ticks: 0,
        trigger_by: TriggerBy::Trade,
        until: TimeInForce::Gtc,
        reduce_only: false,
        parent: NO_ORDER,
        group: NO_ORDER,
        group_rule: GroupRule::Cancel,
    };
}

impl Default for Conditions {
    fn default() -> Self {
        Self::NONE
    }
}
