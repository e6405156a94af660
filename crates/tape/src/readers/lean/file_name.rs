use crate::readers::times::{BarLength, Day};

/// What the name of a file says of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileName {
    /// The day of its times, where they are counted from midnight.
    pub(super) day: Option<Day>,
    /// Symbol in small letters, with the month of the contract where there is one: `es_201312`.
    pub(super) symbol: String,
    pub(super) rows: Rows,
    pub(super) is_quote: Option<bool>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    Ticks,
    Bars(BarLength),
    /// Bars of a length that only the folder says: hours or days.
    LongBars,
}

impl FileName {
    /// `20131007_ibm_minute_trade.csv`, `20131007_ibm_Trade_Tick.csv`, `20131007_es_minute_quote_201312.csv`, `ibm.csv`,
    /// `es_trade_201312.csv`; `None` if it is none of these.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let stem = name.strip_suffix(".csv")?.to_ascii_lowercase();
        let (mut day, mut rows, mut is_quote, mut symbol) = (None, None, None, Vec::new());
        for (at, word) in stem.split('_').enumerate() {
            match word {
                "tick" => rows = Some(Rows::Ticks),
                "second" => rows = BarLength::parse("1s").map(Rows::Bars),
                "minute" => rows = BarLength::parse("1m").map(Rows::Bars),
                "trade" => is_quote = Some(false),
                "quote" => is_quote = Some(true),
                "" | "openinterest" => return None,
                word if at == 0 && word.len() == 8 && word.bytes().all(|b| b.is_ascii_digit()) => {
                    day = Some(Day::parse_compact(word)?);
                }
                word => symbol.push(word),
            }
        }
        // Only bars of hours and days stand in files without a day.
        if symbol.is_empty() || rows.is_some() != day.is_some() {
            return None;
        }
        Some(Self { day, symbol: symbol.join("_"), rows: rows.unwrap_or(Rows::LongBars), is_quote })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_day_symbol_and_what_a_row_is() {
        let day = Day::parse("2013-10-07");
        let minute = Rows::Bars(BarLength::parse("1m").unwrap());
        let name = |day, symbol: &str, rows, is_quote| Some(FileName { day, symbol: symbol.into(), rows, is_quote });
        assert_eq!(FileName::parse("20131007_ibm_Trade_Tick.csv"), name(day, "ibm", Rows::Ticks, Some(false)));
        assert_eq!(FileName::parse("20131007_ibm_minute_quote.csv"), name(day, "ibm", minute, Some(true)));
        assert_eq!(FileName::parse("20131007_es_minute_trade_201312.csv"), name(day, "es_201312", minute, Some(false)));
        assert_eq!(FileName::parse("ibm.csv"), name(None, "ibm", Rows::LongBars, None));
        assert_eq!(FileName::parse("es_quote_201403.csv"), name(None, "es_201403", Rows::LongBars, Some(true)));
    }

    #[test]
    fn other_names_are_refused() {
        for name in [
            "",
            ".csv",
            "ibm",
            "ibm.txt",
            "20131007.csv",
            "20131307_ibm_tick_trade.csv",
            "ibm_minute_trade.csv",
            "20131007_ibm_trade.csv",
            "es_openinterest_201312.csv",
            "a__b.csv",
        ] {
            assert_eq!(FileName::parse(name), None, "{name}");
        }
    }
}
