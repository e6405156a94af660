//! Each indicator against its definition, worked out afresh from the whole stream at every step.

mod averages;
mod momentum;
mod streams;
mod traded;
mod windows;
