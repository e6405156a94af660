//! The engine as a Node addon. This crate converts and decides nothing about trading.
//!
//! [`raw`] makes the hot functions; everything else is set-up, reports and errors through the binding macro.

mod engine;
mod error;
mod library;
mod raw;
mod tape;
