use crate::readers::test_kit::{instrument, Case};

fn case() -> Case {
    Case::new("freqtrade-trades", "trades.csv", instrument("XRPETH", "spot", "0.00000001", "0.1"))
}

const ROWS: [&str; 3] = [
    ",timestamp,id,type,side,price,amount,cost,date",
    "0,1675329600138,1206419187,,buy,0.00141342,26,1,2023-02-02 09:20:00.138000+00:00",
    "1,1675329600214,a-b,,sell,1e-05,0.1,1,2023-02-02 09:20:00.214000+00:00",
];

#[test]
fn rows_and_arrays_are_the_same_trades() {
    let (csv, _) = case().read(ROWS.join("\n").as_bytes()).unwrap();
    let json = r#"[[1675329600138,"1206419187",null,"buy",0.00141342,26.0,1.0],
        [1675329600214,"a-b",null,"sell",1e-05,0.1,1.0]]"#;
    assert_eq!(case().read(json.as_bytes()).unwrap().0, csv);
    let seen: Vec<_> = csv.iter().map(|t| (t.id, t.side, t.price_ticks, t.size_lots)).collect();
    assert_eq!(seen, [(1_206_419_187, 0, 141_342, 260), (2, 1, 1_000, 1)]);
}

#[test]
fn a_row_that_cannot_be_used_names_line_column_and_reason() {
    let cases = [
        ("2,1675329600214,5,,both,1,1,1,x", "E_FIELD", "both"),
        ("2,167532960,5,,buy,1,1,1,x", "E_TIME", "167532960"),
        ("2,1675329600137,5,,buy,1,1,1,x", "E_TIME_BACKWARDS", "1675329600137"),
        ("2,1675329600214,5,,buy,1e-12,1,1,x", "E_OFF_GRID", "1e-12"),
        ("2,1675329600214,5,,buy,1e99,1,1,x", "E_DECIMAL", "1e99"),
        ("2,1675329600214,5,,buy,1,-1,1,x", "E_NEGATIVE_SIZE", "-1"),
        ("2,1675329600214,5,,buy,1,1", "E_FIELD", ""),
    ];
    for (row, code, at) in cases {
        let at = if at.is_empty() { row } else { at };
        if row.split(',').count() == 9 {
            case().refuses(&ROWS, (3, row), code, at);
        } else {
            let text = [ROWS[0], ROWS[1], row].join("\n");
            let err = case().read(text.as_bytes()).unwrap_err();
            assert_eq!((err.code(), err.line(), err.column()), (code, Some(3), Some(row.len() as u64 + 1)), "{err}");
        }
    }
}

#[test]
fn a_file_without_the_columns_is_refused_with_their_names() {
    let err = case().read(b"time,id,side,price,amount\n1,2,buy,1,1").unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_FIELD", Some(1)));
    assert!(err.to_string().contains("no column timestamp"), "{err}");
}

#[test]
fn hostile_files_end_in_records_or_an_error() {
    case().survives(&ROWS.join("\n"));
    case().survives(r#"[[1675329600138,"12",null,"buy",0.00141342,26.0,1.0]]"#);
}
