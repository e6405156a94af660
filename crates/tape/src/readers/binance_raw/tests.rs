use super::*;
use crate::readers::{Input, ReadReport, ReadRequest, Reader};
use crate::{quiet, TapeError};
use tickwright_types::Instrument;

fn instrument(id: &str, symbol: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"{id}","venue":"binance","symbol":"{symbol}","kind":"linear_perpetual","tick_size":"0.1",
            "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn request(lines: &[String]) -> ReadRequest {
    let input = Input::Bytes("in.txt".into(), lines.join("\n").into_bytes());
    ReadRequest::new(vec![input], vec![instrument("BTC", "BTCUSDT")])
}

fn read(request: &ReadRequest) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name("binance-raw")?.read(request, &mut take, &mut quiet)?;
    Ok((ticks, report))
}

fn snapshot(ns: i64, id: u64) -> String {
    format!(r#"{ns} {{"lastUpdateId":{id},"E":5,"T":4,"bids":[["100.0","1"],["99.9","2"]],"asks":[["100.1","3"]]}}"#)
}

fn depth(ns: i64, previous: u64, last: u64, bids: &str, asks: &str) -> String {
    let first = previous + 1;
    format!(
        r#"{ns} {{"stream":"btcusdt@depth@0ms","data":{{"e":"depthUpdate","E":6,"T":5,"s":"BTCUSDT","U":{first},"u":{last},"pu":{previous},"b":[{bids}],"a":[{asks}]}}}}"#
    )
}

fn quote(ns: i64, symbol: &str, bid: &str) -> String {
    format!(
        r#"{ns} {{"stream":"x@bookTicker","data":{{"u":7,"s":"{symbol}","b":"{bid}","B":"2.5","a":"100.10","A":"0"}}}}"#
    )
}

fn trade(ns: i64, price: &str, size: &str) -> String {
    format!(
        r#"{ns} {{"stream":"btcusdt@trade","data":{{"e":"trade","E":9,"T":8,"s":"BTCUSDT","t":77,"p":"{price}","q":"{size}","X":"MARKET","m":true}}}}"#
    )
}

#[test]
fn every_kind_of_message_becomes_its_records() {
    let lines = [
        snapshot(10, 20),
        depth(11, 20, 25, r#"["100.00","1.5"],["99.9","0.000"]"#, r#"["100.10","0"],["100.2","4"]"#),
        quote(12, "BTCUSDT", "100.00"),
        trade(13, "100.00", "0.0015"),
    ];
    let (ticks, report) = read(&request(&lines)).unwrap();
    let seen: Vec<_> =
        ticks.iter().map(|t| (t.kind().unwrap().name(), t.side, t.price_ticks, t.size_lots, t.flags)).collect();
    assert_eq!(
        seen,
        [
            ("snapshot_begin", 2, 0, 0, 0),
            ("snapshot_level", 0, 1000, 1000, 0),
            ("snapshot_level", 0, 999, 2000, 0),
            ("snapshot_level", 1, 1001, 3000, 0),
            ("snapshot_end", 2, 0, 0, flags::LAST),
            ("book_delta", 0, 999, 0, 0),
            ("book_delta", 1, 1001, 0, 0),
            ("book_delta", 0, 1000, 1500, 0),
            ("book_delta", 1, 1002, 4000, flags::LAST),
            ("quote", 0, 1000, 2500, 0),
            ("quote", 1, 1001, 0, flags::LAST),
            ("trade", 1, 1000, 1, flags::LAST),
        ]
    );
    assert_eq!((report.off_lot, report.gaps, report.rows, report.ticks), (1, 0, 4, 12));
    let times: Vec<_> = ticks.iter().filter(|t| t.is_last()).map(|t| (t.recv_ns, t.exch_ns, t.id)).collect();
    let ms = 1_000_000;
    assert_eq!(
        times,
        [(10, 4 * ms, 20), (11, 5 * ms, 25), (12, 5 * ms, 7), (12, 5 * ms, 7), (13, 8 * ms, 77)][..]
            .iter()
            .copied()
            .enumerate()
            .filter(|(i, _)| *i != 3)
            .map(|(_, t)| t)
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_fault_is_named_with_file_line_column_and_code() {
    let cases: [(String, &str, Option<&str>); 15] = [
        ("garbage".to_owned(), "E_TIME", None),
        (String::new(), "E_TIME", None),
        (r#"12 {"stream":"a@trade","data":{"#.to_owned(), "E_JSON", None),
        (r#"12 {"stream":"a@trade"}"#.to_owned(), "E_FIELD", None),
        (trade(12, "100.05", "1"), "E_OFF_GRID", Some("100.05")),
        (trade(12, "1e400", "1"), "E_DECIMAL", Some("1e400")),
        (trade(12, "NaN", "1"), "E_DECIMAL", Some("NaN")),
        (trade(12, "123456789012345678901234567890", "1"), "E_RANGE", Some("1234567890123")),
        (trade(12, "-1.0", "1"), "E_NEGATIVE_PRICE", Some("-1.0")),
        (trade(12, "1.0", "-0.0001"), "E_NEGATIVE_SIZE", Some("-0.0001")),
        (trade(12, "1.0", "-3"), "E_NEGATIVE_SIZE", Some("-3\"")),
        (trade(9, "1.0", "1"), "E_TIME_BACKWARDS", None),
        (trade(12, "1.0", "1").replace(r#","t":77"#, ""), "E_FIELD", None),
        (trade(12, "1.0", "1").replace(r#""T":8"#, r#""T":9223372036854775807"#), "E_TIME", None),
        (depth(12, 20, 25, r#"["1.0"]"#, ""), "E_JSON", None),
    ];
    for (bad, code, at) in cases {
        let err = read(&request(&[snapshot(10, 20), bad.clone(), trade(13, "1.0", "1")])).unwrap_err();
        assert_eq!((err.code(), err.line()), (code, Some(2)), "{bad}: {err}");
        if let Some(at) = at {
            assert_eq!(err.column(), Some(bad.find(at).unwrap() as u64 + 1), "{bad}");
        }
        assert!(err.to_string().starts_with(r#""in.txt", line 2, column "#), "{err}");

        let mut tolerant = request(&[snapshot(10, 20), bad, trade(13, "1.0", "1")]);
        tolerant.skip_bad = 1;
        let (ticks, report) = read(&tolerant).unwrap();
        assert_eq!((ticks.len(), report.bad_rows.len(), report.bad_rows[0].code()), (6, 1, code));
    }
}

#[test]
fn one_bad_row_more_than_tolerated_is_the_error() {
    let mut tolerant = request(&[snapshot(10, 20), "bad".to_owned(), "worse".to_owned()]);
    tolerant.skip_bad = 1;
    let err = read(&tolerant).unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_TIME", Some(3)));
}

#[test]
fn a_depth_message_that_was_skipped_shows_as_a_gap() {
    let bad = depth(12, 25, 30, r#"["x","1"]"#, "");
    let lines =
        [snapshot(10, 20), depth(11, 20, 25, r#"["1.0","1"]"#, ""), bad, depth(13, 30, 35, r#"["1.0","1"]"#, "")];
    let mut tolerant = request(&lines);
    tolerant.skip_bad = 1;
    let (ticks, report) = read(&tolerant).unwrap();
    assert_eq!(report.gaps, 1);
    assert_eq!(ticks.last().unwrap().flags, flags::GAP | flags::LAST);
}

#[test]
fn symbols_without_an_instrument_are_listed_and_only_chooses() {
    let lines = [quote(10, "ETHUSDT", "1.0"), quote(11, "BTCUSDT", "1.0"), quote(12, "SOLUSDT", "1.0")];
    let err = read(&request(&lines)).unwrap_err();
    assert_eq!(err.code(), "E_UNKNOWN_SYMBOL");
    assert!(err.to_string().contains("ETHUSDT, SOLUSDT"), "{err}");

    let mut chosen = request(&lines);
    chosen.only = vec!["BTCUSDT".to_owned()];
    let (ticks, report) = read(&chosen).unwrap();
    assert_eq!((ticks.len(), report.ignored["symbols not chosen"]), (2, 2));

    chosen.only = vec!["DOGE".to_owned()];
    assert_eq!(read(&chosen).unwrap_err().code(), "E_OPTION");
}

#[test]
fn two_instruments_with_one_symbol_are_refused() {
    let mut twice = request(&[quote(10, "BTCUSDT", "1.0")]);
    twice.instruments.push(instrument("BTC-SPOT", "BTCUSDT"));
    assert_eq!(read(&twice).unwrap_err().code(), "E_OPTION");
}

#[test]
fn depth_without_a_snapshot_is_an_error_unless_allowed() {
    let lines = [depth(11, 20, 25, r#"["1.0","1"]"#, ""), depth(13, 25, 35, r#"["1.0","1"]"#, "")];
    let mut without = request(&lines);
    let err = read(&without).unwrap_err();
    assert_eq!(err.code(), "E_NO_SNAPSHOT");
    assert!(err.to_string().contains("2 depth messages"), "{err}");
    without.allow_missing_snapshot = true;
    let (ticks, report) = read(&without).unwrap();
    assert_eq!((ticks[0].flags, ticks[1].flags, report.gaps), (flags::GAP | flags::LAST, flags::LAST, 1));
}

#[test]
fn waiting_depth_follows_the_snapshot_while_trades_keep_their_place() {
    let lines = [
        depth(11, 10, 15, r#"["1.0","1"]"#, ""),
        trade(12, "1.0", "1"),
        depth(13, 15, 25, r#"["1.0","2"]"#, ""),
        snapshot(14, 20),
    ];
    let (ticks, report) = read(&request(&lines)).unwrap();
    let seen: Vec<_> =
        ticks.iter().filter(|t| t.is_last()).map(|t| (t.kind().unwrap().name(), t.recv_ns, t.id)).collect();
    assert_eq!(seen, [("trade", 12, 77), ("snapshot_end", 14, 20), ("book_delta", 14, 25)]);
    assert_eq!(report.stale_messages, 1);
}

#[test]
fn other_streams_are_counted_by_name() {
    let line = r#"12 {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","a":1,"p":"1","q":"2","f":1,"l":2,"T":3,"m":true,"s":"BTCUSDT"}}"#;
    let partial = depth(13, 1, 2, "", "").replace("depth@0ms", "depth20@100ms");
    let (ticks, report) = read(&request(&[line.to_owned(), partial, trade(14, "0", "0")])).unwrap();
    assert!(ticks.is_empty());
    let ignored: Vec<_> = report.ignored.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(ignored, [("aggTrade", 1), ("depth20", 1), ("trades without size", 1)]);
}

#[test]
fn a_snapshot_without_symbol_among_several_symbols_is_not_guessed() {
    let eth = depth(12, 1, 2, "", "").replace("BTCUSDT", "ETHUSDT");
    let mut both = request(&[depth(11, 1, 2, "", ""), eth, snapshot(13, 2)]);
    both.instruments.push(instrument("ETH", "ETHUSDT"));
    let err = read(&both).unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_FIELD", Some(3)));
}

#[test]
fn an_empty_file_is_an_error() {
    assert_eq!(read(&request(&[])).unwrap_err().code(), "E_EMPTY_INPUT");
}
