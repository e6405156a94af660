use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::shown;
use crate::TypesError;

/// Most digits after the dot.
const MAX_SCALE: u32 = 18;

/// An exact decimal: `mantissa × 10^-scale`, normalised, at most 18 digits after the dot and 28 in all.
///
/// Used where text meets integers: tick sizes, fees, prices in messages. Never on the tick path.
///
/// ```
/// use tickwright_types::Decimal;
/// let tick: Decimal = "0.10".parse()?;
/// assert_eq!(tick.to_string(), "0.1");
/// assert_eq!("61800.30".parse::<Decimal>()?.steps_of(tick), Some(618_003));
/// # Ok::<(), tickwright_types::TypesError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// `mantissa × 10^-scale`, normalised; `None` if the scale is above 18.
    pub fn new(mantissa: i128, scale: u32) -> Option<Self> {
        if scale > MAX_SCALE {
            return None;
        }
        let (mut mantissa, mut scale) = (mantissa, scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Some(Self { mantissa, scale })
    }

    /// The digits without the dot.
    pub fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many of the digits stand after the dot.
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// Whether it is above zero.
    pub fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// `self × 10^decimals` as an integer, or `None` if that is not whole or does not fit.
    pub fn scaled_to(self, decimals: u32) -> Option<i128> {
        let up = decimals.checked_sub(self.scale)?;
        self.mantissa.checked_mul(10i128.checked_pow(up)?)
    }

    /// `self / step` if that is a whole number that fits an `i64`.
    pub fn steps_of(self, step: Decimal) -> Option<i64> {
        let (whole, rest) = self.div_rem(step)?;
        (rest == 0).then_some(whole)
    }

    /// `self / step` rounded towards zero if it fits an `i64`, and whether something was cut off.
    pub fn whole_steps_of(self, step: Decimal) -> Option<(i64, bool)> {
        let (whole, rest) = self.div_rem(step)?;
        Some((whole, rest != 0))
    }

    fn div_rem(self, step: Decimal) -> Option<(i64, i128)> {
        let scale = self.scale.max(step.scale);
        let (a, b) = (self.scaled_to(scale)?, step.scaled_to(scale)?);
        if b == 0 {
            return None;
        }
        Some((i64::try_from(a / b).ok()?, a % b))
    }

    /// `self × other`, or `None` if it does not fit.
    pub fn checked_mul(self, other: Decimal) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(other.mantissa)?;
        let (mut mantissa, mut scale) = (mantissa, self.scale + other.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        (scale <= 2 * MAX_SCALE).then_some(Self { mantissa, scale })
    }

    /// `self × n`, or `None` if it does not fit.
    pub fn checked_mul_int(self, n: i64) -> Option<Self> {
        Self::new(self.mantissa.checked_mul(i128::from(n))?, self.scale)
    }

    /// The nearest `f64`, for reading only.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Parses, naming what the number was for in the error.
    pub fn parse(what: &str, text: &str) -> Result<Self, TypesError> {
        parse_parts(text.as_bytes()).map_err(|fault| match fault {
            Fault::Form => TypesError::Decimal { what: what.to_owned(), given: shown(text) },
            Fault::Range => TypesError::Range {
                what: what.to_owned(),
                given: shown(text),
                allowed: format!("at most 28 digits, {MAX_SCALE} of them after the dot"),
            },
        })
    }
}

enum Fault {
    Form,
    Range,
}

fn parse_parts(text: &[u8]) -> Result<Decimal, Fault> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    let (mut mantissa, mut scale, mut dot, mut any) = (0i128, 0u32, false, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                any = true;
                if mantissa >= 10i128.pow(27) || (dot && scale == MAX_SCALE && byte != b'0') {
                    return Err(Fault::Range);
                }
                if dot && scale == MAX_SCALE {
                    continue;
                }
                mantissa = mantissa * 10 + i128::from(byte - b'0');
                scale += u32::from(dot);
            }
            b'.' if !dot && any => dot = true,
            _ => return Err(Fault::Form),
        }
    }
    if !any || digits.last() == Some(&b'.') {
        return Err(Fault::Form);
    }
    Decimal::new(if negative { -mantissa } else { mantissa }, scale).ok_or(Fault::Range)
}

impl FromStr for Decimal {
    type Err = TypesError;

    fn from_str(text: &str) -> Result<Self, TypesError> {
        Self::parse("number", text)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let unit = 10u128.pow(self.scale);
        write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit, width = self.scale as usize)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Scales are at most 36 and mantissas below 10^28 · 10^28: compare whole parts first so that nothing overflows.
        let parts = |d: &Self| {
            let unit = 10i128.pow(d.scale);
            (d.mantissa.div_euclid(unit), d.mantissa.rem_euclid(unit), d.scale)
        };
        let (a, b) = (parts(self), parts(other));
        a.0.cmp(&b.0).then_with(|| {
            let up = a.2.max(b.2);
            (a.1 * 10i128.pow(up - a.2)).cmp(&(b.1 * 10i128.pow(up - b.2)))
        })
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_read_and_written_exactly() {
        for (text, shown) in [
            ("0.10", "0.1"),
            ("-3", "-3"),
            ("61800.00000000", "61800"),
            ("0.000000000000000001", "0.000000000000000001"),
        ] {
            assert_eq!(dec(text).to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for text in
            ["", "-", ".", "1.", ".5", "1e400", "NaN", "Infinity", "+1", "1,5", "0x1", " 1", "1 ", "1..2", "--1"]
        {
            assert_eq!(text.parse::<Decimal>().unwrap_err().code(), "E_DECIMAL", "{text:?}");
        }
        for text in ["123456789012345678901234567890", "0.1234567890123456789"] {
            assert_eq!(text.parse::<Decimal>().unwrap_err().code(), "E_RANGE", "{text:?}");
        }
    }

    #[test]
    fn a_price_off_the_grid_has_no_whole_number_of_steps() {
        assert_eq!(dec("61800.30").steps_of(dec("0.1")), Some(618_003));
        assert_eq!(dec("61800.35").steps_of(dec("0.1")), None);
        assert_eq!(dec("61800.35").whole_steps_of(dec("0.1")), Some((618_003, true)));
        assert_eq!(dec("1").steps_of(Decimal::ZERO), None);
    }

    proptest! {
        #[test]
        fn text_goes_there_and_back(mantissa in -10i128.pow(27)..10i128.pow(27), scale in 0u32..=18) {
            let number = Decimal::new(mantissa, scale).unwrap();
            prop_assert_eq!(dec(&number.to_string()), number);
        }

        #[test]
        fn order_is_that_of_the_cross_multiplied_integers(a in -10i128.pow(15)..10i128.pow(15), b in -10i128.pow(15)..10i128.pow(15), s in 0u32..9, t in 0u32..9) {
            let (x, y) = (Decimal::new(a, s).unwrap(), Decimal::new(b, t).unwrap());
            prop_assert_eq!(x.cmp(&y), (a * 10i128.pow(t)).cmp(&(b * 10i128.pow(s))));
        }
    }
}
