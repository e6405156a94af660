//! Queue models against the true fate of recorded orders. The recording may not ship: it is read from the folder in
//! `TICKWRIGHT_TEST_DATA`.

#[path = "../examples/queue_truth/measure/mod.rs"]
mod measure;

use std::io::{stderr, Write};
use std::path::Path;

use measure::{esh4, measure, read, LevelsAfter, Report, Row, OPEN_NS};

/// `None`, said aloud, if there is no folder of recordings.
fn report(levels: LevelsAfter) -> Option<Report> {
    let name = "cme-es-mbo/esh4-glbx-mdp3-20231225.mbo.dbn.zst";
    let Ok(folder) = std::env::var("TICKWRIGHT_TEST_DATA") else {
        // Not `println!`, which the test harness swallows when a test passes.
        let said = writeln!(stderr(), "SKIPPED: {name:?} does not ship and TICKWRIGHT_TEST_DATA is not set");
        said.expect("standard error takes a line");
        return None;
    };
    Some(measure(&read(Path::new(&folder).join(name)), &esh4(), OPEN_NS, levels))
}

/// Early, same event, later, never, false fills, lots missing, lots too many.
fn counts(row: &Row) -> (&str, [i64; 7]) {
    let fills = [row.early, row.same, row.late, row.never, row.false_fills].map(|n| n as i64);
    let [early, same, late, never, false_fills] = fills;
    (&row.model, [early, same, late, never, false_fills, row.missing_lots, row.extra_lots])
}

const GOLDEN: [(&str, [i64; 7]); 12] = [
    ("conservative", [0, 890, 201, 1, 18, 238, 18]),
    ("power 1", [247, 822, 23, 0, 109, 26, 150]),
    ("power 2, V1", [163, 885, 44, 0, 78, 51, 104]),
    ("power 3, V1", [139, 884, 69, 0, 63, 79, 77]),
    ("log, V1", [291, 781, 20, 0, 146, 23, 197]),
    ("power 2, V2", [318, 761, 13, 0, 155, 16, 214]),
    ("power 3, V2", [346, 736, 10, 0, 179, 12, 257]),
    ("log, V2", [125, 886, 81, 0, 52, 92, 76]),
    ("power 2, V3", [101, 911, 79, 1, 55, 88, 73]),
    ("power 3, V3", [44, 920, 127, 1, 31, 144, 37]),
    ("log, V3", [224, 828, 40, 0, 104, 44, 139]),
    ("by order", [0, 1076, 13, 3, 24, 19, 25]),
];

const P90_US: [i64; 12] =
    [523, 4_701_602, 82_135, 1_869, 8_499_501, 8_811_840, 10_916_685, 55_708, 485, 388, 3_626_268, 0];

#[test]
fn every_queue_model_is_as_far_from_the_true_fate_of_recorded_orders_as_the_page_says() {
    let Some(report) = report(LevelsAfter::Event) else { return };
    let Report { orders, whole, partly, unfilled, filled_lots, .. } = report;
    assert_eq!((orders, whole, partly, unfilled, filled_lots), (3_433, 1_092, 14, 2_327, 1_702));
    let rows: Vec<_> = report.rows.iter().map(counts).collect();
    assert_eq!(rows, GOLDEN);
    let off_us = |ns: Option<i64>| ns.map(|ns| ns / 1_000);
    let p90_us: Vec<_> = report.rows.iter().map(|row| off_us(row.p90_ns)).collect();
    assert_eq!(p90_us, P90_US.map(Some));
    assert!(report.rows.iter().all(|row| row.median_ns == Some(0)));
}

#[test]
fn a_level_shown_after_each_order_instead_of_each_event_counts_some_traded_lots_as_cancelled() {
    let Some(report) = report(LevelsAfter::Record) else { return };
    let row = |model| counts(report.rows.iter().find(|row| row.model == model).unwrap()).1;
    assert_eq!(row("conservative"), [0, 890, 201, 1, 21, 238, 21]);
    assert_eq!(row("power 2, V1"), [181, 868, 43, 0, 84, 50, 111]);
    assert_eq!(row("by order"), GOLDEN.last().unwrap().1);
}
