use tickwright_types::{Instrument, TypesError};

/// Turns prices and sizes that a format stores as whole numbers of a decimal step into ticks and lots.
pub(super) struct FixedPoint {
    instrument: Instrument,
    /// Digits after the dot of a stored price.
    decimals: u32,
    /// Stored units of a tick, where a tick is a whole number of them.
    tick_units: Option<i64>,
}

impl FixedPoint {
    pub(super) fn new(instrument: &Instrument, decimals: u32) -> Self {
        let units = instrument.spec().tick_size.scaled_to(decimals).and_then(|units| i64::try_from(units).ok());
        Self { instrument: instrument.clone(), decimals, tick_units: units.filter(|&units| units > 0) }
    }

    /// The price in ticks; off the grid is an error.
    pub(super) fn price_ticks(&self, stored: i64) -> Result<i64, TypesError> {
        match self.tick_units {
            Some(units) if stored % units == 0 && (stored / units).unsigned_abs() <= 1 << 53 => Ok(stored / units),
            _ => self.instrument.price_ticks(&decimal_text(stored, self.decimals)),
        }
    }

    /// A size of whole units in lots, and whether something was cut off.
    pub(super) fn size_lots(&self, units: u64) -> Result<(i64, bool), TypesError> {
        self.instrument.feed_size_lots(&units.to_string())
    }
}

/// A stored number as people write it.
pub(super) fn decimal_text(stored: i64, decimals: u32) -> String {
    let (sign, units) = (if stored < 0 { "-" } else { "" }, stored.unsigned_abs());
    let one = 10u64.pow(decimals);
    format!("{sign}{}.{:0width$}", units / one, units % one, width = decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instrument(tick: &str) -> Instrument {
        let text = format!(
            r#"{{"id":"X","venue":"v","symbol":"X","kind":"future","tick_size":"{tick}","lot_size":"1",
                "base":"B","quote":"Q","settlement":"Q"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    proptest! {
        #[test]
        fn a_stored_price_gives_what_its_text_gives(
            stored in prop_oneof![any::<i64>(), (-1_000_000i64..1_000_000).prop_map(|n| n * 250_000_000)],
            tick in prop::sample::select(vec!["0.25", "0.01", "1", "0.000000000000000001", "0.00005", "1000000000000"]),
        ) {
            let instrument = instrument(tick);
            let text = decimal_text(stored, 9);
            prop_assert_eq!(FixedPoint::new(&instrument, 9).price_ticks(stored), instrument.price_ticks(&text));
        }
    }

    #[test]
    fn stored_prices_are_shown_as_people_write_them() {
        assert_eq!(decimal_text(4_810_250_000_000, 9), "4810.250000000");
        assert_eq!(decimal_text(-2_238_201, 4), "-223.8201");
        assert_eq!(decimal_text(i64::MIN, 9), "-9223372036.854775808");
    }
}
