//! Times of venues and captures, in ns since the Unix epoch. Each is exact or refused.

use crate::error::shown;
use crate::readers::feed::Fault;
use crate::readers::times::{text_ns, TimeUnit};
use crate::RowFault;

/// Decimal seconds, `1626992741.06217`, without going through a double.
pub(super) fn seconds_ns(text: &str) -> Option<i64> {
    TimeUnit::Seconds.span_ns(text)
}

/// Milliseconds, which most venues print.
pub(super) fn millis_ns(ms: i64) -> Option<i64> {
    ms.checked_mul(1_000_000).filter(|ns| *ns >= 0)
}

/// The time that `parsed` made of `text`, or the fault that `text` is none, at the beginning of the line.
pub(super) fn or_fault(parsed: Option<i64>, text: &str, form: &str) -> Result<i64, Fault> {
    parsed.ok_or_else(|| Fault::at(1, RowFault::Time(format!("{:?} is no time: {form}", shown(text, 40)))))
}

/// A time of the venue in UTC, where the message has one.
pub(super) fn utc_or_fault(text: Option<&str>) -> Result<Option<i64>, Fault> {
    let form = "give YYYY-MM-DDTHH:MM:SS.fffZ";
    text.map(|text| or_fault(text_ns(text, None).ok(), text, form)).transpose()
}

/// A time of the venue in milliseconds, where the message has one.
pub(super) fn millis_or_fault(ms: Option<i64>) -> Result<Option<i64>, Fault> {
    ms.map(|ms| or_fault(millis_ns(ms), &ms.to_string(), "give milliseconds since the Unix epoch")).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimal_seconds_are_exact_to_the_nanosecond() {
        assert_eq!(seconds_ns("1626992741.06217"), Some(1_626_992_741_062_170_000));
        assert_eq!(seconds_ns("1626992741.3105128"), Some(1_626_992_741_310_512_800));
        assert_eq!(seconds_ns("1626992741"), Some(1_626_992_741_000_000_000));
        for odd in ["", ".5", "1.", "1.1234567891", "-1", "1e9", "1.2.3", "99999999999.0", " 1"] {
            assert_eq!(seconds_ns(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_venues_time_in_utc_is_exact_and_another_is_refused() {
        let time = |text: &str| utc_or_fault(Some(text)).ok().flatten();
        assert_eq!(time("2021-04-17T16:43:37.075687Z"), Some(1_618_677_817_075_687_000));
        assert_eq!(time("2000-02-29T23:59:59.999999999Z"), Some(951_868_799_999_999_999));
        for odd in ["2021-02-29T00:00:00Z", "2021-04-17T24:00:00Z", "2021-04-17T00:00:00", "soon", ""] {
            assert_eq!(time(odd), None, "{odd:?}");
        }
        assert_eq!(utc_or_fault(None).ok(), Some(None));
    }

    proptest! {
        #[test]
        fn a_time_printed_in_seconds_is_read_back(ns in 0i64..4_000_000_000_000_000_000) {
            let text = format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000);
            prop_assert_eq!(seconds_ns(&text), Some(ns));
        }
    }
}
