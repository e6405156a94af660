//! The last values of a stream: a ring, sums over it that do not drift, and its largest value.

mod compensated;
mod monotonic;
mod ring;
mod rolling;
mod sums;

pub(crate) use compensated::CompensatedSum;
pub(crate) use monotonic::MonotonicQueue;
pub(crate) use ring::Window;
pub(crate) use rolling::Rolling;
pub(crate) use sums::{Moments, Traded, Volume};
