//! The engine as a Node addon. This crate converts and decides nothing about trading.
//!
//! `raw` makes the hot functions; everything else is set-up, reports and errors through the binding macro.

#![allow(clippy::needless_pass_by_value, reason = "the binding macro hands over owned values")]
#![cfg_attr(test, allow(dead_code, reason = "the macro registers nothing in a test build; the tests are the façade's"))]

mod engine;
mod error;
mod library;
mod raw;
mod tape;
mod typed_array;
