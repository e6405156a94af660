//! Times of venues and captures, in ns since the Unix epoch. Each is exact or refused at its column.

use super::printed::{Printed, Word};
use super::row::Row;
use crate::error::shown;
use crate::readers::feed::Fault;
use crate::readers::times::{text_ns, TimeUnit};
use crate::RowFault;

/// Decimal seconds, `1626992741.06217`, without going through a double.
pub(super) fn seconds_ns(text: &str) -> Option<i64> {
    TimeUnit::Seconds.span_ns(text)
}

impl Row<'_> {
    /// A venue's time in seconds.
    pub(super) fn seconds(&self, printed: &Printed<'_>) -> Result<i64, Fault> {
        self.time(seconds_ns(printed.text()), printed.raw(), "give seconds since the Unix epoch")
    }

    /// A venue's time in whole milliseconds, where the message has one.
    pub(super) fn millis(&self, printed: Option<&Printed<'_>>) -> Result<Option<i64>, Fault> {
        let form = "give milliseconds since the Unix epoch";
        let time = |printed: &Printed<'_>| self.time(TimeUnit::Millis.span_ns(printed.text()), printed.raw(), form);
        printed.map(time).transpose()
    }

    /// A venue's time in UTC, where the message has one.
    pub(super) fn utc(&self, word: Option<&Word<'_>>) -> Result<Option<i64>, Fault> {
        let form = "give YYYY-MM-DDTHH:MM:SS.fffZ";
        word.map(|word| self.time(text_ns(word, None).ok(), word, form)).transpose()
    }

    fn time(&self, ns: Option<i64>, text: &str, form: &str) -> Result<i64, Fault> {
        let fault = || RowFault::Time(format!("{:?} is no time: {form}", shown(text, 40)));
        ns.ok_or_else(|| Fault::at(self.column_of(text), fault()))
    }
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
        let row = Row::new(b"", 0, 0, "");
        let time = |text: &'static str| row.utc(Some(&Word(text.into()))).ok().flatten();
        assert_eq!(time("2021-04-17T16:43:37.075687Z"), Some(1_618_677_817_075_687_000));
        assert_eq!(time("2000-02-29T23:59:59.999999999Z"), Some(951_868_799_999_999_999));
        for odd in ["2021-02-29T00:00:00Z", "2021-04-17T24:00:00Z", "2021-04-17T00:00:00", "soon", ""] {
            assert_eq!(time(odd), None, "{odd:?}");
        }
        assert_eq!(row.utc(None).ok(), Some(None));
    }

    proptest! {
        #[test]
        fn a_time_printed_in_seconds_is_read_back(ns in 0i64..4_000_000_000_000_000_000) {
            let text = format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000);
            prop_assert_eq!(seconds_ns(&text), Some(ns));
        }
    }
}
