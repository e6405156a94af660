use serde::Deserialize;
use tickwright_types::{Decimal, Instrument, Side};

use super::times::{BarLength, BarTime, Day, TimeUnit, Zone};
use super::Reader;
use crate::error::shown;
use crate::TapeError;

/// What a file does not say and its reader must be told, as text: nothing is guessed.
///
/// A reader takes the options that it declares; another one that is given is `E_OPTION`, and so is one that it needs and
/// was not given.
///
/// ```
/// use tickwright_tape::{quiet, Input, ReadOptions, ReadRequest, Reader};
/// let options = ReadOptions { tz: Some("America/New_York".into()), ..ReadOptions::default() };
/// let text = r#"{"id":"X","venue":"v","symbol":"X","kind":"spot","tick_size":"0.1","lot_size":"1","base":"B",
///     "quote":"Q","settlement":"Q"}"#;
/// let instrument = serde_json::from_str(text).unwrap();
/// let input = Input::Bytes("a.gz".into(), Vec::new());
/// let request = ReadRequest { options, ..ReadRequest::new(vec![input], vec![instrument]) };
/// let read = Reader::by_name("binance-raw").unwrap().read(&request, &mut |_| Ok(()), &mut quiet);
/// assert_eq!(read.unwrap_err().to_string(), "tz: binance-raw has no use for it, its files say it themselves: leave it out");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReadOptions {
    /// The day of times that are counted from midnight, `2012-06-21`.
    pub date: Option<String>,
    /// The zone of times that name none: `UTC`, `-05:00` or a name such as `America/New_York`.
    pub tz: Option<String>,
    /// The unit of times that are numbers since the Unix epoch: `s`, `ms`, `us` or `ns`.
    pub time_unit: Option<String>,
    /// The length of a bar: a number and `s`, `m`, `h` or `d`.
    pub bar: Option<String>,
    /// Whether a bar's time is that of its `open` or of its `close`.
    pub bar_time: Option<String>,
    /// What a bar is made of where that is not trades: `bid` or `ask`.
    pub bar_of: Option<String>,
    /// The size of quotes that state none, as a decimal in the instrument's unit.
    pub quote_size: Option<String>,
    /// What is done with prices off the tick grid, such as adjusted ones: `round` to the nearest tick.
    pub off_grid: Option<String>,
}

/// One of the [`ReadOptions`] as readers declare it.
#[derive(Debug)]
pub struct ReadOption {
    /// Its name, as in `--NAME`.
    pub name: &'static str,
    /// What it says and which values it takes.
    pub about: &'static str,
    /// A value.
    pub example: &'static str,
    given: fn(&ReadOptions) -> Option<&str>,
    check: fn(&ReadOptions) -> Result<(), TapeError>,
}

impl PartialEq for ReadOption {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// `--date`.
pub const DATE: ReadOption = ReadOption {
    name: "date",
    about: "the day of times that are counted from midnight, YYYY-MM-DD",
    example: "2012-06-21",
    given: |options| options.date.as_deref(),
    check: |options| options.date().map(drop),
};

/// `--tz`.
pub const TZ: ReadOption = ReadOption {
    name: "tz",
    about: "the zone of times that name none: UTC, an offset such as -05:00, or a name",
    example: "America/New_York",
    given: |options| options.tz.as_deref(),
    check: |options| options.zone().map(drop),
};

/// `--time-unit`.
pub const TIME_UNIT: ReadOption = ReadOption {
    name: "time-unit",
    about: "the unit of times that are numbers since the Unix epoch: s, ms, us or ns",
    example: "ms",
    given: |options| options.time_unit.as_deref(),
    check: |options| options.unit().map(drop),
};

/// `--bar`.
pub const BAR: ReadOption = ReadOption {
    name: "bar",
    about: "the length of a bar: a whole number and s, m, h or d, at most 366d",
    example: "1m",
    given: |options| options.bar.as_deref(),
    check: |options| options.bar_length().map(drop),
};

/// `--bar-time`.
pub const BAR_TIME: ReadOption = ReadOption {
    name: "bar-time",
    about: "whether a bar's time is that of its open or of its close",
    example: "open",
    given: |options| options.bar_time.as_deref(),
    check: |options| options.bar_stands_at().map(drop),
};

/// `--bar-of`.
pub const BAR_OF: ReadOption = ReadOption {
    name: "bar-of",
    about: "the side that the bars are of where they are not of trades: bid or ask",
    example: "bid",
    given: |options| options.bar_of.as_deref(),
    check: |options| options.bar_side().map(drop),
};

/// `--quote-size`.
pub const QUOTE_SIZE: ReadOption = ReadOption {
    name: "quote-size",
    about: "the size of quotes that state none, a decimal above zero and in whole lots",
    example: "1000000",
    given: |options| options.quote_size.as_deref(),
    check: |options| options.quote_size().map(drop),
};

/// `--off-grid`.
pub const OFF_GRID: ReadOption = ReadOption {
    name: "off-grid",
    about: "what is done with prices off the tick grid where they are no error: round, to the nearest tick",
    example: "round",
    given: |options| options.off_grid.as_deref(),
    check: |options| options.rounds().map(drop),
};

/// Every option that some reader may take.
pub const READ_OPTIONS: &[&ReadOption] = &[&DATE, &TZ, &TIME_UNIT, &BAR, &BAR_TIME, &BAR_OF, &QUOTE_SIZE, &OFF_GRID];

impl ReadOptions {
    /// Checks that what a reader needs is given, that it has use for what is given, and that every value is one.
    pub(super) fn check(&self, reader: &Reader) -> Result<(), TapeError> {
        for option in READ_OPTIONS {
            let is_given = (option.given)(self).is_some();
            let is_needed = reader.needs.contains(option);
            if is_given && !is_needed && !reader.takes.contains(option) {
                let reason = format!("{} has no use for it, its files say it themselves: leave it out", reader.name);
                return Err(TapeError::Option { option: option.name, reason });
            }
            if is_needed && !is_given {
                return Err(option.missing(reader.name));
            }
            (option.check)(self)?;
        }
        Ok(())
    }

    pub(super) fn date(&self) -> Result<Option<Day>, TapeError> {
        DATE.parsed(self, Day::parse)
    }

    pub(super) fn zone(&self) -> Result<Option<Zone>, TapeError> {
        TZ.parsed(self, Zone::parse)
    }

    pub(super) fn unit(&self) -> Result<Option<TimeUnit>, TapeError> {
        TIME_UNIT.parsed(self, TimeUnit::parse)
    }

    pub(super) fn bar_length(&self) -> Result<Option<BarLength>, TapeError> {
        BAR.parsed(self, BarLength::parse)
    }

    pub(super) fn bar_stands_at(&self) -> Result<Option<BarTime>, TapeError> {
        BAR_TIME.parsed(self, |text| match text {
            "open" => Some(BarTime::Open),
            "close" => Some(BarTime::Close),
            _ => None,
        })
    }

    pub(super) fn bar_side(&self) -> Result<Option<Side>, TapeError> {
        BAR_OF.parsed(self, |text| match text {
            "bid" => Some(Side::Bid),
            "ask" => Some(Side::Ask),
            _ => None,
        })
    }

    /// Whether prices off the tick grid are rounded.
    pub(super) fn rounds(&self) -> Result<bool, TapeError> {
        Ok(OFF_GRID.parsed(self, |text| (text == "round").then_some(()))?.is_some())
    }

    fn quote_size(&self) -> Result<Option<&str>, TapeError> {
        let is_above_zero = |text: &str| text.parse().is_ok_and(|size: Decimal| size.mantissa() > 0);
        QUOTE_SIZE.parsed(self, |text| is_above_zero(text).then_some(()))?;
        Ok(self.quote_size.as_deref())
    }

    /// The stated size of quotes in lots of an instrument, where one is given.
    pub(super) fn quote_lots(&self, instrument: &Instrument) -> Result<Option<i64>, TapeError> {
        let Some(text) = self.quote_size()? else { return Ok(None) };
        match instrument.size_lots(text) {
            Ok(lots) => Ok(Some(lots)),
            Err(e) => Err(TapeError::Option { option: QUOTE_SIZE.name, reason: e.to_string() }),
        }
    }
}

impl ReadOption {
    /// The error of a reader that cannot go on without it.
    pub(super) fn missing(&self, reader: &str) -> TapeError {
        let reason = format!(
            "{reader} needs it and the file does not say it: {}, for example --{} {}",
            self.about, self.name, self.example
        );
        TapeError::Option { option: self.name, reason }
    }

    fn parsed<T>(&self, options: &ReadOptions, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, TapeError> {
        let Some(text) = (self.given)(options) else { return Ok(None) };
        parse(text).map(Some).ok_or_else(|| {
            let reason = format!("{:?} is not {}, for example {}", shown(text, 64), self.about, self.example);
            TapeError::Option { option: self.name, reason }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::READERS;

    fn all(value: &str) -> ReadOptions {
        let text = || Some(value.to_owned());
        ReadOptions {
            date: text(),
            tz: text(),
            time_unit: text(),
            bar: text(),
            bar_time: text(),
            bar_of: text(),
            quote_size: text(),
            off_grid: text(),
        }
    }

    #[test]
    fn the_example_of_every_option_is_taken_and_nonsense_is_answered_with_it() {
        for option in READ_OPTIONS {
            (option.check)(&all(option.example)).unwrap();
            for nonsense in ["", " ", "x", "-1", "0", "99999999999999999999d", "2012-02-30", "\u{1b}[31m", "+99:00"] {
                let err = (option.check)(&all(nonsense)).unwrap_err();
                assert_eq!(err.code(), "E_OPTION", "{} {nonsense:?}", option.name);
                assert!(err.to_string().contains(option.example), "{err}");
            }
        }
    }

    #[test]
    fn an_option_that_a_reader_needs_is_asked_for_with_an_example() {
        let needy = Reader { needs: &[&DATE, &TZ], ..READERS[0] };
        let date = ReadOptions { date: Some("2012-06-21".into()), ..ReadOptions::default() };
        let err = date.check(&needy).unwrap_err();
        assert_eq!(err.code(), "E_OPTION");
        assert!(err.to_string().ends_with("for example --tz America/New_York"), "{err}");
        ReadOptions { tz: Some("UTC".into()), ..date }.check(&needy).unwrap();
    }

    #[test]
    fn an_option_that_a_reader_has_no_use_for_is_refused() {
        let idle = ReadOptions { bar: Some("1m".into()), ..ReadOptions::default() };
        let err = idle.check(&Reader { needs: &[&DATE], ..READERS[0] }).unwrap_err();
        assert!(err.to_string().starts_with("date: "), "{err}");
        let err = idle.check(&Reader { needs: &[], ..READERS[0] }).unwrap_err();
        assert!(err.to_string().starts_with("bar: binance-raw has no use for it"), "{err}");
    }
}
