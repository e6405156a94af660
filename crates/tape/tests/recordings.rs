//! Real recordings against what independent replays of them found. Recordings that may not ship are read from the
//! folder in `TICKWRIGHT_TEST_DATA`.

use std::io::{stderr, Write};
use std::path::{Path, PathBuf};

use tickwright_tape::{
    convert, quiet, verify, ConvertReport, ConvertRequest, Input, ReadRequest, TapeReader, TickSource, BASE_LATENCY_NS,
};
use tickwright_types::{flags, Instrument, Tick, TickKind};

fn instrument(symbol: &str, kind: &str, tick_size: &str, lot_size: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"{symbol}","venue":"binance","symbol":"{symbol}","kind":"{kind}","tick_size":"{tick_size}",
            "lot_size":"{lot_size}","base":"BTC","quote":"USDT","settlement":"USDT"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn bundled() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/binance-l2-raw/usdm_btcusdt_20240808.gz")
}

/// Files of the folder of other recordings, or `None`, said aloud, if there is no such folder.
fn others(names: &[&str]) -> Option<Vec<PathBuf>> {
    let Ok(folder) = std::env::var("TICKWRIGHT_TEST_DATA") else {
        // Not `println!`, which the test harness swallows when a test passes.
        let said = writeln!(stderr(), "SKIPPED: {names:?} do not ship and TICKWRIGHT_TEST_DATA is not set");
        said.expect("standard error takes a line");
        return None;
    };
    Some(names.iter().map(|name| Path::new(&folder).join("binance-l2-raw").join(name)).collect())
}

fn converted(files: Vec<PathBuf>, instrument: Instrument, out: &Path) -> ConvertReport {
    let request = ConvertRequest {
        from: "binance-raw".into(),
        read: ReadRequest::new(files.into_iter().map(Input::File).collect(), vec![instrument]),
        out: out.to_owned(),
        overwrite: false,
        base_latency_ns: BASE_LATENCY_NS,
    };
    convert(&request, &mut quiet).unwrap()
}

/// Converts, verifies, and checks what every recording must hold: never crossed, no gap, no fault, and exchange times
/// that lie at least the base latency before receive times.
fn checked(files: Vec<PathBuf>, instrument: Instrument) -> (ConvertReport, u64, u64) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("a.tape.parquet");
    let report = converted(files, instrument, &out);
    let found = verify(&out, &mut quiet).unwrap();
    assert_eq!((found.crossed.count, found.locked.count, found.gaps.count), (0, 0, 0));
    assert!(found.faults.is_empty() && found.ticks == report.tape.ticks);
    assert_eq!((report.read.gaps, report.read.snapshots), (0, 1));
    let ticks = TapeReader::open(&out).unwrap().read_all().unwrap();
    let least = ticks.iter().map(|t| t.recv_ns - t.exch_ns).min();
    assert_eq!(least, Some(BASE_LATENCY_NS));
    (report, found.quotes_checked.unwrap(), found.quotes_equal.unwrap())
}

#[test]
fn usdm_depth_agrees_with_every_recorded_best_quote() {
    let (report, quotes_checked, quotes_equal) =
        checked(vec![bundled()], instrument("BTCUSDT", "linear_perpetual", "0.1", "0.001"));
    assert_eq!((quotes_checked, quotes_equal), (6_546, 6_546));
    let counts = &report.tape.by_kind;
    assert_eq!((counts["trade"], counts["quote"], counts["snapshot_level"]), (21_313, 2 * 66_089, 2_000));
    assert_eq!((report.read.rows, report.read.stale_messages, report.tape.off_lot), (93_954, 4, 0));
    assert!((-1_280_000_000..-1_260_000_000).contains(&report.tape.exch_shift_ns.unwrap()));
}

#[test]
fn coin_m_depth_agrees_with_every_recorded_best_quote_over_two_files() {
    let Some(files) = others(&["cm_btcusd_perp_20240808.gz", "cm_btcusd_perp_20240809.gz"]) else { return };
    let (report, quotes_checked, quotes_equal) =
        checked(files, instrument("BTCUSD_PERP", "inverse_perpetual", "0.1", "1"));
    assert_eq!((quotes_checked, quotes_equal), (44_767, 44_767));
    assert_eq!(report.tape.by_kind["trade"], 2_286 + 2_949);
}

#[test]
fn spot_depth_agrees_with_all_but_two_recorded_best_quotes_over_two_files() {
    let Some(files) = others(&["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"]) else { return };
    let (report, quotes_checked, quotes_equal) = checked(files, instrument("BTCUSDT", "spot", "0.01", "0.00001"));
    assert_eq!((quotes_checked, quotes_equal), (6_493, 6_491));
    assert_eq!(report.tape.by_kind["trade"], 9_757 + 10_147);
    assert_eq!(report.tape.off_lot, 7, "the venue keeps a few old sizes off its lot grid");
}

#[test]
fn the_second_file_alone_has_no_snapshot_and_says_so() {
    let Some(files) = others(&["spot_btcusdt_20240809.gz"]) else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut request = ConvertRequest {
        from: "binance-raw".into(),
        read: ReadRequest::new(
            files.into_iter().map(Input::File).collect(),
            vec![instrument("BTCUSDT", "spot", "0.01", "0.00001")],
        ),
        out: dir.path().join("a.tape.parquet"),
        overwrite: false,
        base_latency_ns: BASE_LATENCY_NS,
    };
    assert_eq!(convert(&request, &mut quiet).unwrap_err().code(), "E_NO_SNAPSHOT");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    request.read.allow_missing_snapshot = true;
    assert_eq!(convert(&request, &mut quiet).unwrap().read.gaps, 1);
}

#[test]
fn a_recording_converts_to_the_same_content_every_time() {
    let dir = tempfile::tempdir().unwrap();
    let convert_to = |name: &str| {
        let out = dir.path().join(name);
        let report = converted(vec![bundled()], instrument("BTCUSDT", "linear_perpetual", "0.1", "0.001"), &out);
        (report.tape, std::fs::read(out).unwrap())
    };
    let (first, second) = (convert_to("a.tape.parquet"), convert_to("b.tape.parquet"));
    assert_eq!(first.0, second.0);
    assert!(first.1 == second.1, "the files are equal byte for byte");
}

#[test]
fn every_message_ends_once_and_has_its_deletes_first() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("a.tape.parquet");
    converted(vec![bundled()], instrument("BTCUSDT", "linear_perpetual", "0.1", "0.001"), &out);
    let ticks = TapeReader::open(&out).unwrap().read_all().unwrap();
    for message in ticks.split_inclusive(Tick::is_last) {
        assert!(message.iter().all(|t| t.recv_ns == message[0].recv_ns && t.id == message[0].id));
        assert!(message[1..].iter().all(|t| t.flags & flags::GAP == 0));
        if message[0].kind() == Some(TickKind::BookDelta) {
            assert!(message.is_sorted_by_key(|t| t.size_lots != 0), "deletes come first");
        }
    }
}
