//! The words every other crate speaks: [`Tick`], [`Instrument`], [`Decimal`], [`Money`] and a seeded [`Rng`].
//!
//! Prices and sizes are `i64` counts of an instrument's tick and lot; money is an `i128` count of
//! 1e-12 of the settlement asset. Floating point appears nowhere in this crate.
//!
//! It does not read files, keep time or match orders.

mod block;
mod decimal;
mod error;
mod instrument;
mod moment;
mod money;
mod prefetch;
mod rng;
mod tick;

pub use block::{TickBlock, TickOwner};
pub use decimal::Decimal;
pub use error::TypesError;
pub use instrument::{Instrument, InstrumentKind, InstrumentSpec};
pub use money::{Money, MONEY_DECIMALS, MONEY_ONE};
pub use prefetch::prefetch_ahead;
pub use rng::Rng;
pub use tick::{flags, Side, Tick, TickKind, NO_SIDE};
