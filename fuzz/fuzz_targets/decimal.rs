//! Text from a file or a person as an exact decimal: refused or read, and what was read is written back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tickwright_types::Decimal;

fuzz_target!(|text: &str| {
    // Proves that a panic would be found, see `planted_panic` in Cargo.toml.
    #[cfg(feature = "planted_panic")]
    assert!(!text.contains("-0."), "planted");
    if let Ok(value) = text.parse::<Decimal>() {
        let again = value.to_string().parse::<Decimal>();
        assert_eq!(again.as_ref().ok(), Some(&value), "{text:?} became {value}");
    }
});
