use crate::readers::test_kit::{instrument, Case};

fn case(bar: &str, end: &str) -> Case {
    let mut case = Case::new("ohlcv", "bars.csv", instrument("X", "spot", "0.01", "0.1"));
    case.request.options.bar = Some(bar.into());
    case.request.options.bar_time = Some(end.into());
    case
}

const ROWS: [&str; 3] = [
    "timestamp,open,high,low,close,volume",
    "2012-02-01T00:00:00Z,1.57,1.59,1.56,1.58,10",
    "2012-02-01T00:01:00Z,1.58,1.58,1.58,1.58,0.25",
];

#[test]
fn a_bar_is_four_records_at_its_close() {
    let (ticks, report) = case("1m", "open").read(ROWS.join("\n").as_bytes()).unwrap();
    let seen: Vec<_> = ticks[..4]
        .iter()
        .map(|t| (t.kind().unwrap().name(), t.price_ticks, t.size_lots, t.flags, t.id, t.side, t.recv_ns, t.exch_ns))
        .collect();
    let (length, close) = (60_000_000_000, 1_328_054_460_000_000_000);
    assert_eq!(
        seen,
        [
            ("bar_open", 157, 0, 0, length, 2, close, close),
            ("bar_high", 159, 0, 0, length, 2, close, close),
            ("bar_low", 156, 0, 0, length, 2, close, close),
            ("bar_close", 158, 100, 1, length, 2, close, close),
        ]
    );
    assert_eq!((ticks.len(), ticks[7].size_lots, report.off_lot), (8, 2, 1));
    let (closes, _) = case("1m", "close").read(ROWS.join("\n").as_bytes()).unwrap();
    assert_eq!(closes[0].recv_ns, close - 60_000_000_000);
}

#[test]
fn bars_of_one_side_say_so() {
    let mut bid = case("1m", "open");
    bid.request.options.bar_of = Some("bid".into());
    assert!(bid.read(ROWS.join("\n").as_bytes()).unwrap().0.iter().all(|t| t.side == 0));
}

#[test]
fn what_the_times_do_not_say_is_asked_for() {
    let unzoned = "Date,Open,High,Low,Close\n2012-02-01,1,1,1,1\n";
    let err = case("1d", "open").read(unzoned.as_bytes()).unwrap_err();
    assert!(err.code() == "E_OPTION" && err.to_string().contains("--tz America/New_York"), "{err}");
    let mut zoned = case("1d", "open");
    zoned.request.options.tz = Some("America/New_York".into());
    assert_eq!(zoned.read(unzoned.as_bytes()).unwrap().0[0].recv_ns, 1_328_158_800_000_000_000);

    let numbers = "[[1509836520000, 0.5, 0.5, 0.5, 0.5, 1e1]]";
    let err = case("1m", "open").read(numbers.as_bytes()).unwrap_err();
    assert!(err.code() == "E_OPTION" && err.to_string().contains("--time-unit ms"), "{err}");
    let mut unit = case("1m", "open");
    unit.request.options.time_unit = Some("ms".into());
    assert_eq!(unit.read(numbers.as_bytes()).unwrap().0[3].size_lots, 100);

    for missing in ["bar", "bar-time"] {
        let mut without = case("1m", "open");
        match missing {
            "bar" => without.request.options.bar = None,
            _ => without.request.options.bar_time = None,
        }
        let err = without.read(ROWS.join("\n").as_bytes()).unwrap_err();
        assert!(err.to_string().starts_with(&format!("{missing}: ohlcv needs it")), "{err}");
    }
}

#[test]
fn a_row_that_cannot_be_used_names_line_column_and_reason() {
    let cases = [
        ("2012-02-01T00:00:30Z,1.57,1.59,1.56,1.58,10", "E_TIME", "2012"),
        ("2012-02-01T00:99:00Z,1.57,1.59,1.56,1.58,10", "E_TIME", "2012"),
        ("2012-02-01T00:01:00Z,1.57,1.50,1.56,1.58,10", "E_FIELD", "1.50"),
        ("2012-02-01T00:01:00Z,1.57,1.59,1.58,1.58,10", "E_FIELD", "1.59"),
        ("2012-02-01T00:01:00Z,1.575,1.59,1.56,1.58,10", "E_OFF_GRID", "1.575"),
        ("2012-02-01T00:01:00Z,1.57,x,1.56,1.58,10", "E_DECIMAL", "x"),
        ("2012-02-01T00:01:00Z,1.57,1.59,1.56,1.58,-10", "E_NEGATIVE_SIZE", "-10"),
        ("2012-02-01T00:01:00Z,1.57,1.59,1.56,1.58,10,11", "E_FIELD", "11"),
    ];
    for (row, code, at) in cases {
        case("1m", "open").refuses(&ROWS, (3, row), code, at);
    }
}

#[test]
fn bars_that_overlap_ask_whether_their_length_is_right() {
    let err = case("5m", "open").read(ROWS.join("\n").as_bytes()).unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_TIME", Some(3)));
    assert!(err.to_string().contains("is --bar right"), "{err}");
}

#[test]
fn a_day_on_which_clocks_are_turned_is_no_overlap() {
    let mut daily = case("1d", "open");
    daily.request.options.tz = Some("America/New_York".into());
    let text = "Date,Open,High,Low,Close\n2013-03-10,1,1,1,1\n2013-03-11,1,1,1,1\n2013-03-12,1,1,1,1\n";
    assert_eq!(daily.read(text.as_bytes()).unwrap().1.rows, 3);
}

#[test]
fn a_file_without_header_is_refused() {
    let err = case("1m", "open").read(b"1509836520000,1,1,1,1,1\n").unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_FIELD", Some(1)));
    assert!(err.to_string().contains("has no column timestamp or date"), "{err}");
}

#[test]
fn hostile_files_end_in_records_or_an_error() {
    case("1m", "open").survives(&ROWS.join("\n"));
    let mut json = case("1m", "open");
    json.request.options.time_unit = Some("ms".into());
    json.survives("[[1509836520000, 0.5, 0.5, 0.5, 0.5, 1e1]]");
}
