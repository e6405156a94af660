use super::binance_futures::tests::BINANCE_FUTURES;
use super::bitget::tests::{BITGET, OKX};
use super::bitmex::tests::BITMEX;
use super::coinbase::tests::COINBASE;
use super::deribit::tests::DERIBIT;
use super::kit::{read, Sample};
use super::kraken::tests::{V1, V2};
use super::kraken_futures::tests::KRAKEN_FUTURES;
use crate::readers::{Input, ReadRequest};
use tickwright_types::flags;

const SAMPLES: [&Sample; 9] =
    [&V1, &V2, &BITGET, &OKX, &BINANCE_FUTURES, &COINBASE, &BITMEX, &KRAKEN_FUTURES, &DERIBIT];

#[test]
fn a_line_cut_or_damaged_at_any_byte_is_read_or_refused_with_file_line_and_column() {
    for sample in SAMPLES {
        for (number, line) in sample.lines.iter().enumerate() {
            for at in 0..line.len() {
                let cut = &line[..at];
                let damaged = [&line[..at], "}", &line[at + 1..]].concat();
                for bad in [cut, &damaged] {
                    let mut lines = sample.lines.to_vec();
                    lines[number] = bad;
                    let Err(err) = sample.read_lines(&lines) else { continue };
                    let places = (err.file().is_some(), err.line().is_some(), err.column().is_some());
                    let about_a_line = !matches!(err.code(), "E_UNKNOWN_SYMBOL" | "E_NO_SNAPSHOT");
                    assert!(!about_a_line || places == (true, true, true), "{bad}: {err}");
                    assert!(!err.reason().is_empty() && err.code().starts_with("E_"), "{bad}: {err}");
                }
            }
        }
    }
}

#[test]
fn a_fault_is_named_with_line_column_and_code() {
    let cases: [(&Sample, &str, &str, &str, &str); 24] = [
        (&V1, "354.15000000\",\"5", "354.15500000\",\"5", "E_OFF_GRID", "354.155"),
        (&V1, "\"5.00000000", "\"-5.00000000", "E_NEGATIVE_SIZE", "-5.0"),
        (&V1, "1618678133.365913", "soon", "E_JSON", ""),
        (&V1, "\"r\"", "\"x\"", "E_FIELD", "x\""),
        (&V1, "\"c\":\"1\"", "\"c\":\"99999999999\"", "E_FIELD", "99999999999"),
        (&V1, "\"s\",\"l\"", "\"q\",\"l\"", "E_FIELD", "q\",\"l\""),
        (&V2, "\"type\":\"snapshot\"", "\"type\":\"other\"", "E_FIELD", ""),
        (
            &V2,
            "\"price\":45285.2,\"qty\":0.00027625",
            "\"price\":45285.25,\"qty\":0.00027625",
            "E_OFF_GRID",
            "45285.25,",
        ),
        (&V2, "2023-10-06T17:35:55.440295Z", "2023-10-32T17:35:55Z", "E_TIME", "2023-10-32"),
        (&V2, "\"checksum\":3310070434", "\"checksum\":-1", "E_JSON", ""),
        (
            &BITGET,
            "\"update\",\"arg\":{\"instType\":\"sp\",\"channel\":\"books\"",
            "\"patch\",\"arg\":{\"channel\":\"books\"",
            "E_FIELD",
            "patch",
        ),
        (&BITGET, "831078360", "83107836000", "E_FIELD", ""),
        (&BITGET, "\"1001\"", "\"1.5\"", "E_FIELD", "1.5"),
        (&OKX, "\"3372\"", "\"3372.05\"", "E_OFF_GRID", "3372.05"),
        (&BINANCE_FUTURES, "\"a\":16599292,", "", "E_FIELD", ""),
        (&COINBASE, "[\"sell\",\"0.00001307\"", "[\"hold\",\"0.00001307\"", "E_FIELD", "hold"),
        (&COINBASE, "\"trade_id\":280232,", "", "E_FIELD", ""),
        (&BITMEX, "\"price\":32184.5", "\"price\":32184.3", "E_OFF_GRID", "32184.3"),
        (&BITMEX, "\"action\":\"delete\"", "\"action\":\"remove\"", "E_FIELD", "remove"),
        (&BITMEX, "\"price\":3e-8", "\"price\":3e-9", "E_OFF_GRID", "3e-9"),
        (&KRAKEN_FUTURES, "\"seq\":11,", "", "E_FIELD", ""),
        (&KRAKEN_FUTURES, "1626994927744", "-1", "E_TIME", "-1}"),
        (&DERIBIT, "\"delete\"", "\"drop\"", "E_FIELD", "drop"),
        (&DERIBIT, "\"prev_change_id\":100,", "", "E_FIELD", ""),
    ];
    for (sample, good, bad, code, at) in cases {
        let number = sample.lines.iter().rposition(|line| line.contains(good)).unwrap_or_else(|| panic!("{good}"));
        let line = sample.lines[number].replacen(good, bad, 1);
        let mut lines = sample.lines.to_vec();
        lines[number] = &line;
        let err = sample.read_lines(&lines).unwrap_err();
        assert_eq!((err.code(), err.line()), (code, Some(number as u64 + 1)), "{bad}: {err}");
        assert!(err.to_string().starts_with(r#""in", line "#), "{err}");
        if !at.is_empty() {
            assert_eq!(err.column(), Some(line.find(at).unwrap() as u64 + 1), "{bad}: {err}");
        }
    }
}

#[test]
fn a_bad_line_that_is_skipped_changes_nothing_but_the_count() {
    for sample in SAMPLES {
        let (ticks, report) = sample.read();
        let mut request = sample.request(&[&sample.lines[..1], &["99.0: {\"bad\""], &sample.lines[1..]].concat());
        request.skip_bad = 1;
        let (with, tolerated) = read(sample.reader, &request).unwrap();
        assert!(with == ticks, "{}", sample.reader);
        assert_eq!((tolerated.bad_rows.len(), tolerated.rows), (1, report.rows + 1));
    }
}

#[test]
fn the_files_of_a_capture_may_overlap_in_time() {
    let split = |parity: usize| {
        let of = COINBASE.lines.iter().enumerate().filter(|(at, _)| at % 2 == parity);
        Input::Bytes(format!("{parity}").into(), of.map(|(_, line)| *line).collect::<Vec<_>>().join("\n").into())
    };
    let request = ReadRequest { inputs: vec![split(1), split(0)], ..COINBASE.request(&[]) };
    assert!(read("coinbase-ws", &request).unwrap() == COINBASE.read());
}

#[test]
fn messages_before_a_snapshot_are_left_out_and_without_one_it_is_an_error() {
    let lines = [COINBASE.lines[3], COINBASE.lines[4]];
    let err = COINBASE.read_lines(&lines).unwrap_err();
    assert_eq!(err.code(), "E_NO_SNAPSHOT");
    let mut request = COINBASE.request(&lines);
    request.allow_missing_snapshot = true;
    let (ticks, report) = read("coinbase-ws", &request).unwrap();
    assert_eq!((ticks[0].flags, report.gaps), (flags::GAP, 1));

    let late = COINBASE.lines[2].replace("1.3:", "1.6:");
    let (ticks, report) = COINBASE.read_lines(&[&lines[..], &[&late]].concat()).unwrap();
    assert_eq!((report.stale_messages, report.snapshots, ticks.len()), (1, 1, 5));
}

#[test]
fn a_connection_opened_anew_is_a_gap_unless_a_snapshot_follows() {
    let opened = "wss://ws-feed.exchange.coinbase.com <-> 1.9";
    let update = COINBASE.lines[3].replace("1.4:", "2.0:");
    let snapshot = COINBASE.lines[2].replace("1.3:", "1.95:");
    let start = [&["wss://ws-feed.exchange.coinbase.com <-> 1.0"], COINBASE.lines, &[opened]].concat();
    let (_, report) = COINBASE.read_lines(&[&start[..], &[&update]].concat()).unwrap();
    assert_eq!(report.gaps, 1);
    let (_, report) = COINBASE.read_lines(&[&start[..], &[&snapshot, &update]].concat()).unwrap();
    assert_eq!(report.gaps, 0);
}

#[test]
fn symbols_not_chosen_are_counted_and_left_out() {
    let mut request = BITMEX.request(BITMEX.lines);
    request.only = vec!["XRPU21".to_owned()];
    let (ticks, report) = read("bitmex-ws", &request).unwrap();
    assert!(ticks.iter().all(|tick| tick.instrument == 1));
    assert_eq!((ticks.len(), report.ignored["symbols not chosen"]), (4, 6));
}
