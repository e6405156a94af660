use std::borrow::Cow;

use serde_json::value::RawValue;

/// Furthest that an exponent moves the dot.
const MOST_PLACES: i32 = 36;

/// A number as plain decimal digits: `1.5e-05` is `0.000015`, exactly. Text that is none comes back as it is, for the
/// instrument to refuse.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return Cow::Borrowed(text) };
    expanded(mantissa, exponent).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The digits of a JSON number or of a number in a string.
pub(super) fn of_json(value: &RawValue) -> &str {
    let text = value.get();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

fn expanded(mantissa: &str, exponent: &str) -> Option<String> {
    let places: i32 = exponent.parse().ok().filter(|places: &i32| places.abs() <= MOST_PLACES)?;
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{part}");
    if whole.is_empty() || all.len() > 64 || !all.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let dot = whole.len() as i32 + places;
    let plain = if dot <= 0 {
        format!("{sign}0.{}{all}", "0".repeat(dot.unsigned_abs() as usize))
    } else if dot as usize >= all.len() {
        format!("{sign}{all}{}", "0".repeat(dot as usize - all.len()))
    } else {
        format!("{sign}{}.{}", &all[..dot as usize], &all[dot as usize..])
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_move_the_dot_exactly() {
        let cases = [
            ("1e-05", "0.00001"),
            ("1.5e-05", "0.000015"),
            ("12.34e1", "123.4"),
            ("12.34E+3", "12340"),
            ("-1e0", "-1"),
            ("1.25e2", "125"),
            ("0.001", "0.001"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn what_is_no_number_stays_as_it_is() {
        for text in ["1e400", "e5", "1e", "x", "NaN", ".5e1", "1.2.3e4", "1e99999999999", "é1e2", "-e1"] {
            assert_eq!(plain(text), text);
        }
    }
}
