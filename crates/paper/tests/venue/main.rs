//! The paper venue from outside: the works, behaviours and invariants it is held to.

mod account_streams;
mod accounts;
mod bars;
mod doc_examples;
mod faults;
mod fills;
mod invariants;
mod keeping;
mod keeping_streams;
mod latency;
mod linked;
mod orders;
mod plain_rule;
mod regressions;
mod requoting;
mod restore;
mod stops;
mod support;
mod terms;
