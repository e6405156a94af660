//! Prints the TypeScript side of the memory map.
//!
//! `cargo run -p tickwright-engine --example generate_frame > ts/src/engine/layout.generated.ts`

mod typescript;

fn main() {
    print!("{}", typescript::generated());
}
