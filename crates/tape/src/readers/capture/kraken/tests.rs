use crate::readers::capture::kit::{shown, Sample};
use crate::readers::Checksums;

/// The snapshot is the example of docs.kraken.com/api/docs/guides/spot-ws-book-v2.
pub(in crate::readers::capture) const V2: Sample = Sample {
    reader: "kraken-ws",
    grid: &[("BTC/USD", "0.1", "0.00000001")],
    lines: &[
        r#"wss://ws.kraken.com/v2 <- 1.1: {"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"]}}"#,
        r#"1.2: {"method":"subscribe","result":{"channel":"book","depth":10,"snapshot":true,"symbol":"BTC/USD"},"success":true}"#,
        r#"1.3: {"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000},{"price":45283.4,"qty":1.54582015},{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},{"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},{"price":45277.6,"qty":0.03310103},{"price":45277.5,"qty":0.30000000},{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],"asks":[{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},{"price":45286.6,"qty":1.54571109},{"price":45289.6,"qty":1.54560911},{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},{"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},{"price":45297.5,"qty":0.09945542},{"price":45299.5,"qty":0.18772827}],"checksum":3310070434}]}"#,
        r#"1.4: {"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":45285.2,"qty":0.00027625,"ord_type":"limit","trade_id":10218208,"timestamp":"2023-10-06T17:35:55.440295Z"},{"symbol":"BTC/USD","side":"sell","price":45283.5,"qty":0.00012460,"ord_type":"market","trade_id":10218209,"timestamp":"2023-10-06T17:35:56.123456Z"}]}"#,
        r#"1.5: {"channel":"heartbeat"}"#,
    ],
};

pub(in crate::readers::capture) const V1: Sample = Sample {
    reader: "kraken-ws",
    grid: &[("XMR/USD", "0.01", "0.00000001")],
    lines: &[
        r#"1.1: {"channelID":992,"channelName":"book-10","event":"subscriptionStatus","pair":"XMR/USD","status":"subscribed"}"#,
        r#"1.2: [992,{"as":[["354.20000000","2.00000000","1618678132.500000"]],"bs":[["354.10000000","1.00000000","1618678132.600000"]]},"book-10","XMR/USD"]"#,
        r#"1.3: [992,{"a":[["354.20000000","0.00000000","1618678133.100000"],["354.30000000","3.00000000","1618678133.100000","r"]]},{"b":[["354.15000000","5.00000000","1618678133.365913"]],"c":"1"},"book-10","XMR/USD"]"#,
        r#"1.4: [993,[["354.15000000","0.89594024","1618678142.557535","s","l",""]],"trade","XMR/USD"]"#,
        r#"1.5: {"event":"heartbeat"}"#,
    ],
};

#[test]
fn v1_books_and_trades_become_records_with_the_latest_time_of_their_levels() {
    let (ticks, report) = V1.read();
    assert_eq!(
        shown(&ticks),
        [
            "snapshot_begin 2 0 0 0",
            "snapshot_level 1 35420 200000000 0",
            "snapshot_level 0 35410 100000000 0",
            "snapshot_end 2 0 0 1",
            "book_delta 1 35420 0 0",
            "book_delta 1 35430 300000000 0",
            "book_delta 0 35415 500000000 5",
            "trade 1 35415 89594024 1",
        ]
    );
    let times: Vec<_> = ticks.iter().filter(|t| t.is_last()).map(|t| (t.recv_ns, t.exch_ns)).collect();
    assert_eq!(times[1], (1_300_000_000, 1_618_678_133_365_913_000));
    assert_eq!(report.checksums, Checksums { checked: 1, equal: 0 }, "the checksum of the sample is made up");
    assert_eq!((report.ignored["heartbeat"], report.ignored["subscriptionStatus"]), (1, 1));
}

#[test]
fn the_published_v2_snapshot_has_its_checksum_and_two_trades_end_once() {
    let (ticks, report) = V2.read();
    assert_eq!(report.checksums, Checksums { checked: 1, equal: 1 });
    assert_eq!((ticks.len(), report.snapshots), (2 + 20 + 2, 1));
    assert_eq!(shown(&ticks[21..]), ["snapshot_end 2 0 0 1", "trade 0 452852 27625 0", "trade 1 452835 12460 1"]);
    assert_eq!((ticks[22].id, ticks[23].exch_ns), (10_218_208, 1_696_613_756_123_456_000));
}

#[test]
fn a_level_beyond_the_acknowledged_depth_is_deleted_with_the_message_that_pushes_it_out() {
    let update = r#"2.0: {"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":45284.0,"qty":1.00000000}],"asks":[],"timestamp":"2023-10-06T17:35:57Z"}]}"#;
    let (ticks, _) = V2.read_with(update).unwrap();
    assert_eq!(shown(&ticks[24..]), ["book_delta 0 452766 0 0", "book_delta 0 452840 100000000 1"]);
}

#[test]
fn a_book_of_unknown_depth_is_refused() {
    let err = V2.read_lines(&V2.lines[2..]).unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_FIELD", Some(1)));
    assert!(err.reason().contains("its depth is not known"), "{err}");
}

#[test]
fn digits_that_a_recording_lost_are_put_back_from_the_instrument() {
    let lost: Vec<String> = V2.lines.iter().map(|line| line.replace("00000}", "}").replace("0000}", "}")).collect();
    let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
    let mut request = V2.request(&lost);
    let equal = |request: &_| crate::readers::capture::kit::read("kraken-ws", request).unwrap().1.checksums.equal;
    assert_eq!(equal(&request), 0);
    let mut spec = request.instruments[0].spec().clone();
    (spec.feed_px_decimals, spec.feed_qty_decimals) = (Some(1), Some(8));
    request.instruments = vec![tickwright_types::Instrument::new(spec).unwrap()];
    assert_eq!(equal(&request), 1);
}

#[test]
fn two_depths_of_one_pair_are_not_mixed() {
    let other = V1.lines[2].replace("book-10", "book-25").replace("1.3:", "2.0:");
    let err = V1.read_with(&other).unwrap_err();
    assert!(err.reason().contains(r#"from "book-10" and from "book-25""#), "{err}");
}
