use tickwright_tape::{Checksums, Input, ReadReport, ReadRequest};
use tickwright_types::{flags, Tick, TickKind};

use crate::{capture, instruments, lines, read};

fn count(ticks: &[Tick], kind: TickKind) -> usize {
    ticks.iter().filter(|tick| tick.kind() == Some(kind)).count()
}

fn levels(ticks: &[Tick]) -> usize {
    count(ticks, TickKind::BookDelta) + count(ticks, TickKind::SnapshotLevel)
}

fn bad(ticks: &[Tick]) -> usize {
    ticks.iter().filter(|tick| tick.flags & flags::BAD_CHECKSUM != 0).count()
}

#[test]
fn every_checksum_of_the_kraken_capture_is_equal() {
    let Some((ticks, report, _)) = capture("kraken-ws") else { return };
    assert_eq!(report.checksums, Checksums { checked: 2_149, equal: 2_149 });
    assert_eq!((report.snapshots, report.gaps, report.off_lot, bad(&ticks)), (5, 0, 0, 0));
    assert_eq!(levels(&ticks), 5_636, "no level fell out of the subscribed thousand");
}

#[test]
fn every_checksum_of_the_bitget_capture_is_equal() {
    let Some((ticks, report, _)) = capture("bitget-ws") else { return };
    assert_eq!(report.checksums, Checksums { checked: 443, equal: 443 });
    assert_eq!((report.snapshots, report.gaps, report.off_lot, bad(&ticks)), (8, 0, 0, 0));
    assert_eq!(levels(&ticks), 31_253);
    assert_eq!(report.ignored["trade snapshots"], 8, "trades from before the subscription");
}

/// Reads one file of a capture after `change` was made to its text.
fn changed(reader: &str, file: &str, change: impl Fn(&mut Vec<String>)) -> Option<(Vec<Tick>, ReadReport)> {
    let mut all: Vec<String> = lines::text(file)?.lines().map(str::to_owned).collect();
    change(&mut all);
    let input = Input::Bytes("changed".into(), all.join("\n").into_bytes());
    Some(read(reader, &ReadRequest::new(vec![input], instruments::of(reader).1)).unwrap())
}

#[test]
fn a_message_that_is_lost_shows_in_the_checksums_until_its_levels_leave_the_best() {
    let is_update = |line: &&String| line.contains(r#""c":"#);
    let Some((ticks, report)) = changed("kraken-ws", "KRAKEN.ws.50.0.part-a.gz", |lines| {
        let lost = lines.iter().filter(is_update).nth(700).unwrap().clone();
        lines.retain(|line| *line != lost);
    }) else {
        return;
    };
    assert_eq!(report.checksums.checked, 2_148);
    assert!(report.checksums.equal < 2_148, "{:?}", report.checksums);
    assert_eq!(bad(&ticks) as u64, report.checksums.checked - report.checksums.equal);
}

/// Each digit of the best ask of each snapshot.
#[test]
fn a_digit_changed_in_the_best_ask_of_a_recorded_book_is_caught_at_its_message() {
    let Some(all) = lines::text("BITGET.ws.1.0.gz") else { return };
    let books =
        all.lines().filter(|line| line.contains(r#""action":"snapshot","arg":{"instType":"sp","channel":"books""#));
    let (mut caught, mut tried) = (0, 0);
    for line in books {
        let asks = line.find(r#""asks":[["#).unwrap() + 9;
        let best_ask = &line[asks..asks + line[asks..].find(']').unwrap()];
        for (at, digit) in best_ask.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            let mut flipped = line.to_owned();
            let other = char::from_digit((digit.to_digit(10).unwrap() + 1) % 10, 10).unwrap();
            flipped.replace_range(asks + at..=asks + at, &other.to_string());
            let input = Input::Bytes("flipped".into(), flipped.into_bytes());
            let (ticks, report) =
                read("bitget-ws", &ReadRequest::new(vec![input], instruments::of("bitget-ws").1)).unwrap();
            tried += 1;
            caught += usize::from(report.checksums.equal == 0 && bad(&ticks) == 1);
        }
    }
    assert!(tried > 80, "{tried}");
    assert_eq!(caught, tried);
}
