//! Times of recordings: numbers in a stated unit, days and clocks in a stated zone, all to ns since the Unix epoch.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use crate::error::shown;
use crate::RowFault;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day(Date);

impl Day {
    /// `YYYY-MM-DD`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 10 && text.bytes().enumerate().all(|(at, b)| dash_or_digit(at, b));
        let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse().ok());
        shape.then(|| Self::of(number(0, 4)?, number(5, 7)?, number(8, 10)?)).flatten()
    }

    /// `YYYYMMDD`.
    pub(super) fn parse_compact(text: &str) -> Option<Self> {
        let shape = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse().ok());
        shape.then(|| Self::of(number(0, 4)?, number(4, 6)?, number(6, 8)?)).flatten()
    }

    fn of(year: i16, month: i16, day: i16) -> Option<Self> {
        let in_range = (1678..2262).contains(&year);
        in_range.then(|| Date::new(year, month as i8, day as i8).ok().map(Self)).flatten()
    }
}

fn dash_or_digit(at: usize, byte: u8) -> bool {
    if at == 4 || at == 7 {
        byte == b'-'
    } else {
        byte.is_ascii_digit()
    }
}

/// A time zone: a fixed offset or a place's rules.
#[derive(Clone, Debug)]
pub(super) struct Zone(TimeZone);

impl Zone {
    pub(super) fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// `UTC`, `-05:00`, or a name of the bundled time zone database.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "UTC" || text == "Z" {
            return Some(Self::utc());
        }
        match text.as_bytes() {
            [b'+' | b'-', ..] => Some(Self(TimeZone::fixed(Offset::from_seconds(offset_seconds(text)?).ok()?))),
            [b'A'..=b'Z', ..] if text.contains('/') => TimeZone::get(text).ok().map(Self),
            _ => None,
        }
    }

    /// When a clock there showed `nanos` after midnight of `day`, in ns since the Unix epoch.
    ///
    /// A clock that is turned shows some times twice and others never: both are an error, as is a time of 24 h or more.
    pub(super) fn clock_ns(&self, day: Day, nanos: i64) -> Result<i64, String> {
        let (seconds, subsec) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
        if !(0..86_400).contains(&seconds) {
            return Err(format!("{nanos} ns after midnight is not on the same day"));
        }
        let clock = jiff::civil::Time::new(
            (seconds / 3_600) as i8,
            (seconds / 60 % 60) as i8,
            (seconds % 60) as i8,
            subsec as i32,
        );
        let at = clock.map_err(|e| e.to_string())?.to_datetime(day.0);
        self.instant_ns(at)
    }

    fn instant_ns(&self, at: DateTime) -> Result<i64, String> {
        let ambiguous = self.0.to_ambiguous_timestamp(at);
        let instant = ambiguous.unambiguous().map_err(|_| {
            format!("a clock in this zone shows {at} twice or never, for it is turned then: give times in UTC")
        })?;
        i64::try_from(instant.as_nanosecond()).map_err(|_| format!("{at} lies beyond what ns since 1970 can say"))
    }
}

/// `+HH:MM` or `-HH:MM` in seconds.
fn offset_seconds(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| i32::from(b - b'0'));
    if bytes.len() != 6 || bytes[3] != b':' {
        return None;
    }
    let (hours, minutes) = (digit(1)? * 10 + digit(2)?, digit(4)? * 10 + digit(5)?);
    let seconds = (hours <= 14 && minutes < 60).then_some((hours * 60 + minutes) * 60)?;
    Some(if bytes[0] == b'-' { -seconds } else { seconds })
}

/// A day and a clock as text, with or without a zone of its own: `2012-02-01 00:01:00`, `20120201 00:01:00.250`,
/// `2012-02-01T00:01:00Z`, `2012-02-01`, `20131007 10:30`.
///
/// `zone` is that of times that name none; `Err(None)` says that one is needed.
pub(super) fn text_ns(text: &str, zone: Option<&Zone>) -> Result<i64, Option<RowFault>> {
    let fault = |reason: &str| Some(RowFault::Time(format!("{:?}: {reason}", shown(text, 40))));
    let not_a_time = || fault("not a time such as 2012-02-01 00:01:00");
    let dashed = text.as_bytes().get(4) == Some(&b'-');
    let (day_text, rest) = text.split_at_checked(if dashed { 10 } else { 8 }).ok_or_else(not_a_time)?;
    let day = if dashed { Day::parse(day_text) } else { Day::parse_compact(day_text) }.ok_or_else(not_a_time)?;
    let (clock, own) = match rest.strip_prefix([' ', 'T']) {
        None if rest.is_empty() => ("00:00", None),
        None => return Err(not_a_time()),
        Some(rest) => {
            let end = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
            let (clock, own) = rest.split_at(end);
            let own = if own.is_empty() { None } else { Some(Zone::parse(own).ok_or_else(not_a_time)?) };
            (clock, own)
        }
    };
    let nanos = clock_nanos(clock).ok_or_else(not_a_time)?;
    let zone = own.as_ref().or(zone).ok_or(None)?;
    zone.clock_ns(day, nanos).map_err(|reason| fault(&reason))
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fffffffff` in ns after midnight.
fn clock_nanos(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let two = |digits: &str| (digits.len() == 2).then(|| whole(digits)).flatten();
    let (hours, minutes) = (two(parts.next()?)?, two(parts.next()?)?);
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(seconds) => {
            let (digits, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            (two(digits)?, fraction_nanos(fraction)?)
        }
    };
    let in_range = hours < 24 && minutes < 60 && seconds < 60 && parts.next().is_none();
    in_range.then_some(((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000 + fraction)
}

fn whole(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// Up to nine digits after a dot, as billionths.
fn fraction_nanos(digits: &str) -> Option<i64> {
    let missing = 9usize.checked_sub(digits.len())?;
    Some(whole(digits)? * 10i64.pow(missing as u32))
}

/// The unit of times that are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl TimeUnit {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "s" => Self::Seconds,
            "ms" => Self::Millis,
            "us" => Self::Micros,
            "ns" => Self::Nanos,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Millis => "ms",
            Self::Micros => "us",
            Self::Nanos => "ns",
        }
    }

    fn digits(self) -> u32 {
        match self {
            Self::Seconds => 9,
            Self::Millis => 6,
            Self::Micros => 3,
            Self::Nanos => 0,
        }
    }

    /// A span of so many units, with or without decimals, in ns: `34200.017459617` s, exactly.
    pub(super) fn span_ns(self, text: &str) -> Option<i64> {
        let (digits, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let billionths = fraction_nanos(fraction)?;
        let shift = 10i64.pow(9 - self.digits());
        let exact = billionths % shift == 0;
        let ns = whole(digits)?.checked_mul(10i64.pow(self.digits()))?.checked_add(billionths / shift)?;
        exact.then_some(ns)
    }

    /// A time of so many units since the Unix epoch in ns.
    ///
    /// Times of 1970 and after 2262 are refused: no market was recorded then, so the unit is another one.
    pub(super) fn epoch_ns(self, text: &str) -> Result<i64, RowFault> {
        const YEAR_NS: i64 = 365 * 86_400 * 1_000_000_000;
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !text.is_empty();
        match self.span_ns(text) {
            Some(ns) if ns >= YEAR_NS => Ok(ns),
            Some(_) => Err(self.other_unit(text)),
            None if plain => Err(self.other_unit(text)),
            None => Err(RowFault::Time(format!("{:?} is no time in {} since 1970", shown(text, 40), self.name()))),
        }
    }

    fn other_unit(self, text: &str) -> RowFault {
        let reason = "is not between 1971 and 2262: is --time-unit right?";
        RowFault::Time(format!("{} {} since 1970 {reason}", shown(text, 40), self.name()))
    }
}

/// A bar's length in ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BarLength(pub(super) i64);

impl BarLength {
    /// A whole number and `s`, `m`, `h` or `d`, at most 366 days.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        let length = whole(number)?.checked_mul(seconds)?;
        (1..=366 * 86_400).contains(&length).then_some(Self(length * 1_000_000_000))
    }
}

/// Which end of a bar its time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BarTime {
    Open,
    Close,
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    #[test]
    fn a_clock_in_new_york_is_read_in_summer_and_winter() {
        let zone = Zone::parse("America/New_York").unwrap();
        let at = |day: &str, seconds: i64| zone.clock_ns(Day::parse(day).unwrap(), seconds * S);
        assert_eq!(at("2012-06-21", 34_200), Ok(1_340_285_400 * S));
        assert_eq!(at("2013-01-02", 34_200), Ok(1_357_137_000 * S));
        assert_eq!(
            Zone::parse("-05:00").unwrap().clock_ns(Day::parse("2014-05-01").unwrap(), 0),
            Ok(1_398_920_400 * S)
        );
    }

    #[test]
    fn a_time_that_a_turned_clock_shows_twice_or_never_is_refused() {
        let zone = Zone::parse("America/New_York").unwrap();
        for (day, seconds) in [("2013-03-10", 9_000), ("2013-11-03", 5_400)] {
            assert!(zone.clock_ns(Day::parse(day).unwrap(), seconds * S).unwrap_err().contains("twice or never"));
        }
        assert!(zone.clock_ns(Day::parse("2013-11-03").unwrap(), 86_400 * S).is_err());
        assert!(zone.clock_ns(Day::parse("2013-11-03").unwrap(), -1).is_err());
    }

    #[test]
    fn a_time_as_text_is_read_with_its_own_zone_or_the_given_one() {
        let utc = Zone::utc();
        let cases = [
            ("2012-02-01 00:01:00", 1_328_054_460 * S),
            ("2012-02-01T00:01:00.250Z", 1_328_054_460 * S + 250_000_000),
            ("2012-02-01 00:01:00+00:00", 1_328_054_460 * S),
            ("2012-02-01 00:01:00-05:00", 1_328_072_460 * S),
            ("20120201 00:01:00.000000001", 1_328_054_460 * S + 1),
            ("20120201 00:01", 1_328_054_460 * S),
            ("2012-02-01", 1_328_054_400 * S),
        ];
        for (text, ns) in cases {
            assert_eq!(text_ns(text, Some(&utc)), Ok(ns), "{text}");
        }
        assert_eq!(text_ns("2012-02-01 00:01:00", None), Err(None));
        assert_eq!(text_ns("2012-02-01T00:01:00Z", None), Ok(1_328_054_460 * S));
    }

    #[test]
    fn text_that_is_no_time_is_refused() {
        let utc = Zone::utc();
        let odd = [
            "",
            "x",
            "2012",
            "2012-02-30",
            "2012-02-01 ",
            "2012-02-01 24:00",
            "2012-02-01 10:61",
            "2012-02-01 1:00",
            "2012-02-01x10:00",
            "2012-02-01 10:00:00.",
            "2012-02-01 10:00:00.1234567890",
            "2012-02-01 10:00:00+5",
            "2012-02-01 10:00:00:00",
            "9999-01-01",
            "0000-01-01",
            "2012-02-é1",
            "日本日本日本",
        ];
        for text in odd {
            assert!(matches!(text_ns(text, Some(&utc)), Err(Some(_))), "{text:?}");
        }
    }

    #[test]
    fn numbers_are_read_in_every_unit_and_a_wrong_unit_is_noticed() {
        let cases = [
            (TimeUnit::Seconds, "1604221200.09", 1_604_221_200_090_000_000),
            (TimeUnit::Millis, "1604221200090", 1_604_221_200_090_000_000),
            (TimeUnit::Micros, "1604221200090123", 1_604_221_200_090_123_000),
            (TimeUnit::Nanos, "1604221200090123456", 1_604_221_200_090_123_456),
        ];
        for (unit, text, ns) in cases {
            assert_eq!(unit.epoch_ns(text), Ok(ns));
            for (other, _, _) in cases.iter().filter(|(other, _, _)| *other != unit) {
                let said = other.epoch_ns(text).unwrap_err().to_string();
                assert!(said.contains("--time-unit") || said.contains("no time"), "{said}");
            }
        }
        for odd in ["", "-1", "1e9", "1604221200090.5.5", "1604221200090.0000001", "NaN", "99999999999999999999999"] {
            assert!(TimeUnit::Millis.epoch_ns(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn lengths_of_bars_are_whole_numbers_of_seconds() {
        assert_eq!(["1s", "5m", "1h", "1d"].map(|t| BarLength::parse(t).unwrap().0 / S), [1, 300, 3_600, 86_400]);
        for odd in ["", "m", "0m", "-1m", "1.5h", "1w", "367d", "1é", "é"] {
            assert_eq!(BarLength::parse(odd), None, "{odd:?}");
        }
    }
}
