//! Bars from trades or mids, and larger bars from smaller ones: exact, in ticks and lots.

mod bar;
mod bar_aggregator;
mod bar_builder;
mod counted_bars;
mod rule;
mod timed_bars;

pub use bar::{Bar, CompletedBars};
pub use bar_aggregator::BarAggregator;
pub use bar_builder::BarBuilder;
pub(crate) use rule::span_of;
pub use rule::{BarConfig, BarRule, DAY_NS, SECOND_NS};
