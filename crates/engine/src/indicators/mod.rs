//! The indicators of an instrument and what they are fed with.

mod any;
mod set;

pub(crate) use any::{AnyIndicator, Look, Readers};
pub(crate) use set::IndicatorSet;
