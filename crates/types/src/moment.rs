/// A moment as RFC 3339 text, `2024-06-28T08:00:00Z` or with an offset, in ns since the Unix epoch; `None` for anything
/// else, a leap second, or a year outside 1678 to 2261, which such a count cannot reach.
pub(crate) fn moment_ns(text: &str) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let time = time.strip_prefix(['T', 't'])?;
    let (clock, rest) = time.split_at_checked(8)?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let (nanos, zone) = fraction(rest)?;
    let is_real = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !is_real || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = ((days_since_epoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset(zone)?;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanos)
}

fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(between);
    let mut out = [0; N];
    for (number, length) in out.iter_mut().zip(digits) {
        *number = whole(parts.next().filter(|part| part.len() == length)?)?;
    }
    parts.next().is_none().then_some(out)
}

/// A number of digits and nothing else.
fn whole(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Nanoseconds of `.5`, and what follows.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(digits) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    (digits.len() <= 9).then(|| whole(&format!("{digits:0<9}"))).flatten().filter(|_| end > 0).map(|ns| (ns, rest))
}

/// Seconds east of Greenwich.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, clock) = if let Some(east) = zone.strip_prefix('+') { (1, east) } else { (-1, zone.strip_prefix('-')?) };
    let [hours, minutes] = numbers(clock, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the Gregorian calendar, counted in years that begin in March so that a leap day comes last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let days_before_month = (153 * ((month + 9) % 12) + 2) / 5;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + days_before_month + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_with_their_fraction_and_offset() {
        for (text, ns) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2024-06-28T08:00:00Z", 1_719_561_600_000_000_000),
            ("2024-02-29T23:59:59.5Z", 1_709_251_199_500_000_000),
            ("2024-06-28T08:00:00.000000001+08:00", 1_719_532_800_000_000_001),
            ("1969-12-31T23:59:59-00:30", 1_799_000_000_000),
        ] {
            assert_eq!(moment_ns(text), Some(ns), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2024-06-28",
            "2024-06-28T08:00Z",
            "2024-06-28 08:00:00Z",
            "2024-06-28T08:00:00",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-06-28T24:00:00Z",
            "2024-06-28T08:00:60Z",
            "2024-06-28T08:00:00.Z",
            "2024-06-28T08:00:00.1234567890Z",
            "2024-06-28T08:00:00+8",
            "9999-01-01T00:00:00Z",
            "+024-06-28T08:00:00Z",
            "2024-06-2éT08:00:00Z",
        ] {
            assert_eq!(moment_ns(text), None, "{text:?}");
        }
    }
}
