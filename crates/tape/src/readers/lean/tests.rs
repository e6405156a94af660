use crate::readers::test_kit::{instrument, zipped, Case};

fn case(file: &'static str, kind: &str) -> Case {
    let mut case = Case::new("lean", file, instrument("IBM", kind, "0.01", "1"));
    case.request.options.tz = Some("America/New_York".into());
    case
}

const BARS: [&str; 2] =
    ["34200000,1815200,1818000,1815200,1818000,1283", "34260000,1818000,1818000,1818000,1818000,348"];

#[test]
fn a_bar_of_an_equity_is_scaled_and_stands_at_its_close() {
    let (ticks, _) = case("20131007_ibm_minute_trade.csv", "equity").read(BARS.join("\n").as_bytes()).unwrap();
    let prices: Vec<_> = ticks[..4].iter().map(|t| (t.price_ticks, t.size_lots, t.side)).collect();
    assert_eq!(prices, [(18_152, 0, 2), (18_180, 0, 2), (18_152, 0, 2), (18_180, 1_283, 2)]);
    // 09:31 in New York, where summer time held.
    assert_eq!((ticks[0].recv_ns, ticks[0].id), (1_381_152_660_000_000_000, 60_000_000_000));
}

#[test]
fn quote_bars_are_one_bar_a_side_and_an_empty_side_is_left_out() {
    let rows = "20131007 09:00,1.5,1.6,1.4,1.5,7,1.6,1.7,1.5,1.6,8\n20131007 10:00,,,,,,1.6,1.7,1.5,1.6,8\n";
    let mut hours = case("ibm.csv", "fx");
    hours.request.options.bar = Some("1h".into());
    let (ticks, _) = hours.read(rows.as_bytes()).unwrap();
    let closes: Vec<_> = ticks.iter().filter(|t| t.is_last()).map(|t| (t.side, t.price_ticks, t.size_lots)).collect();
    assert_eq!(closes, [(0, 150, 7), (1, 160, 8), (1, 160, 8)]);
    let err = case("ibm.csv", "fx").read(rows.as_bytes()).unwrap_err();
    assert!(err.code() == "E_OPTION" && err.to_string().contains("--bar 1m"), "{err}");
}

#[test]
fn a_quote_tick_changes_the_sides_that_it_has() {
    let rows = "34200000,0,0,1836300,100,Q,1,0\n34200001,1800100,300,0,0,P,1,0\n34200002,0,0,0,0,P,1,0\n";
    let (ticks, report) = case("20131007_ibm_Quote_Tick.csv", "equity").read(rows.as_bytes()).unwrap();
    let seen: Vec<_> = ticks.iter().map(|t| (t.side, t.price_ticks, t.size_lots, t.flags)).collect();
    assert_eq!(seen, [(1, 18_363, 100, 1), (0, 18_001, 300, 1)]);
    assert_eq!(report.ignored["quotes without a price"], 1);
    let err = case("20131007_ibm_tick_quote.csv", "fx").read(b"1787,1.38,1.39\n").unwrap_err();
    assert!(err.code() == "E_OPTION" && err.to_string().contains("--quote-size"), "{err}");
}

#[test]
fn names_that_say_nothing_and_other_symbols_are_refused() {
    let err = case("bars.txt", "equity").read(BARS.join("\n").as_bytes()).unwrap_err();
    assert_eq!(err.code(), "E_OPTION");
    let err = case("20131007_aapl_minute_trade.csv", "equity").read(BARS.join("\n").as_bytes()).unwrap_err();
    assert_eq!(err.code(), "E_UNKNOWN_SYMBOL");
    let zip = zipped("20131007_ibm_minute_trade.csv", BARS.join("\n").as_bytes());
    assert_eq!(case("20131007_trade.zip", "equity").read(&zip).unwrap().1.rows, 2);
}

#[test]
fn a_row_that_cannot_be_used_names_line_column_and_reason() {
    let cases = [
        ("34230000,1815200,1818000,1815200,1818000,1283", "E_TIME", "34230000"),
        ("x,1815200,1818000,1815200,1818000,1283", "E_TIME", "x"),
        ("86400000,1815200,1818000,1815200,1818000,1283", "E_TIME", "86400000"),
        ("34260000,181.52,1818000,1815200,1818000,1283", "E_FIELD", "181.52"),
        ("34260000,1815201,1818000,1815200,1818000,1283", "E_OFF_GRID", "1815201"),
        ("34260000,1815200,1815100,1815200,1818000,1283", "E_FIELD", "1815100"),
        ("34260000,1815200,1818000,1815200,1818000,-1", "E_NEGATIVE_SIZE", "-1"),
        ("34260000,1815200,1818000,1815200,1818000,1,2", "E_FIELD", "2"),
    ];
    for (row, code, at) in cases.into_iter().take(7) {
        case("20131007_ibm_minute_trade.csv", "equity").refuses(&BARS, (2, row), code, at);
    }
    let (row, code, _) = cases[7];
    let err = case("20131007_ibm_minute_trade.csv", "equity").read(row.as_bytes()).unwrap_err();
    assert_eq!((err.code(), err.line(), err.column()), (code, Some(1), Some(row.len() as u64)), "{err}");
}

#[test]
fn hostile_files_end_in_records_or_an_error() {
    case("20131007_ibm_minute_trade.csv", "equity").survives(&BARS.join("\n"));
}
