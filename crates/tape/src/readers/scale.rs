use tickwright_types::{Decimal, Instrument, TypesError};

use super::feed::Fault;
use crate::error::shown;
use crate::RowFault;

/// Most digits of the fast way: their number fits a `u64`.
const MAX_DIGITS: usize = 18;

/// Largest count that an instrument allows.
const MAX_COUNT: u64 = 1 << 53;

/// Turns decimal text into whole ticks and lots of one instrument: plain digits by one multiplication or division,
/// everything else by [`Instrument`], whose answers both agree with.
pub(super) struct Scale {
    instrument: Instrument,
    price: Steps,
    size: Steps,
}

/// What to multiply and divide the digits by, for each number of digits after the dot.
struct Steps([Option<(u64, u64)>; MAX_DIGITS + 1]);

impl Scale {
    pub(super) fn new(instrument: &Instrument) -> Self {
        let spec = instrument.spec();
        Self { instrument: instrument.clone(), price: Steps::of(spec.tick_size), size: Steps::of(spec.lot_size) }
    }

    /// The price in ticks; off the grid is an error.
    pub(super) fn price_ticks(&self, text: &str) -> Result<i64, TypesError> {
        match self.price.count(text.as_bytes()) {
            Some((ticks, false)) => Ok(ticks),
            _ => self.instrument.price_ticks(text),
        }
    }

    /// The size in whole lots, and whether something was cut off.
    pub(super) fn size_lots(&self, text: &str) -> Result<(i64, bool), TypesError> {
        match self.size.count(text.as_bytes()) {
            Some(lots) => Ok(lots),
            None => self.instrument.feed_size_lots(text),
        }
    }

    /// The price of a row, which no venue of these has below zero; `column` is where it stands.
    pub(super) fn price(&self, text: &str, column: u64) -> Result<i64, Fault> {
        match self.price_ticks(text) {
            Ok(ticks) if ticks >= 0 => Ok(ticks),
            Ok(_) => Err(Fault::at(column, RowFault::NegativePrice(shown(text, 64)))),
            Err(e) => Err(Fault::at(column, RowFault::Number(e))),
        }
    }

    /// The price of a row in the nearest ticks, a half upwards; what was off the grid is added to `rounded`.
    pub(super) fn nearest_price(&self, text: &str, column: u64, rounded: &mut u64) -> Result<i64, Fault> {
        match self.price(text, column) {
            Err(Fault { fault: RowFault::Number(TypesError::OffGrid { .. } | TypesError::Range { .. }), .. }) => {}
            exact => return exact,
        }
        let number = |fault| Fault::at(column, RowFault::Number(fault));
        let dot = text.find('.').unwrap_or(text.len());
        let kept = text.split_at_checked(dot + 1 + MAX_DIGITS).map_or(text, |(kept, _)| kept);
        let price = Decimal::parse("price", kept).map_err(number)?;
        let tick = self.instrument.spec().tick_size;
        let up = |by: u32| 10i128.checked_pow(by);
        let ticks = || {
            let steps = price.mantissa().checked_mul(up(tick.scale().saturating_sub(price.scale()))?)?;
            let step = tick.mantissa().checked_mul(up(price.scale().saturating_sub(tick.scale()))?)?;
            let nearest = steps.checked_add(step / 2)?.div_euclid(step);
            i64::try_from(nearest).ok().filter(|ticks| (0..=MAX_COUNT as i64).contains(ticks))
        };
        let ticks = ticks().ok_or_else(|| {
            let what = format!("{}: price", self.instrument.id());
            let allowed = format!("0 to 2^53 ticks of {tick}");
            number(TypesError::Range { what, given: shown(text, 64), allowed })
        })?;
        *rounded += 1;
        Ok(ticks)
    }

    /// The size of a row; one that is cut to whole lots is added to `off_lot`.
    pub(super) fn size(&self, text: &str, column: u64, off_lot: &mut u64) -> Result<i64, Fault> {
        let (lots, cut) = self.floored(text).map_err(|e| Fault::at(column, RowFault::Number(e)))?;
        if lots < 0 || (cut && text.starts_with('-')) {
            return Err(Fault::at(column, RowFault::NegativeSize(shown(text, 64))));
        }
        *off_lot += u64::from(cut);
        Ok(lots)
    }

    /// Whole lots, also of a size that a double was printed for with more decimals than any lot has.
    fn floored(&self, text: &str) -> Result<(i64, bool), TypesError> {
        let dot = text.find('.').unwrap_or(text.len());
        match text.split_at_checked(dot + 1 + MAX_DIGITS) {
            Some((kept, rest)) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) => {
                let (lots, cut) = self.size_lots(kept)?;
                Ok((lots, cut || rest.bytes().any(|b| b != b'0')))
            }
            _ => self.size_lots(text),
        }
    }
}

impl Steps {
    fn of(step: Decimal) -> Self {
        let mantissa = u64::try_from(step.mantissa()).ok();
        let factors = |decimals: u32| {
            let up = |by: u32| 10u64.checked_pow(by);
            match step.scale().checked_sub(decimals) {
                Some(by) => Some((up(by)?, mantissa?)),
                None => Some((1, mantissa?.checked_mul(up(decimals - step.scale())?)?)),
            }
        };
        Self(std::array::from_fn(|decimals| factors(decimals as u32)))
    }

    /// Steps of a plain decimal of at most 18 digits, and whether a rest was cut off; `None` if it is anything else.
    fn count(&self, text: &[u8]) -> Option<(i64, bool)> {
        let (digits, decimals) = plain_digits(text)?;
        let (times, over) = self.0[decimals]?;
        let scaled = digits.checked_mul(times)?;
        let (steps, rest) = if over == 1 { (scaled, 0) } else { (scaled / over, scaled % over) };
        (steps <= MAX_COUNT).then_some((steps as i64, rest != 0))
    }
}

/// The digits without the dot, and how many of them stand after it.
fn plain_digits(text: &[u8]) -> Option<(u64, usize)> {
    if text.len() > MAX_DIGITS + 1 {
        return None;
    }
    let (mut digits, mut dot) = (0u64, None);
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = digits * 10 + u64::from(byte - b'0'),
            b'.' if dot.is_none() && at > 0 => dot = Some(at),
            _ => return None,
        }
    }
    let decimals = dot.map_or(0, |at| text.len() - at - 1);
    let complete = text.last()?.is_ascii_digit() && text.len() - usize::from(dot.is_some()) <= MAX_DIGITS;
    complete.then_some((digits, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instrument(tick: &str, lot: &str) -> Instrument {
        let text = format!(
            r#"{{"id":"X","venue":"v","symbol":"X","kind":"spot","tick_size":"{tick}","lot_size":"{lot}",
                "base":"B","quote":"Q","settlement":"Q"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    const STEPS: [&str; 8] = ["0.1", "0.01", "0.00001", "1", "0.25", "5", "100", "0.000000000000000001"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn the_fast_way_gives_what_the_instrument_gives(
            text in "(-?[0-9]{1,12}(\\.[0-9]{1,12})?)|([0-9.eE+-]{0,22})|([0-9]{1,30})|(0\\.[0-9]{17,20})",
            tick in 0..STEPS.len(),
            lot in 0..STEPS.len(),
        ) {
            let instrument = instrument(STEPS[tick], STEPS[lot]);
            let scale = Scale::new(&instrument);
            prop_assert_eq!(scale.price_ticks(&text), instrument.price_ticks(&text));
            prop_assert_eq!(scale.size_lots(&text), instrument.feed_size_lots(&text));
        }

        #[test]
        fn every_price_of_the_grid_is_read_back(ticks in 0i64..1 << 53, tick in 0..STEPS.len()) {
            let instrument = instrument(STEPS[tick], "1");
            let text = instrument.price_text(ticks);
            prop_assert_eq!(Scale::new(&instrument).price_ticks(&text), instrument.price_ticks(&text));
        }
    }

    #[test]
    fn a_size_with_more_decimals_than_any_lot_is_cut_and_counted() {
        let scale = Scale::new(&instrument("0.1", "0.00000001"));
        let mut off_lot = 0;
        assert_eq!(scale.size("0.0018179399999999999", 1, &mut off_lot).unwrap(), 181_793);
        assert_eq!(scale.size("0.0018179400000000000000000", 1, &mut off_lot).unwrap(), 181_794);
        assert_eq!(off_lot, 1);
        assert_eq!(scale.size("0.001817939999999999x", 1, &mut off_lot).unwrap_err().fault.code(), "E_DECIMAL");
        assert_eq!(
            scale.size("-0.0000000000000000000001", 1, &mut off_lot).unwrap_err().fault.code(),
            "E_NEGATIVE_SIZE"
        );
    }

    #[test]
    fn a_price_off_the_grid_is_rounded_to_the_nearest_tick() {
        let scale = Scale::new(&instrument("0.25", "1"));
        let mut rounded = 0;
        let mut nearest = |text: &str| scale.nearest_price(text, 1, &mut rounded).map_err(|e| e.fault.code());
        assert_eq!(nearest("10.25"), Ok(41));
        assert_eq!(nearest("10.3749999999999999999999"), Ok(41));
        assert_eq!(nearest("10.375"), Ok(42));
        assert_eq!(nearest("19.779285430908203"), Ok(79));
        assert_eq!(nearest("-10.3"), Err("E_RANGE"));
        assert_eq!(nearest("99999999999999999999.1"), Err("E_RANGE"));
        assert_eq!(nearest("1x"), Err("E_DECIMAL"));
        assert_eq!(rounded, 3);
    }

    #[test]
    fn what_a_feed_prints_takes_the_fast_way() {
        let btc = Scale::new(&instrument("0.1", "0.001"));
        assert_eq!(btc.price.count(b"61800.30"), Some((618_003, false)));
        assert_eq!(btc.price.count(b"61800.35"), Some((618_003, true)));
        assert_eq!(btc.size.count(b"2.5079"), Some((2_507, true)));
        for odd in ["", ".", "1.", ".5", "-1", "1e5", "1234567890123456789"] {
            assert_eq!(btc.price.count(odd.as_bytes()), None, "{odd:?}");
        }
    }
}
