use crate::readers::test_kit::{instrument, Case};

fn case() -> Case {
    let mut case = Case::new("truefx", "quotes.csv", instrument("USD/JPY", "fx", "0.001", "1000"));
    case.request.options.quote_size = Some("1000000".into());
    case
}

const PUBLISHED: [&str; 2] =
    ["USD/JPY,20130101 22:00:00.295,86.655,86.728", "USD/JPY,20130101 22:02:35.907,86.657,86.728"];

#[test]
fn published_files_and_files_with_a_header_hold_the_same_quotes() {
    let (ticks, _) = case().read(PUBLISHED.join("\n").as_bytes()).unwrap();
    let seen: Vec<_> = ticks.iter().map(|t| (t.side, t.price_ticks, t.size_lots, t.flags, t.id)).collect();
    let quotes =
        [(0, 86_655, 1_000, 0, 1), (1, 86_728, 1_000, 1, 1), (0, 86_657, 1_000, 0, 2), (1, 86_728, 1_000, 1, 2)];
    assert_eq!(seen, quotes);
    let headed = "timestamp,bid,ask\n2013-01-01 22:00:00.295000+00:00,86.655,86.728\n\
                  2013-01-01 22:02:35.907000+00:00,86.657,86.728\n";
    assert_eq!(case().read(headed.as_bytes()).unwrap().0, ticks);
}

#[test]
fn what_the_file_does_not_say_is_asked_for() {
    let mut without = case();
    without.request.options.quote_size = None;
    let err = without.read(PUBLISHED[0].as_bytes()).unwrap_err();
    assert!(err.code() == "E_OPTION" && err.to_string().contains("--quote-size 1000000"), "{err}");
    let err = case().read(b"timestamp,bid,ask\n2013-01-01 22:00:00,86.655,86.728\n").unwrap_err();
    assert!(err.code() == "E_OPTION" && err.to_string().contains("--tz"), "{err}");
    let mut off_lot = case();
    off_lot.request.options.quote_size = Some("1500".into());
    assert_eq!(off_lot.read(PUBLISHED[0].as_bytes()).unwrap_err().code(), "E_OPTION");
}

#[test]
fn a_row_that_cannot_be_used_names_line_column_and_reason() {
    let cases = [
        ("USD/JPY,20130101 22:00:61,86.655,86.728", "E_TIME", "2013"),
        ("USD/JPY,20130101 21:00:00,86.655,86.728", "E_TIME_BACKWARDS", "2013"),
        ("USD/JPY,20130101 22:01:00,86.6555,86.728", "E_OFF_GRID", "86.6555"),
        ("USD/JPY,20130101 22:01:00,86.655,-86.728", "E_NEGATIVE_PRICE", "-86.728"),
        ("USD/JPY,20130101 22:01:00,86.655,86.728,5", "E_FIELD", "5"),
    ];
    for (row, code, at) in cases {
        let at = if row.ends_with(",5") { "" } else { at };
        if at.is_empty() {
            let text = [PUBLISHED[0], row].join("\n");
            let err = case().read(text.as_bytes()).unwrap_err();
            assert_eq!((err.code(), err.line(), err.column()), (code, Some(2), Some(row.len() as u64)), "{err}");
        } else {
            case().refuses(&PUBLISHED, (2, row), code, at);
        }
    }
    let err = case().read(b"EUR/USD,20130101 22:00:00.295,1.1,1.2").unwrap_err();
    assert_eq!(err.code(), "E_UNKNOWN_SYMBOL");
}

#[test]
fn hostile_files_end_in_records_or_an_error() {
    case().survives(&PUBLISHED.join("\n"));
}
