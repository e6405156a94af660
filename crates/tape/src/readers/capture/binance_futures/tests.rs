use crate::readers::capture::kit::{shown, Sample};

pub(in crate::readers::capture) const BINANCE_FUTURES: Sample = Sample {
    reader: "binance-futures-ws",
    grid: &[("CTKUSDT", "0.001", "1"), ("KEEPUSDT", "0.0001", "1")],
    lines: &[
        r#"https://fapi.binance.com/fapi/v1/exchangeInfo -> 1.0: {"timezone":"UTC"}"#,
        r#"1.1: {"stream":"ctkusdt@depth@100ms","data":{"e":"depthUpdate","E":9,"T":8,"s":"CTKUSDT","U":5,"u":9,"pu":4,"b":[["1.006","1"]],"a":[]}}"#,
        r#"1.2: {"stream":"keepusdt@depth@100ms","data":{"e":"depthUpdate","E":9,"T":8,"s":"KEEPUSDT","U":30,"u":35,"pu":29,"b":[["0.2443","3"]],"a":[]}}"#,
        r#"https://fapi.binance.com/fapi/v1/depth?symbol=CTKUSDT&limit=1000 -> 1.3: {"lastUpdateId":7,"E":10,"T":9,"bids":[["1.005","4"]],"asks":[["1.010","5"]]}"#,
        r#"https://fapi.binance.com/fapi/v1/depth?symbol=KEEPUSDT&limit=1000 -> 1.4: {"lastUpdateId":33,"E":10,"T":9,"bids":[],"asks":[["0.2444","5"]]}"#,
        r#"1.5: {"stream":"ctkusdt@aggTrade","data":{"e":"aggTrade","E":12,"a":16599292,"s":"CTKUSDT","p":"1.010","q":"2","f":1,"l":3,"T":11,"m":false}}"#,
        r#"1.6: {"stream":"ctkusdt@bookTicker","data":{"e":"bookTicker","u":9,"s":"CTKUSDT","b":"1.006","B":"1","a":"1.010","A":"5","T":13,"E":14}}"#,
        r#"1.7: {"stream":"ctkusdt@kline_1m","data":{"e":"kline","E":15,"s":"CTKUSDT","k":{"t":1}}}"#,
    ],
};

#[test]
fn each_snapshot_is_the_one_of_its_request_and_trades_by_price_are_trades() {
    let (ticks, report) = BINANCE_FUTURES.read();
    assert_eq!(
        shown(&ticks),
        [
            "snapshot_begin 2 0 0 0",
            "snapshot_level 0 1005 4 0",
            "snapshot_level 1 1010 5 0",
            "snapshot_end 2 0 0 1",
            "book_delta 0 1006 1 1",
            "snapshot_begin 2 0 0 0",
            "snapshot_level 1 2444 5 0",
            "snapshot_end 2 0 0 1",
            "book_delta 0 2443 3 1",
            "trade 0 1010 2 1",
            "quote 0 1006 1 0",
            "quote 1 1010 5 1",
        ]
    );
    assert_eq!((ticks[4].instrument, ticks[8].instrument, ticks[9].id), (0, 1, 16_599_292));
    assert_eq!((ticks[4].recv_ns, ticks[4].exch_ns), (1_300_000_000, 8_000_000));
    assert_eq!((report.gaps, report.ignored["responses"], report.ignored["kline_1m"]), (0, 1, 1));
}

#[test]
fn a_snapshot_whose_request_names_no_symbol_is_refused() {
    let nameless = BINANCE_FUTURES.lines[3].replace("?symbol=CTKUSDT&limit=1000", "?limit=1000");
    let err = BINANCE_FUTURES.read_lines(&[&nameless]).unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_FIELD", Some(1)));
}
