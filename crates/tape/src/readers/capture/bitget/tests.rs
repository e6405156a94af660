use crate::readers::capture::kit::{shown, Sample};
use crate::readers::Checksums;

pub(in crate::readers::capture) const BITGET: Sample = Sample {
    reader: "bitget-ws",
    grid: &[("ACOINUSDT", "0.1", "1")],
    lines: &[
        "wss://ws.bitget.com/spot/v1/stream <-> 1.0",
        r#"1.1: {"event":"subscribe","arg":{"instType":"sp","channel":"books","instId":"ACOINUSDT"}}"#,
        r#"1.2: {"action":"snapshot","arg":{"instType":"sp","channel":"books","instId":"ACOINUSDT"},"data":[{"asks":[["3366.8","9"],["3368","8"]],"bids":[["3366.1","7"],["3366","6"]],"checksum":-1881014294,"ts":"1649290077777"}]}"#,
        r#"1.3: {"action":"update","arg":{"instType":"sp","channel":"books","instId":"ACOINUSDT"},"data":[{"asks":[["3372","8"]],"bids":[["3366","0"]],"checksum":831078360,"ts":"1649290077877"}]}"#,
        r#"1.4: {"action":"snapshot","arg":{"instType":"sp","channel":"trade","instId":"ACOINUSDT"},"data":[["1649290076333","3366.1","2","sell"]]}"#,
        r#"1.5: {"action":"update","arg":{"instType":"sp","channel":"trade","instId":"ACOINUSDT"},"data":[["1649290077777","3366.8","5","buy"]]}"#,
        r#"1.6: {"action":"update","arg":{"instType":"SPOT","channel":"trade","instId":"ACOINUSDT"},"data":[{"ts":"1649290077778","price":"3366.1","size":"3","side":"sell","tradeId":"1001"}],"ts":1649290077779}"#,
        "1.7: pong",
    ],
};

pub(in crate::readers::capture) const OKX: Sample = Sample {
    reader: "okx-ws",
    grid: &[("ACOIN-USDT", "0.1", "1")],
    lines: &[
        r#"1.2: {"arg":{"channel":"books","instId":"ACOIN-USDT"},"action":"snapshot","data":[{"asks":[["3366.8","9","0","3"],["3368","8","0","1"]],"bids":[["3366.1","7","0","2"],["3366","6","0","1"]],"ts":"1597026383085","checksum":-1881014294,"prevSeqId":-1,"seqId":100}]}"#,
        r#"1.3: {"arg":{"channel":"books","instId":"ACOIN-USDT"},"action":"update","data":[{"asks":[["3372","8","0","1"]],"bids":[["3366","0","0","0"]],"ts":"1597026383185","checksum":831078360,"prevSeqId":100,"seqId":104}]}"#,
        r#"1.4: {"arg":{"channel":"trades","instId":"ACOIN-USDT"},"data":[{"instId":"ACOIN-USDT","tradeId":"130639474","px":"3366.8","sz":"4","side":"buy","ts":"1630048897897","count":"3"}]}"#,
    ],
};

const BOOK: [&str; 8] = [
    "snapshot_begin 2 0 0 0",
    "snapshot_level 0 33661 7 0",
    "snapshot_level 0 33660 6 0",
    "snapshot_level 1 33668 9 0",
    "snapshot_level 1 33680 8 0",
    "snapshot_end 2 0 0 1",
    "book_delta 0 33660 0 0",
    "book_delta 1 33720 8 1",
];

#[test]
fn bitget_books_have_their_checksums_and_old_trades_are_left_out() {
    let (ticks, report) = BITGET.read();
    assert_eq!(shown(&ticks[..8]), BOOK);
    assert_eq!(shown(&ticks[8..]), ["trade 0 33668 5 1", "trade 1 33661 3 1"]);
    assert_eq!((ticks[8].id, ticks[9].id, ticks[7].exch_ns), (0, 1_001, 1_649_290_077_877_000_000));
    assert_eq!(report.checksums, Checksums { checked: 2, equal: 2 });
    let ignored: Vec<_> = report.ignored.iter().map(|(kind, n)| (kind.as_str(), *n)).collect();
    assert_eq!(ignored, [("pong", 1), ("subscribe", 1), ("trade snapshots", 1)]);
}

#[test]
fn okx_books_follow_the_number_before_and_have_their_checksums() {
    let (ticks, report) = OKX.read();
    assert_eq!(shown(&ticks[..8]), BOOK);
    assert_eq!(shown(&ticks[8..]), ["trade 0 33668 4 1"]);
    assert_eq!((ticks[7].id, ticks[8].id), (104, 130_639_474));
    assert_eq!((report.checksums, report.gaps), (Checksums { checked: 2, equal: 2 }, 0));
}

#[test]
fn an_okx_message_after_another_number_is_a_gap() {
    let jump = OKX.lines[1]
        .replace("1.3:", "2.0:")
        .replace(r#""prevSeqId":100,"seqId":104"#, r#""prevSeqId":105,"seqId":106"#);
    let (ticks, report) = OKX.read_with(&jump).unwrap();
    assert_eq!((report.gaps, ticks[9].flags), (1, 2));
}

#[test]
fn a_checksum_of_zero_is_none_for_okx_and_wrong_for_bitget() {
    let zero = |sample: &Sample| {
        let line = sample.lines.iter().find(|line| line.contains(r#""snapshot""#)).unwrap();
        let line = line.replace("-1881014294", "0");
        sample.read_lines(&[&line]).unwrap().1.checksums
    };
    assert_eq!(zero(&OKX), Checksums { checked: 0, equal: 0 });
    assert_eq!(zero(&BITGET), Checksums { checked: 1, equal: 0 });
}

#[test]
fn books_of_a_few_levels_are_whole_each_time_and_not_mixed_with_the_changes_of_all() {
    let five = BITGET.lines[2].replace(r#""books""#, r#""books5""#).replace("-1881014294", "0");
    let again = five.replace("1.2:", "1.3:");
    let (ticks, report) = BITGET.read_lines(&[&five, &again]).unwrap();
    assert_eq!((ticks.len(), report.snapshots, report.checksums.checked), (12, 2, 0));
    let err = BITGET.read_with(&five.replace("1.2:", "2.0:")).unwrap_err();
    assert!(err.reason().contains(r#"from "sp books" and from "sp books5""#), "{err}");
}
