//! What the engine's tests share: a block, a driver that plays the controller's side, and generated markets.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod bench_market;
pub mod driver;
pub mod random_market;
pub mod records;
pub mod trader;
