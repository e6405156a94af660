//! Bitstamp's orders one by one: the published CSV of events, and the log of the messages that they were made of.
//!
//! Both tell what is left of an order after each event. The log also has trades, without a side, and periodic books,
//! which have no record. The CSV's volumes were cut to eight digits where the log's are exact. Each event ends a message.

mod csv;
mod messages;
mod orders;

pub(super) use csv::read_orders;
pub(super) use messages::read_log;

#[cfg(test)]
mod tests;
