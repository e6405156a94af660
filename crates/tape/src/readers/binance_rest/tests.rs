use tickwright_types::flags;

use crate::readers::test_kit::{instrument, Case};
use crate::readers::Input;

fn case() -> Case {
    Case::new("binance-rest", "depth.json", instrument("BTCUSDT", "spot", "0.1", "0.001"))
}

const SNAPSHOT: &str = r#"{"lastUpdateId":20,"bids":[["100.0","1"]],"asks":[["100.1","3"],["100.2","4"]]}"#;

fn update(ms: i64, first: u64, last: u64, bids: &str, asks: &str) -> String {
    let ms = 1_604_221_200_000 + ms;
    format!(r#"{{"e":"depthUpdate","E":{ms},"s":"BTCUSDT","U":{first},"u":{last},"b":[{bids}],"a":[{asks}]}}"#)
}

fn both(snapshot: &str, updates: &[String]) -> Case {
    let mut case = case();
    let array = format!("[{}]", updates.join(",\n"));
    case.request.inputs = vec![
        Input::Bytes("snapshot.json".into(), snapshot.as_bytes().to_vec()),
        Input::Bytes("updates.json".into(), array.into_bytes()),
    ];
    case
}

fn read(case: &Case) -> Result<(Vec<tickwright_types::Tick>, crate::ReadReport), crate::TapeError> {
    let mut ticks = Vec::new();
    let mut take = |block: &[tickwright_types::Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let reader = crate::Reader::by_name(case.reader)?;
    let report = reader.read(&case.request, &mut take, &mut crate::quiet)?;
    Ok((ticks, report))
}

#[test]
fn a_snapshot_takes_the_time_of_the_first_update_and_old_updates_are_dropped() {
    let updates = [
        update(5, 10, 19, r#"["99.0","9"]"#, ""),
        update(6, 18, 22, r#"["100.0","2"]"#, r#"["100.1","0"]"#),
        update(7, 23, 24, "", r#"["100.3","1"]"#),
    ];
    let (ticks, report) = read(&both(SNAPSHOT, &updates)).unwrap();
    let seen: Vec<_> = ticks
        .iter()
        .map(|t| {
            (t.kind().unwrap().name(), t.recv_ns / 1_000_000 - 1_604_221_200_000, t.price_ticks, t.size_lots, t.flags)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("snapshot_begin", 5, 0, 0, 0),
            ("snapshot_level", 5, 1_000, 1_000, 0),
            ("snapshot_level", 5, 1_001, 3_000, 0),
            ("snapshot_level", 5, 1_002, 4_000, 0),
            ("snapshot_end", 5, 0, 0, flags::LAST),
            ("book_delta", 6, 1_001, 0, 0),
            ("book_delta", 6, 1_000, 2_000, flags::LAST),
            ("book_delta", 7, 1_003, 1_000, flags::LAST),
        ]
    );
    assert_eq!((report.stale_messages, report.gaps, report.snapshots), (1, 0, 1));
}

#[test]
fn an_update_that_does_not_follow_is_a_gap() {
    let updates = [update(5, 18, 22, r#"["99.0","9"]"#, ""), update(6, 25, 26, r#"["99.0","8"]"#, "")];
    let (ticks, report) = read(&both(SNAPSHOT, &updates)).unwrap();
    assert_eq!(ticks.last().unwrap().flags, flags::GAP | flags::LAST);
    assert_eq!(report.gaps, 1);
}

#[test]
fn a_snapshot_alone_or_updates_alone_are_an_error_that_says_what_is_missing() {
    let err = case().read(SNAPSHOT.as_bytes()).unwrap_err();
    assert_eq!(err.code(), "E_OPTION");
    assert!(err.to_string().contains("file of the updates"), "{err}");
    let alone = format!("[{}]", update(5, 18, 22, r#"["99.0","9"]"#, ""));
    assert_eq!(case().read(alone.as_bytes()).unwrap_err().code(), "E_NO_SNAPSHOT");
    let mut allowed = case();
    allowed.request.allow_missing_snapshot = true;
    let (ticks, report) = allowed.read(alone.as_bytes()).unwrap();
    assert_eq!((ticks[0].flags, report.gaps), (flags::GAP | flags::LAST, 1));
}

#[test]
fn a_bad_update_names_its_line_and_column() {
    let good = update(5, 18, 22, r#"["99.0","9"]"#, "");
    let cases = [
        (update(6, 23, 24, r#"["99.05","9"]"#, ""), "E_OFF_GRID", "99.05"),
        (update(6, 23, 24, r#"["99.0","-9"]"#, ""), "E_NEGATIVE_SIZE", "-9"),
        (update(6, 23, 24, r#"["99.0"]"#, ""), "E_JSON", "]],\"a\""),
        (update(6, 24, 23, "", ""), "E_FIELD", "{"),
        (update(6, 23, 24, "", "").replace(r#""u":24"#, r#""v":24"#), "E_FIELD", "{"),
        (update(-1, 23, 24, "", ""), "E_TIME_BACKWARDS", "{"),
        (update(6, 23, 24, "", "").replace("16042212", "1"), "E_TIME", "100006"),
    ];
    for (bad, code, at) in cases {
        let bad_case = both(SNAPSHOT, &[good.clone(), bad.clone()]);
        let err = read(&bad_case).unwrap_err();
        let column = bad.find(at).unwrap() as u64 + 1;
        assert_eq!((err.code(), err.line(), err.column()), (code, Some(2), Some(column)), "{bad}: {err}");
        assert!(err.to_string().contains("updates.json"), "{err}");
    }
}

#[test]
fn hostile_files_end_in_records_or_an_error() {
    let mut case = case();
    case.request.allow_missing_snapshot = true;
    case.survives(&format!("[{}]", update(5, 18, 22, r#"["99.0","9"]"#, "")));
}
