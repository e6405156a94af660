use crate::readers::test_kit::{instrument, Case};

fn case(reader: &'static str, unit: &str) -> Case {
    let mut case = Case::new(reader, "BTCUSDT.csv", instrument("BTCUSDT", "spot", "0.01", "0.001"));
    case.request.options.time_unit = Some(unit.into());
    case
}

const AGGREGATE: [&str; 2] =
    ["7,13748.62,0.008,44,44,1604221200090,False,True", "8,13748.74,0.009,45,45,1604221200091,True,True"];

#[test]
fn spot_and_futures_rows_with_and_without_header_are_the_same_trades() {
    let spot = case("binance-aggtrades", "ms").read(AGGREGATE.join("\n").as_bytes()).unwrap().0;
    let futures = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n\
                   7,13748.62,0.008,44,44,1604221200090,false\n8,13748.74,0.009,45,45,1604221200091,true\n";
    let json = r#"[{"a":7,"p":"13748.62","q":"0.008","f":44,"l":44,"T":1604221200090,"m":false,"M":true},
        {"e":"aggTrade","E":1,"s":"BTCUSDT","a":8,"p":"13748.74","q":"0.009","T":1604221200091,"m":true}]"#;
    for text in [futures, json, &format!("\u{feff}{futures}")] {
        assert_eq!(case("binance-aggtrades", "ms").read(text.as_bytes()).unwrap().0, spot, "{text}");
    }
    let seen: Vec<_> = spot.iter().map(|t| (t.id, t.price_ticks, t.size_lots, t.side, t.flags)).collect();
    assert_eq!(seen, [(7, 1_374_862, 8, 0, 1), (8, 1_374_874, 9, 1, 1)]);
}

#[test]
fn single_trades_are_read_as_csv_and_as_json() {
    let csv = "id,price,qty,quote_qty,time,is_buyer_maker\n51,17.80,5.690,101.29,1583709433583123,true\n";
    let bare = "51,17.80,5.690,101.29,1583709433583123,True,True\n";
    let json = r#"[{"id":51,"price":"17.80","qty":"5.690","quoteQty":"101.29","time":1583709433583123,
        "isBuyerMaker":true,"isBestMatch":true}]"#;
    for text in [csv, bare, json] {
        let (ticks, _) = case("binance-trades", "us").read(text.as_bytes()).unwrap();
        let tick = ticks[0];
        assert_eq!((tick.id, tick.price_ticks, tick.size_lots, tick.side), (51, 1_780, 5_690, 1));
        assert_eq!((tick.recv_ns, tick.exch_ns), (1_583_709_433_583_123_000, 1_583_709_433_583_123_000));
    }
}

#[test]
fn a_row_that_cannot_be_used_names_line_column_and_reason() {
    let cases = [
        ("x,13748.62,0.008,44,44,1604221200090,False,True", "E_FIELD", "x"),
        ("9,13748.625,0.008,44,44,1604221200091,False,True", "E_OFF_GRID", "13748.625"),
        ("9,1e400,0.008,44,44,1604221200091,False,True", "E_DECIMAL", "1e400"),
        ("9,NaN,0.008,44,44,1604221200091,False,True", "E_DECIMAL", "NaN"),
        ("9,,0.008,44,44,1604221200091,False,True", "E_DECIMAL", ",0.008"),
        ("9,-5,0.008,44,44,1604221200091,False,True", "E_NEGATIVE_PRICE", "-5"),
        ("9,123456789012345678901234567890,0.008,44,44,1604221200091,False,True", "E_RANGE", "123456"),
        ("9,13748.62,-0.008,44,44,1604221200091,False,True", "E_NEGATIVE_SIZE", "-0.008"),
        ("9,13748.62,0.008,44,44,1604221200,False,True", "E_TIME", "1604221200"),
        ("9,13748.62,0.008,44,44,99999999999999999999,False,True", "E_TIME", "99999"),
        ("9,13748.62,0.008,44,44,soon,False,True", "E_TIME", "soon"),
        ("9,13748.62,0.008,44,44,1604221200089,False,True", "E_TIME_BACKWARDS", "1604221200089"),
        ("9,13748.62,0.008,44,44,1604221200091,maybe,True", "E_FIELD", "maybe"),
        ("\"9,13748.62", "E_FIELD", "\"9"),
        ("99999999999999999999999,13748.62,0.008,44,44,1604221200091,False,True", "E_FIELD", "99999"),
    ];
    for (row, code, at) in cases {
        case("binance-aggtrades", "ms").refuses(&AGGREGATE, (2, row), code, at);
    }
}

#[test]
fn a_bad_first_row_without_header_is_skipped_like_any_other_and_a_header_alone_is_no_recording() {
    let first = "7,x,0.008,44,44,1604221200090,False,True";
    case("binance-aggtrades", "ms").refuses(&AGGREGATE[1..], (1, first), "E_DECIMAL", "x");
    let header = b"agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n";
    assert_eq!(case("binance-aggtrades", "ms").read(header).unwrap_err().code(), "E_EMPTY_INPUT");
}

#[test]
fn a_missing_trade_is_counted_as_a_gap() {
    let text = "7,1,1,1,1,1604221200090,True\n9,1,1,1,1,1604221200090,True\n10,1,1,1,1,1604221200090,True";
    assert_eq!(case("binance-aggtrades", "ms").read(text.as_bytes()).unwrap().1.gaps, 1);
}

#[test]
fn without_unit_nothing_is_read_and_with_the_wrong_one_the_year_shows_it() {
    let mut without = case("binance-aggtrades", "ms");
    without.request.options.time_unit = None;
    let err = without.read(AGGREGATE[0].as_bytes()).unwrap_err();
    assert_eq!(err.code(), "E_OPTION");
    assert!(err.to_string().contains("--time-unit ms"), "{err}");
    let err = case("binance-aggtrades", "us").read(AGGREGATE.join("\n").as_bytes()).unwrap_err();
    assert!(err.to_string().contains("is --time-unit right?"), "{err}");
}

#[test]
fn trades_of_another_symbol_are_an_error_that_names_it() {
    let json = r#"[{"s":"ETHUSDT","a":7,"p":"1","q":"1","T":1604221200090,"m":false}]"#;
    let err = case("binance-aggtrades", "ms").read(json.as_bytes()).unwrap_err();
    assert_eq!(err.code(), "E_UNKNOWN_SYMBOL");
}

#[test]
fn hostile_files_end_in_records_or_an_error() {
    case("binance-aggtrades", "ms").survives(&AGGREGATE.join("\n"));
    case("binance-aggtrades", "ms").survives(r#"[{"a":7,"p":"13748.62","q":"0.008","T":1604221200090,"m":false}]"#);
    case("binance-trades", "us")
        .survives("id,price,qty,quote_qty,time,is_buyer_maker\n5,1.00,2,2,1583709433583123,true");
}
