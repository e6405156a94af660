use std::borrow::Cow;
use std::ops::Deref;

use serde::de::{Deserializer, Error};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Most digits that an exponent may move the dot by: no price or size of a venue is that far from one.
const MAX_SHIFT: usize = 30;

/// A decimal number exactly as the venue printed it, as a JSON string or number; never a double.
#[derive(Clone, Debug)]
pub(super) struct Printed<'a> {
    /// As it stands in the line.
    raw: &'a str,
    /// The same with any exponent written out.
    text: Cow<'a, str>,
}

impl<'a> Printed<'a> {
    /// Its digits, `-` and dot.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The same, to keep.
    pub(super) fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    /// The piece of the line it stands in.
    pub(super) fn raw(&self) -> &str {
        self.raw
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Printed<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        let raw = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
        let of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
        if raw.is_empty() || !raw.bytes().all(of_number) {
            return Err(D::Error::custom("a decimal number belongs here, plain or as a string"));
        }
        let text = written_out(raw).ok_or_else(|| D::Error::custom("the exponent is out of any range"))?;
        Ok(Self { raw, text })
    }
}

/// A string, borrowed unless it has escapes in it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Word<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Deref for Word<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// `3.5e-7` as `0.00000035`; `None` where the exponent is absurd.
fn written_out(raw: &str) -> Option<Cow<'_, str>> {
    let Some((number, exponent)) = raw.split_once(['e', 'E']) else { return Some(Cow::Borrowed(raw)) };
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let shift = exponent.unsigned_abs() as usize;
    if shift > MAX_SHIFT || number.len() > MAX_SHIFT {
        return None;
    }
    let zeros = "0".repeat(shift);
    let (digits, dot) = if exponent < 0 {
        (format!("{zeros}{whole}{fraction}"), whole.len())
    } else {
        (format!("{whole}{fraction}{zeros}"), whole.len() + shift)
    };
    let whole = digits[..dot].trim_start_matches('0');
    let fraction = digits[dot..].trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let between = if fraction.is_empty() { "" } else { "." };
    Some(Cow::Owned(format!("{sign}{whole}{between}{fraction}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<String, serde_json::Error> {
        serde_json::from_str::<Printed<'_>>(json).map(|printed| printed.text().to_owned())
    }

    #[test]
    fn numbers_and_strings_keep_every_digit() {
        for (json, text) in [("105944.20", "105944.20"), (r#""0.00100000""#, "0.00100000"), ("-1.50", "-1.50")] {
            assert_eq!(read(json).unwrap(), text);
        }
    }

    #[test]
    fn exponents_are_written_out() {
        let cases = [
            ("3.5e-7", "0.00000035"),
            ("8e-07", "0.0000008"),
            ("1.25E+2", "125"),
            ("12.5e1", "125"),
            ("-4e-1", "-0.4"),
            ("0e-5", "0"),
            ("123.456e-2", "1.23456"),
        ];
        for (json, text) in cases {
            assert_eq!(read(json).unwrap(), text, "{json}");
        }
        for odd in ["1e400", "1e-31", "null", "true", r#""""#, r#""NaN""#, r#""1 ""#, "[]", r#""\u0031""#] {
            assert!(read(odd).is_err(), "{odd}");
        }
    }
}
