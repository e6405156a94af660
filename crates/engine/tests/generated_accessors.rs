//! The accessors that TypeScript has are those of the one definition, each with its unit.

#[path = "../examples/generate_frame/typescript.rs"]
mod typescript;

use tickwright_engine::layout::fields;

const COMMITTED: &str = include_str!("../../../ts/src/engine/layout.generated.ts");
const MAKE: &str = "cargo run -q -p tickwright-engine --example generate_frame > ts/src/engine/layout.generated.ts";

#[test]
fn the_committed_file_is_what_the_definition_generates() {
    let generated = typescript::generated();
    for (at, (here, there)) in generated.lines().zip(COMMITTED.lines()).enumerate() {
        assert_eq!(here, there, "line {} of layout.generated.ts is out of date, make it anew: {MAKE}", at + 1);
    }
    assert_eq!(generated, COMMITTED, "layout.generated.ts is out of date, make it anew: {MAKE}");
}

#[test]
fn every_field_has_one_accessor_that_says_what_it_is_and_in_which_unit() {
    let getters = COMMITTED.lines().filter(|line| line.starts_with("  get ")).count();
    assert_eq!(getters, fields().len());
    for field in fields() {
        assert!(!field.doc.is_empty() && !field.unit.is_empty(), "{} says nothing", field.name);
        let accessor = format!("  /** {} Unit: {}. */\n  get {}(): ", field.doc, field.unit, field.name);
        assert_eq!(COMMITTED.matches(&accessor).count(), 1, "{} has no documented accessor", field.name);
    }
}
