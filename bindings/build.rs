#![allow(missing_docs, reason = "a build script has no readers but Cargo")]

fn main() {
    napi_build::setup();
}
