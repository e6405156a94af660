use crate::readers::capture::kit::{shown, Sample};

pub(in crate::readers::capture) const BITMEX: Sample = Sample {
    reader: "bitmex-ws",
    grid: &[("XBTUSD", "0.5", "100"), ("XRPU21", "0.00000001", "1")],
    lines: &[
        r#"1.1: {"info":"Welcome to the BitMEX Realtime API."}"#,
        r#"1.2: {"table":"orderBookL2","action":"partial","keys":["symbol","id","side"],"filter":{"symbol":"XBTUSD"},"data":[{"symbol":"XBTUSD","id":2,"side":"Sell","size":200,"price":32184},{"symbol":"XBTUSD","id":1,"side":"Buy","size":1000,"price":32183.5}]}"#,
        r#"1.3: {"table":"orderBookL2","action":"partial","data":[{"symbol":"XRPU21","id":9,"side":"Buy","size":59722,"price":3.5e-7}]}"#,
        r#"1.4: {"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":1,"side":"Buy","size":700}]}"#,
        r#"1.5: {"table":"orderBookL2","action":"insert","data":[{"symbol":"XBTUSD","id":3,"side":"Sell","size":300,"price":32184.5},{"symbol":"XRPU21","id":8,"side":"Buy","size":1,"price":3e-8}]}"#,
        r#"1.6: {"table":"orderBookL2","action":"delete","data":[{"symbol":"XBTUSD","id":2,"side":"Sell"}]}"#,
        r#"1.7: {"table":"trade","action":"insert","data":[{"timestamp":"2021-07-22T22:36:32.194Z","symbol":"XBTUSD","side":"Buy","size":100,"price":32184,"trdMatchID":"0ddc259b"}]}"#,
        r#"1.8: {"table":"quote","action":"insert","data":[{"timestamp":"2021-07-22T22:36:33.000Z","symbol":"XBTUSD","bidSize":700,"bidPrice":32183.5,"askPrice":32184.5,"askSize":300},{"timestamp":"2021-07-22T22:36:34.000Z","symbol":"XBTUSD","bidSize":700,"bidPrice":32183.5,"askPrice":null,"askSize":null}]}"#,
    ],
};

#[test]
fn levels_known_by_an_id_keep_their_price_and_each_instrument_ends_its_message() {
    let (ticks, report) = BITMEX.read();
    assert_eq!(
        shown(&ticks),
        [
            "snapshot_begin 2 0 0 0",
            "snapshot_level 1 64368 2 0",
            "snapshot_level 0 64367 10 0",
            "snapshot_end 2 0 0 1",
            "snapshot_begin 2 0 0 0",
            "snapshot_level 0 35 59722 0",
            "snapshot_end 2 0 0 1",
            "book_delta 0 64367 7 1",
            "book_delta 1 64369 3 1",
            "book_delta 0 3 1 1",
            "book_delta 1 64368 0 1",
            "trade 0 64368 1 1",
            "quote 0 64367 7 0",
            "quote 1 64369 3 0",
            "quote 0 64367 7 0",
            "quote 1 0 0 1",
        ]
    );
    assert_eq!((report.gaps, report.snapshots, ticks[9].instrument), (0, 2, 1));
    assert_eq!(ticks[13].exch_ns + 1_000_000_000, ticks[15].exch_ns);
}

#[test]
fn a_change_of_an_unknown_level_is_a_gap_owed_to_the_next_record() {
    let unknown =
        r#"2.0: {"table":"orderBookL2","action":"delete","data":[{"symbol":"XBTUSD","id":77,"side":"Sell"}]}"#;
    let after = BITMEX.lines[3].replace("1.4:", "2.1:");
    let (ticks, report) = BITMEX.read_lines(&[BITMEX.lines, &[unknown, &after]].concat()).unwrap();
    assert_eq!((report.gaps, ticks.len()), (1, 17));
    assert_eq!(shown(&ticks[16..]), ["book_delta 0 64367 7 3"]);
}

#[test]
fn a_level_that_changes_sides_leaves_the_old_one() {
    let flipped =
        r#"2.0: {"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":3,"side":"Buy","size":500}]}"#;
    let (ticks, _) = BITMEX.read_with(flipped).unwrap();
    assert_eq!(shown(&ticks[16..]), ["book_delta 1 64369 0 0", "book_delta 0 64369 5 1"]);
}

#[test]
fn a_message_with_a_fault_changes_no_level() {
    let bad = r#"2.0: {"table":"orderBookL2","action":"insert","data":[{"symbol":"XBTUSD","id":3,"side":"Sell","size":100,"price":40000},{"symbol":"XBTUSD","id":4,"side":"Sell","size":100,"price":40000.3}]}"#;
    let after = r#"2.1: {"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":3,"side":"Sell","size":900}]}"#;
    let mut request = BITMEX.request(&[BITMEX.lines, &[bad, after]].concat());
    request.skip_bad = 1;
    let (ticks, report) = crate::readers::capture::kit::read("bitmex-ws", &request).unwrap();
    assert_eq!(report.bad_rows[0].code(), "E_OFF_GRID");
    assert_eq!(shown(&ticks[16..]), ["book_delta 1 64369 9 1"], "its id still has the price of before");
}
