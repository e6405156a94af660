//! The paper venue from outside: the works, behaviours and invariants it is held to.

mod accounts;
mod bars;
mod faults;
mod fills;
mod invariants;
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
