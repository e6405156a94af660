//! Running indicators, O(1) an update, and bars.
//!
//! An indicator is a small state machine: `update` takes a value, `value` is `None` until its warm-up is over, `raw`
//! is a plain field for hot paths; [`Indicator`] has what they share, and the form for columns. Indicators read floats
//! and feed decisions; bars count ticks and lots and stay exact. None allocates after it was made.
//!
//! All indicators refuse the same inputs: a number that is not finite, or beyond [`LARGEST_INPUT`], leaves the state
//! as it was, as if `update` had not been called. All can be cloned and serialised, and go on from there bit for bit.
//!
//! This crate does not keep time, read files or hold money.
#![forbid(unsafe_code)]

mod atr;
mod bars;
mod bollinger;
mod ema;
mod error;
mod indicator;
mod input;
mod macd;
mod price_buffer;
mod rolling_extremes;
mod rolling_std;
mod rsi;
mod sma;
mod volume_ratio;
mod vwap;
mod window;
mod z_score;

pub use atr::Atr;
pub use bars::{Bar, BarAggregator, BarBuilder, BarConfig, BarRule, CompletedBars, DAY_NS, SECOND_NS};
pub use bollinger::{Bands, BollingerBands};
pub use ema::Ema;
pub use error::IndicatorError;
pub use indicator::Indicator;
pub use input::{LARGEST_INPUT, LONGEST_PERIOD};
pub use macd::{Macd, MacdLines};
pub use price_buffer::{PriceBuffer, PriceBufferConfig};
pub use rolling_extremes::{RollingMax, RollingMin};
pub use rolling_std::{Divisor, RollingStd};
pub use rsi::Rsi;
pub use sma::Sma;
pub use volume_ratio::VolumeRatio;
pub use vwap::{RollingVwap, SessionVwap};
pub use z_score::ZScore;
