//! Running indicators, O(1) an update, and bars.
//!
//! An indicator is a small state machine: `update` takes a value, `value` is `None` until its warm-up is over, `raw`
//! is a plain field for hot paths. Indicators read floats and feed decisions; bars count ticks and lots and stay exact.
//!
//! All indicators refuse the same inputs: a number that is not finite, or beyond [`LARGEST_INPUT`], leaves the state
//! as it was, as if `update` had not been called. All can be cloned and serialised, and go on from there bit for bit.
//!
//! This crate does not keep time, read files or hold money.
#![forbid(unsafe_code)]

mod atr;
mod bar;
mod bar_aggregator;
mod bar_builder;
mod compensated;
mod ema;
mod error;
mod input;
mod price_buffer;
mod rolling_std;
mod sma;
mod window;

pub use atr::Atr;
pub use bar::{Bar, CompletedBars};
pub use bar_aggregator::BarAggregator;
pub use bar_builder::{BarBuilder, BarConfig, BarRule, DAY_NS, SECOND_NS};
pub use ema::Ema;
pub use error::IndicatorError;
pub use input::{LARGEST_INPUT, LONGEST_PERIOD};
pub use price_buffer::{PriceBuffer, PriceBufferConfig};
pub use rolling_std::{Divisor, RollingStd};
pub use sma::Sma;
