use crate::readers::capture::kit::{shown, Sample};

pub(in crate::readers::capture) const COINBASE: Sample = Sample {
    reader: "coinbase-ws",
    grid: &[("SKL-BTC", "0.00000001", "0.1")],
    lines: &[
        r#"1.1: {"type":"subscriptions","channels":[{"name":"level2","product_ids":["SKL-BTC"]}]}"#,
        r#"1.2: {"type":"last_match","trade_id":7,"side":"sell","size":"1.0","price":"0.00001305","product_id":"SKL-BTC","sequence":1,"time":"2021-04-17T16:43:30.244075Z"}"#,
        r#"1.3: {"type":"snapshot","product_id":"SKL-BTC","asks":[["0.00001306","10.0"]],"bids":[["0.00001304","20.0"]]}"#,
        r#"1.4: {"type":"l2update","product_id":"SKL-BTC","changes":[["sell","0.00001307","5.00000000"],["sell","0.00001306","0.00000000"]],"time":"2021-04-17T16:43:37.075687Z"}"#,
        r#"1.5: {"type":"match","trade_id":280232,"maker_order_id":"a","taker_order_id":"b","side":"sell","size":"985","price":"0.00001305","product_id":"SKL-BTC","sequence":177100030,"time":"2021-04-17T16:43:37.089723Z"}"#,
    ],
};

#[test]
fn books_and_matches_become_records_and_the_aggressor_is_not_the_maker() {
    let (ticks, report) = COINBASE.read();
    assert_eq!(
        shown(&ticks),
        [
            "snapshot_begin 2 0 0 0",
            "snapshot_level 0 1304 200 0",
            "snapshot_level 1 1306 100 0",
            "snapshot_end 2 0 0 1",
            "book_delta 1 1306 0 0",
            "book_delta 1 1307 50 1",
            "trade 0 1305 9850 1",
        ]
    );
    assert_eq!((ticks[3].exch_ns, ticks[5].exch_ns), (crate::NO_EXCH_TIME, 1_618_677_817_075_687_000));
    assert_eq!((report.ignored["last_match"], report.ignored["subscriptions"]), (1, 1));
}

#[test]
fn a_level_changed_twice_in_a_message_has_its_last_size() {
    for (first, second, expected) in [("5.0", "0.0", "book_delta 1 1309 0 1"), ("0.0", "5.0", "book_delta 1 1309 50 1")]
    {
        let line = format!(
            r#"2.0: {{"type":"l2update","product_id":"SKL-BTC","changes":[["sell","0.00001309","{first}"],["sell","0.00001309","{second}"]],"time":"2021-04-17T16:43:38Z"}}"#
        );
        let (ticks, _) = COINBASE.read_with(&line).unwrap();
        assert_eq!(shown(&ticks[7..]), [expected]);
    }
}
