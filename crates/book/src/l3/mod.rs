//! The book by order.
//!
//! [`L3Book`] keeps every order in a slab, linked to its neighbours in the queue of its price; two ladders hold each
//! price's size and the ends of its queue, and a table finds an order by its id.

mod book;
mod ids;
mod matching;
mod order;
mod queries;
mod slab;
mod stored;

pub use book::L3Book;
pub use matching::Fill;
pub use order::{Ignored, Order, OrderCounts};
