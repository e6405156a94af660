use tickwright_tape::{Input, ReadReport, ReadRequest};
use tickwright_types::{flags, Tick};

use crate::{capture, instruments, lines, read};

#[test]
fn no_capture_has_a_gap() {
    for (reader, snapshots) in [
        ("binance-futures-ws", 4),
        ("coinbase-ws", 10),
        ("bitmex-ws", 10),
        ("kraken-futures-ws", 10),
        ("deribit-ws", 10),
    ] {
        let Some((ticks, report, _)) = capture(reader) else { return };
        assert_eq!((report.gaps, report.snapshots, report.off_lot), (0, snapshots, 0), "{reader}");
        assert!(ticks.iter().all(|tick| tick.flags & flags::GAP == 0), "{reader}");
        assert!(report.bad_rows.is_empty() && report.checksums.checked == 0, "{reader}");
    }
}

/// Reads a capture's file without the `nth` line that has `mark` in it.
fn without(reader: &str, file: &str, mark: &str, nth: usize) -> Option<(Vec<Tick>, ReadReport)> {
    let all = lines::text(file)?;
    let lost = all.lines().filter(|line| line.contains(mark)).nth(nth).unwrap();
    let kept: Vec<&str> = all.lines().filter(|line| *line != lost).collect();
    let input = Input::Bytes("cut".into(), kept.join("\n").into_bytes());
    Some(read(reader, &ReadRequest::new(vec![input], instruments::of(reader).1)).unwrap())
}

#[test]
fn one_lost_message_is_one_gap_flagged_at_the_next_of_its_instrument() {
    for (reader, file, mark, nth) in [
        ("kraken-futures-ws", "KRAKEN_FUTURES.ws.1.0.gz", r#""feed":"book","product_id":"PI_ETHUSD","side""#, 1_000),
        ("deribit-ws", "DERIBIT.ws.1.0.gz", r#""type":"change""#, 5),
    ] {
        let Some((ticks, report)) = without(reader, file, mark, nth) else { return };
        assert_eq!(report.gaps, 1, "{reader}");
        assert_eq!(ticks.iter().filter(|tick| tick.flags & flags::GAP != 0).count(), 1, "{reader}");
    }
}

#[test]
fn a_level_that_bitmex_never_inserted_is_a_gap() {
    let inserts = r#"{"table":"orderBookL2","action":"insert""#;
    let Some(all) = lines::text("BITMEX.ws.1.0.gz") else { return };
    let kept: Vec<&str> = all.lines().filter(|line| !line.contains(inserts)).collect();
    let input = Input::Bytes("cut".into(), kept.join("\n").into_bytes());
    let request = ReadRequest::new(vec![input], instruments::of("bitmex-ws").1);
    let (ticks, report) = read("bitmex-ws", &request).unwrap();
    let flagged = ticks.iter().filter(|tick| tick.flags & flags::GAP != 0).count() as u64;
    assert!(report.gaps > 0 && report.gaps == flagged, "{} gaps, {flagged} flagged", report.gaps);
}

#[test]
fn symbols_that_no_instrument_has_are_listed() {
    let Some(files) = lines::files(&["COINBASE.ws.28.0.gz"]) else { return };
    let mut instruments = instruments::of("coinbase-ws").1;
    instruments.truncate(8);
    let mut request = ReadRequest::new(files.into_iter().map(Input::File).collect(), instruments);
    let err = read("coinbase-ws", &request).unwrap_err();
    assert_eq!(err.code(), "E_UNKNOWN_SYMBOL");
    assert!(err.to_string().contains("NMR-EUR, SKL-USD"), "{err}");
    request.only = vec!["BAND-GBP".to_owned()];
    let (ticks, report) = read("coinbase-ws", &request).unwrap();
    assert!(!ticks.is_empty() && ticks.iter().all(|tick| tick.instrument == 0));
    assert_eq!(report.snapshots, 1);
}
