use crate::readers::capture::kit::{shown, Sample};

pub(in crate::readers::capture) const KRAKEN_FUTURES: Sample = Sample {
    reader: "kraken-futures-ws",
    grid: &[("PI_ETHUSD", "0.05", "1")],
    lines: &[
        r#"1.1: {"event":"subscribed","feed":"book","product_ids":["PI_ETHUSD"]}"#,
        r#"1.2: {"feed":"book_snapshot","product_id":"PI_ETHUSD","timestamp":1626994925378,"seq":10,"tickSize":null,"bids":[{"price":2004.8,"qty":100.0}],"asks":[{"price":2004.85,"qty":200.0}]}"#,
        r#"1.3: {"feed":"trade_snapshot","product_id":"PI_ETHUSD","trades":[]}"#,
        r#"1.4: {"feed":"book","product_id":"PI_ETHUSD","side":"sell","seq":11,"price":2004.9,"qty":4787.0,"timestamp":1626994927744}"#,
        r#"1.5: {"feed":"trade","product_id":"PI_ETHUSD","uid":"a4cce96f","side":"buy","type":"fill","seq":103832,"time":1626994936490,"qty":40.0,"price":2004.85}"#,
    ],
};

#[test]
fn books_and_trades_become_records_with_their_numbers() {
    let (ticks, report) = KRAKEN_FUTURES.read();
    assert_eq!(
        shown(&ticks),
        [
            "snapshot_begin 2 0 0 0",
            "snapshot_level 0 40096 100 0",
            "snapshot_level 1 40097 200 0",
            "snapshot_end 2 0 0 1",
            "book_delta 1 40098 4787 1",
            "trade 0 40097 40 1",
        ]
    );
    let ids: Vec<_> = ticks.iter().map(|tick| tick.id).collect();
    assert_eq!(ids, [10, 10, 10, 10, 11, 103_832]);
    assert_eq!((report.gaps, report.ignored["trade_snapshot"]), (0, 1));
}

#[test]
fn a_number_left_out_or_repeated_is_a_gap_until_a_snapshot_comes() {
    for seq in [11, 13, 9] {
        let next = KRAKEN_FUTURES.lines[3].replace("1.4:", "2.0:").replace(r#""seq":11"#, &format!(r#""seq":{seq}"#));
        let again = KRAKEN_FUTURES.lines[1].replace("1.2:", "2.1:");
        let after = KRAKEN_FUTURES.lines[3].replace("1.4:", "2.2:");
        let lines = [KRAKEN_FUTURES.lines, &[&next, &again, &after]].concat();
        let (ticks, report) = KRAKEN_FUTURES.read_lines(&lines).unwrap();
        assert_eq!((report.gaps, report.snapshots), (1, 2), "{seq}");
        assert_eq!((ticks[6].flags, ticks.last().unwrap().flags), (3, 1), "{seq}");
    }
}
