use serde::{Deserialize, Serialize};

use crate::layout::hit;
use crate::EngineError;

/// How often a controller wants to act, regardless of what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Only when another interest hits.
    Never,
    /// At the last record of each venue message.
    #[default]
    Message,
    /// At every record.
    Record,
    /// At every n-th record, counted from the first one of the run.
    Nth(u64),
}

/// When a controller wants to act; the first hit counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one independent wish")]
pub struct Interests {
    /// Regular action points.
    pub every: Every,
    /// Length of the controller's interval in ns; 0 for none.
    pub interval_ns: i64,
    /// Act at every trade.
    pub trade: bool,
    /// Act when a best price changes.
    pub best_price: bool,
    /// Act when the mid has moved by so many ticks since the last action point; 0 for never.
    pub mid_moved_ticks: i64,
    /// Act when a best price goes from one side of one of these, in ticks, to it or beyond.
    pub crosses_ticks: Vec<i64>,
    /// Act when news of own orders is delivered.
    pub own_event: bool,
    /// Act when a bar closes.
    pub bar_close: bool,
}

impl Interests {
    /// The bits of [`hit`] that make an action point.
    pub(crate) fn mask(&self) -> u32 {
        let regular = match self.every {
            Every::Never => 0,
            Every::Message => hit::LAST,
            Every::Record => hit::RECORD,
            Every::Nth(_) => hit::NTH,
        };
        let on = |wanted: bool, bit: u32| if wanted { bit } else { 0 };
        regular
            | on(self.interval_ns > 0, hit::TIMER)
            | on(self.trade, hit::TRADE)
            | on(self.best_price, hit::BEST)
            | on(self.mid_moved_ticks > 0, hit::MID)
            | on(!self.crosses_ticks.is_empty(), hit::CROSS)
            | on(self.own_event, hit::OWN)
            | on(self.bar_close, hit::BAR)
    }

    /// Refuses what makes no sense.
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        if self.every == Every::Nth(0) {
            return Err(EngineError::config("interests.every", "0 is not a number of records: give 1 or more"));
        }
        if self.interval_ns < 0 || self.mid_moved_ticks < 0 {
            return Err(EngineError::config("interests", "intervals and moves must not be negative"));
        }
        if self.mask() == 0 {
            return Err(EngineError::config("interests", "nothing would ever call the controller: name one interest"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_one_action_point_a_message() {
        assert_eq!(Interests::default().mask(), hit::LAST);
    }

    #[test]
    fn interests_that_never_hit_are_refused() {
        let none = Interests { every: Every::Never, ..Interests::default() };
        assert_eq!(none.check().unwrap_err().code(), "E_CONFIG");
        assert!(Interests { every: Every::Nth(0), ..Interests::default() }.check().is_err());
    }
}
